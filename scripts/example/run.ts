/**
 * `npm run example`: runs the shipped example on the running hub over its public API and prints the result.
 * `--last` prints the last run instead (exit 3 when there is none), `--json` prints facts for scripts, `--model provider/model` picks the model.
 * Keeps `{ runId, model }` in `<HUB_DATA>/example.json`, from which the launcher fills `exampleRunId`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ApiError, createClient } from '@hub/contract';

import { exampleEnv } from './env.ts';
import type { ExampleEnv } from './env.ts';
import { reportOf, tableOf } from './report.ts';
import { showcase } from './showcase.ts';
import { definitionWith, ensureWorkflow, follow, outputOf, startRun } from './workflow.ts';
import type { Client, Run } from './workflow.ts';

const noLastResult = 3;

interface Kept {
  runId: string;
  model: string;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { last: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, model: { type: 'string' } },
  });
  const env = exampleEnv();
  const client = createClient({ baseUrl: env.url, apiKey: env.apiKey });
  const keptFile = join(env.dataFolder, 'example.json');
  const isFirst = !existsSync(keptFile);
  const ended = values.last ? await lastRun(client, keptFile) : await freshRun(client, env, values.model ?? env.model, keptFile, values.json);
  if (ended === null) {
    console.error('There is no last result of the example. Run it with: npm run example');
    return noLastResult;
  }
  const report = reportOf(ended.run, await outputOf(client, ended.run), ended.model, env.url);
  console.log(values.json ? JSON.stringify(report, null, 2) : tableOf(report));
  // Beside the point of this command: its failing must not fail the example.
  if (isFirst && !values.last) await showcase(client).catch((error: unknown) => console.error('The further examples could not be made:', error));
  return report.status === 'completed' ? 0 : 1;
}

async function freshRun(client: Client, env: ExampleEnv, model: string, keptFile: string, quiet: boolean): Promise<{ run: Run; model: string }> {
  const workflowId = await ensureWorkflow(client, definitionWith(model));
  const runId = await startRun(client, workflowId);
  if (!quiet && process.stderr.isTTY) console.error(`Running 200 reviews through ${model} ... ${env.url}/runs/${runId}`);
  const run = await follow(client, runId, ({ totals }) => {
    if (!quiet && process.stderr.isTTY) console.error(`  ${totals.steps} steps, ${totals.tokens} tokens so far`);
  });
  writeFileSync(keptFile, `${JSON.stringify({ runId, model } satisfies Kept)}\n`, { mode: 0o600 });
  return { run, model };
}

async function lastRun(client: Client, keptFile: string): Promise<{ run: Run; model: string } | null> {
  if (!existsSync(keptFile)) return null;
  try {
    const { runId, model } = JSON.parse(readFileSync(keptFile, 'utf8')) as Kept;
    return { run: await client.getRun({ params: { id: runId } }), model };
  } catch (error) {
    // The database was reset, or the file is broken: as good as none.
    if (error instanceof SyntaxError || (error instanceof ApiError && error.status === 404)) return null;
    throw error;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const problem =
    error instanceof ApiError
      ? [error.message, ...(error.problem.errors ?? []).map((fault) => `  ${fault.path} ${fault.message}`)].join('\n')
      : error instanceof Error
        ? error.message
        : String(error);
  const refused = error instanceof TypeError && error.message === 'fetch failed';
  console.error(refused ? 'The hub does not answer. Start it with: npm start' : problem);
  process.exitCode = 1;
}
