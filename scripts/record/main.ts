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
import type { RecordCase } from './case.ts';
import { recordCases } from './cases.ts';

const folder = fileURLToPath(new URL('../../workflows/runtime/histories/v1', import.meta.url));

async function runCase(hub: HubClient, stub: Stub, one: RecordCase): Promise<string> {
  const child = one.child === undefined ? '' : await hub.publish(`Child of ${one.name}`, one.child);
  const definition: unknown = JSON.parse(JSON.stringify(one.definition).replaceAll('{{child}}', child));
  const workflow = await hub.publish(`Record ${one.name}`, definition);
  for (let n = 0; n < (one.warm?.times ?? 0); n += 1) await hub.settled(await hub.start(workflow, one.warm?.input ?? {}));
  const run = await hub.start(workflow, one.input ?? {});
  if (one.cancelAt !== undefined) {
    while (stub.openKeys().length < one.cancelAt) await delay(20);
    await hub.call('POST', `/runs/${run}/cancel`);
  }
  for (const said of one.says ?? []) await say(hub, run, said);
  const view = await hub.settled(run, 120_000);
  console.log(`${one.name.padEnd(22)} ${view.status.padEnd(10)} ${view.error?.code ?? JSON.stringify(view.output).slice(0, 80)}`);
  return run;
}

/** Says something to a run once it waits for what is meant. */
async function say(hub: HubClient, run: string, { when, call, body }: NonNullable<RecordCase['says']>[number]): Promise<void> {
  for (let tries = 0; tries < 1_500; tries += 1) {
    const { status, statusReason } = await hub.call<{ status: string; statusReason: string | null }>('GET', `/runs/${run}`);
    if (status === 'waiting' && statusReason === when) break;
    await delay(20);
  }
  let text = JSON.stringify(body);
  if (text?.includes(':path')) {
    const { items } = await hub.call<{ items: { path: string }[] }>('GET', `/approvals?status=pending&runId=${run}`);
    text = text.replaceAll(':path', items.at(-1)?.path ?? '');
  }
  await hub.call('POST', `/runs/${run}/${call}`, text === undefined ? undefined : JSON.parse(text));
}

/** Every execution of the chain, first to last. */
async function histories(client: Client, run: string): Promise<string[]> {
  const found: string[] = [];
  // The row of a run is settled a moment before its workflow is.
  await client.workflow
    .getHandle(run)
    .result()
    .catch(() => undefined);
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
