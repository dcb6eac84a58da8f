/**
 * An upgrade without downtime (02, Engine versions): runs of every kind of wait are parked under one engine; two releases come that change the order of
 * commands, each with the engines before it frozen; a newer definition is published; then all go on. And the control: without the frozen engine the
 * same histories do not replay.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { bundleEngine, plantedDoor } from '../../workflows/runtime/test/replay.ts';
import { frozenEngine, registry } from '../release/freeze-engine.ts';
import { parkedCases, type ParkedCase } from './engine-upgrade/cases.ts';
import { hubClient, type HubClient } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub } from './lib/stub.ts';

const copies = 2;
const limitMs = 60_000;

interface Parked {
  one: ParkedCase;
  workflow: string;
  run: string;
}

/** Writes engine 1 as it is, and engine 2 as release 2 has it, with the registries that releases 2 and 3 come with. */
async function freeze(folder: string): Promise<(release: 2 | 3) => string> {
  writeFileSync(join(folder, 'engine-1.js'), await frozenEngine());
  writeFileSync(join(folder, 'engine-2.js'), await frozenEngine(plantedDoor('release-2')));
  const file = (release: number): string => join(folder, `registry-${release}.ts`);
  writeFileSync(file(2), registry([1]));
  writeFileSync(file(3), registry([1, 2]));
  return file;
}

async function park(hub: HubClient, one: ParkedCase): Promise<Parked> {
  const child = one.child === undefined ? '' : await hub.publish(`Child of ${one.name}`, one.child);
  const workflow = await hub.publish(one.name, JSON.parse(JSON.stringify(one.definition).replaceAll('{{child}}', child)));
  const run = await hub.start(workflow, {});
  await until(`${one.name} waits`, async () => (await hub.call<{ statusReason: string | null }>('GET', `/runs/${run}`)).statusReason === one.reason);
  if (one.before !== undefined) await one.before(hub, run);
  return { one, workflow, run };
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Not within ${limitMs / 1000} s: ${what}`);
    await delay(50);
  }
}

/** The worker ends in order, as an upgrade ends it, and the next release's comes. */
async function upgrade(stack: HubStack, file: string, code: string): Promise<void> {
  const old = stack.workers();
  const ended = old.map((worker) => new Promise((done) => worker.once('exit', done)));
  for (const worker of old) worker.kill('SIGTERM');
  await Promise.all(ended);
  writeFileSync(file, code);
  stack.startWorker();
  await stack.ready();
}

/** How many of these histories do not replay on a bundle whose engine changed without a number. */
async function control(client: Client, parked: Parked[]): Promise<number> {
  const recorded = await Promise.all(
    parked.map(async ({ run }) => ({ workflowId: run, history: await client.workflow.getHandle(run).fetchHistory() })),
  );
  let red = 0;
  for await (const result of Worker.runReplayHistories({ workflowBundle: await bundleEngine('reversed-commands') }, recorded)) {
    if (result.error !== undefined) red += 1;
  }
  return red;
}

async function goesOn(hub: HubClient, { one, run }: Parked, log: (line: string) => void): Promise<boolean> {
  await one.resume(hub, run);
  const view = await hub.settled(run, limitMs);
  const right = view.status === 'completed' && JSON.stringify(view.output) === JSON.stringify(one.output);
  log(`${one.name.padEnd(28)} ${view.status} ${JSON.stringify(view.output).slice(0, 80)}${right ? '' : `, wanted ${JSON.stringify(one.output)}`}`);
  return right;
}

async function engineOf(client: Client, run: string): Promise<unknown> {
  const { typedSearchAttributes } = await client.workflow.getHandle(run).describe();
  return typedSearchAttributes.getAll().find(({ key }) => key.name === 'HubEngine')?.value;
}

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-hub-releases-'));
  const bundleFile = join(folder, 'bundle.js');
  const registryOf = await freeze(folder);
  writeFileSync(bundleFile, (await bundleEngine()).code);
  const stub = await startStub();
  const env = { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_WORKFLOW_BUNDLE: bundleFile, HUB_CONTINUE_AFTER: '150', HUB_LOG_LEVEL: 'warn' };
  const stack = await startStack({ env: { ...env, HUB_RATE_PER_MINUTE: '1000000' }, temporalFile: true });
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const client = new Client({ connection });
    const cases = Array.from({ length: copies }, () => parkedCases(stub.url)).flat();
    const parked = await Promise.all(cases.map((one) => park(hub, one)));
    log(`${parked.length} runs of ${parked.length / copies} kinds of wait are parked under engine 1`);
    const red = await control(client, parked);
    for (const release of [2, 3] as const) {
      await upgrade(stack, bundleFile, (await bundleEngine(`release-${release}`, registryOf(release))).code);
      log(`release ${release} works`);
    }
    for (const { workflow } of parked) await hub.call('POST', `/workflows/${workflow}/publish`, { note: 'a newer one' });
    const right = (await Promise.all(parked.map((one) => goesOn(hub, one, log)))).filter(Boolean).length;
    const engines = await Promise.all(parked.map(({ run: id }) => engineOf(client, id)));
    const moved = parked.filter(({ one }, n) => one.moves === true && engines[n] === 3).length;
    const movers = parked.filter(({ one }) => one.moves === true).length;
    const total = parked.length;
    return [
      { figure: `${right} of ${total} runs went on and ended right`, want: `${total} of ${total}, >= 20`, ok: right === total && total >= 20 },
      { figure: `${moved} of ${movers} that continued as new are under engine 3`, want: `${movers} of ${movers}`, ok: moved === movers },
      { figure: `without the frozen engine ${red} of ${total} histories turn red`, want: '>= 1', ok: red > 0 },
    ];
  } finally {
    await connection.close();
    await stack.close();
    await stub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
