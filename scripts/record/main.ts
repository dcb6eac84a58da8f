/**
 * Records the replay gate's corpus: `node scripts/record/main.ts [name...]` runs every case of cases.ts on a throw-away hub and writes its Temporal
 * histories (each run of a continue-as-new chain) (gzip) to workflows/runtime/histories/v1. Histories of a released engine version are kept for ever.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { hubClient, type HubClient } from '../proof/lib/hub.ts';
import { startStack } from '../proof/lib/stack.ts';
import { startStub, type Stub } from '../proof/lib/stub.ts';
import { recordCases, type RecordCase } from './cases.ts';

const folder = fileURLToPath(new URL('../../workflows/runtime/histories/v1', import.meta.url));

async function runCase(hub: HubClient, stub: Stub, one: RecordCase): Promise<string> {
  const workflow = await hub.publish(`Record ${one.name}`, one.definition);
  const run = await hub.start(workflow, one.input ?? {});
  if (one.cancelAt !== undefined) {
    while (stub.openKeys().length < one.cancelAt) await delay(20);
    await hub.call('POST', `/runs/${run}/cancel`);
  }
  const view = await hub.settled(run, 120_000);
  console.log(`${one.name.padEnd(22)} ${view.status.padEnd(10)} ${view.error?.code ?? JSON.stringify(view.output).slice(0, 80)}`);
  return run;
}

/** Every execution of the chain, first to last. */
async function histories(client: Client, run: string): Promise<string[]> {
  const found: string[] = [];
  let runId: string | undefined = (await client.workflow.getHandle(run).describe()).raw.workflowExecutionInfo?.firstRunId ?? undefined;
  while (runId) {
    const history = await client.workflow.getHandle(run, runId).fetchHistory();
    found.push(neutral(historyToJSON(history)));
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
  return found;
}

/** Without the name and the paths of the machine. */
function neutral(json: string): string {
  const value: unknown = JSON.parse(json, (key, part: unknown) => (key === 'identity' ? 'recorder' : key === 'stackTrace' ? '' : part));
  return `${JSON.stringify(value)}\n`;
}

const wanted = process.argv.slice(2);
const stub = await startStub();
const stack = await startStack({ env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
try {
  const hub = hubClient(stack.url, stack.apiKey);
  const client = new Client({ connection });
  mkdirSync(folder, { recursive: true });
  for (const one of recordCases(stub.url).filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const run = await runCase(hub, stub, one);
    for (const [n, text] of (await histories(client, run)).entries())
      writeFileSync(`${folder}/${one.name}${n === 0 ? '' : `.${n + 1}`}.json.gz`, gzipSync(text));
  }
} finally {
  await connection.close();
  await stack.close();
  await stub.close();
}
