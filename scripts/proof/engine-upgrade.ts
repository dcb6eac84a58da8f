/**
 * A wait of months (02, Engine versions): runs of every kind of wait are parked under one engine. Then two releases come that change the order of
 * commands, each with the engines before it frozen; between them the key of the codec changes and the old one moves to the end of the ring, and Temporal's
 * server is killed and comes back; and every workflow gets a newer version that gives something else. Then all go on. And the control: without the
 * frozen engine the same histories do not replay.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectTemporal } from '@hub/kit/temporal';
import type { Client, DataConverter } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { bundleEngine } from '../../workflows/runtime/test/replay.ts';
import { parkedCases, type ParkedCase } from './engine-upgrade/cases.ts';
import { freeze } from './engine-upgrade/releases.ts';
import { codecKeys, keysOf } from './lib/codec-keys.ts';
import { hubClient, type HubClient, inParallel } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub } from './lib/stub.ts';
import { wantedTemporal } from './lib/temporal-server.ts';

const copies = 2;
const limitMs = 120_000;

interface Parked {
  one: ParkedCase;
  workflow: string;
  run: string;
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
async function control(client: Client, dataConverter: DataConverter, parked: Parked[]): Promise<number> {
  const recorded = await Promise.all(
    parked.map(async ({ run }) => ({ workflowId: run, history: await client.workflow.getHandle(run).fetchHistory() })),
  );
  let red = 0;
  for await (const result of Worker.runReplayHistories({ workflowBundle: await bundleEngine('reversed-commands'), dataConverter }, recorded)) {
    if (result.error !== undefined) red += 1;
  }
  return red;
}

async function goesOn(hub: HubClient, { one, run }: Parked, log: (line: string) => void): Promise<boolean> {
  await one.resume(hub, run);
  const view = await hub.settled(run, limitMs);
  const right = view.status === 'completed' && JSON.stringify(view.output) === JSON.stringify(one.output);
  log(
    `${one.name.padEnd(28)} ${view.status} ${JSON.stringify(view.output).slice(0, 80)}${right ? '' : `, wanted ${JSON.stringify(one.output)}; ${JSON.stringify(view.error)}`}`,
  );
  return right;
}

async function engineOf(client: Client, run: string): Promise<unknown> {
  const { typedSearchAttributes } = await client.workflow.getHandle(run).describe();
  return typedSearchAttributes.getAll().find(({ key }) => key.name === 'HubEngine')?.value;
}

/** A version after the one under which the run was parked: it gives something else, and its steps do. */
async function publishNewer(hub: HubClient, { one, workflow }: Parked): Promise<boolean> {
  const { revision, version } = await hub.call<{ revision: number; version: number | null }>('GET', `/workflows/${workflow}`);
  const { nodes, ...rest } = one.definition as { nodes: { id: string; type: string; config: object }[] };
  const newer = nodes.map((node) => {
    if (node.type === 'output') return { ...node, config: { ...node.config, value: 'newer' } };
    return node.type === 'code' ? { ...node, config: { source: `return 'newer'` } } : node;
  });
  const definition = JSON.parse(JSON.stringify({ ...rest, nodes: newer }).replaceAll('{{child}}', workflow)) as object;
  await hub.call('PATCH', `/workflows/${workflow}`, { definition }, { 'if-match': `"${revision}"` });
  const published = await hub.call<{ version: number }>('POST', `/workflows/${workflow}/publish`, { note: 'a newer one' });
  return published.version > (version ?? 0);
}

interface Upgraded {
  parked: Parked[];
  right: number;
  engines: unknown[];
  newer: number;
  bothKeys: number;
  red: number;
}

interface Parts {
  stack: HubStack;
  keys: ReturnType<typeof codecKeys>;
  killServer: () => Promise<void>;
  release: (release: 2 | 3) => Promise<void>;
  stub: string;
  log: (line: string) => void;
}

