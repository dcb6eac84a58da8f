/** Running a case of cases.ts and taking its histories from Temporal: for the recorder and for `npm run proof -- replay-live`. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { HubClient, RunView } from '../proof/lib/hub.ts';
import type { Stub } from '../proof/lib/stub.ts';
import type { RecordCase } from './case.ts';

/** Publishes and runs it to its end, saying what it is to be told. */
export async function runCase(hub: HubClient, stub: Stub, one: RecordCase): Promise<RunView> {
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
  return await hub.settled(run, 120_000);
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
  for (let tries = 1; ; tries += 1) {
    try {
      await hub.call('POST', `/runs/${run}/${call}`, text === undefined ? undefined : JSON.parse(text));
      return;
    } catch (failure) {
      // It waited for another answer before, and has not come to this one yet.
      if (tries === 250 || !String(failure).includes('answer.not-waiting')) throw failure;
      await delay(40);
    }
  }
}

/** The histories of every execution of the run's chain, first to last, as JSON without what is of this machine. */
export async function histories(client: Client, run: string): Promise<string[]> {
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