async function wait({ stack, keys, killServer, release, stub, log }: Parts): Promise<Upgraded> {
  const hub = hubClient(stack.url, stack.apiKey);
  const address = stack.env['TEMPORAL_ADDRESS'] ?? '';
  const codec = keys.opened();
  const [sealed, open] = await Promise.all([
    connectTemporal({ address, namespace: 'default' }),
    connectTemporal({ address, namespace: 'default', codec }),
  ]);
  try {
    const cases = Array.from({ length: copies }, () => parkedCases(stub)).flat();
    const parked = await inParallel(cases.length, 5, (n) => park(hub, cases[n] as ParkedCase));
    log(`${parked.length} runs of ${parked.length / copies} kinds of wait are parked under engine 1, sealed with key k1`);
    const red = await control(sealed.client, codec.converter, parked);
    await release(2);
    log('release 2 works');
    await keys.use(['k2', 'k1']);
    log('the codec seals with key k2');
    await killServer();
    await stack.ready();
    log("Temporal's server was killed with -9 and is back");
    await release(3);
    log('release 3 works');
    const newer = (await inParallel(parked.length, 4, (n) => publishNewer(hub, parked[n] as Parked))).filter(Boolean).length;
    log(`${newer} workflows have a newer version`);
    const right = (await Promise.all(parked.map((one) => goesOn(hub, one, log)))).filter(Boolean).length;
    const engines = await Promise.all(parked.map(({ run: id }) => engineOf(open.client, id)));
    let bothKeys = 0;
    for (const { run: id } of parked) {
      const ids = new Set<string>();
      // Of a run that continued as new also the execution that was parked.
      for await (const { runId } of sealed.client.workflow.list({ query: `WorkflowId = "${id}"` }))
        keysOf(await sealed.client.workflow.getHandle(id, runId).fetchHistory(), ids);
      if (ids.has('k1') && ids.has('k2')) bothKeys += 1;
    }
    return { parked, right, engines, newer, bothKeys, red };
  } finally {
    await Promise.all([sealed.close(), open.close()]);
  }
}

function judged({ parked, right, engines, newer, bothKeys, red }: Upgraded): Measured[] {
  const total = parked.length;
  const moved = parked.filter(({ one }, n) => one.moves === true && engines[n] === 3).length;
  const movers = parked.filter(({ one }) => one.moves === true).length;
  const all = `${total} of ${total}`;
  return [
    {
      figure: `${right} of ${total} runs went on after two releases, a new codec key, a killed server and a newer version, and ended right`,
      want: `${all}, >= 20`,
      ok: right === total && total >= 20,
    },
    { figure: `${bothKeys} of ${total} histories hold payloads of both keys`, want: all, ok: bothKeys === total },
    { figure: `${newer} of ${total} workflows had a newer version`, want: all, ok: newer === total },
    { figure: `${moved} of ${movers} that continued as new are under engine 3`, want: `${movers} of ${movers}`, ok: moved === movers },
    { figure: `without the frozen engine ${red} of ${total} histories turn red`, want: '>= 1', ok: red > 0 },
  ];
}

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-hub-releases-'));
  const bundleFile = join(folder, 'bundle.js');
  const registryOf = await freeze(folder);
  writeFileSync(bundleFile, (await bundleEngine()).code);
  const keys = codecKeys(['k1', 'k2']);
  const stub = await startStub();
  const temporal = await wantedTemporal(log);
  try {
    const env = {
      HUB_OUTBOUND_ALLOW: stub.hostPort,
      HUB_WORKFLOW_BUNDLE: bundleFile,
      HUB_CONTINUE_AFTER: '150',
      HUB_CODEC: 'on',
      HUB_CODEC_KEYS: keys.setting,
      HUB_RATE_PER_MINUTE: '1000000',
      HUB_LOG_LEVEL: 'error',
    };
    const stack = await startStack({ env, temporalAddress: temporal.at });
    const release = async (n: 2 | 3): Promise<void> => await upgrade(stack, bundleFile, (await bundleEngine(`release-${n}`, registryOf(n))).code);
    try {
      return judged(await wait({ stack, keys, killServer: () => temporal.kill(), release, stub: stub.url, log }));
    } catch (failure) {
      for (const line of stack.lastWords()) log(line);
      throw failure;
    } finally {
      await stack.close();
    }
  } finally {
    await temporal.stop();
    await stub.close();
    keys.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
