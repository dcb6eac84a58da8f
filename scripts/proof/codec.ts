/**
 * The payload codec under the whole hub. Runs carry canaries in every place that may reach Temporal: what the server stores must hold none of them, and what
 * it stores once opened must hold many (else the search were blind). Then the key changes under parked runs; then the old keys are taken away.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@hub/db';
import { connectTemporal, type openCodec, type TemporalConnection } from '@hub/kit/temporal';
import { bundleRebuild, rebuild } from '@hub/worker/rebuild';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { chain, graph, output } from '../record/case.ts';
import { type Carrier, carriers, canaryCount, found, makeCanaries } from './codec/canaries.ts';
import { codecKeys, keysOf } from './lib/codec-keys.ts';
import { type HubClient, hubClient, inParallel, type RunView } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { type HubStack, startStack } from './lib/stack.ts';
import { demoTeam } from './lib/team.ts';
import { difference, rowsOf } from './rebuild.ts';
import { startStub } from './lib/stub.ts';

const parkedEach = 10;
const patienceMs = 180_000;

interface Proof {
  stack: HubStack;
  hub: HubClient;
  /** Reads what the server stores, as it stores it. */
  raw: TemporalConnection;
  ring: (ids: string[]) => Promise<void>;
  opened: () => ReturnType<typeof openCodec>;
  log: (line: string) => void;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await holds()); await delay(200))
    if (Date.now() > end) throw new Error(`did not come within 60 s: ${what}`);
}

const waits = async (hub: HubClient, run: string): Promise<boolean> => (await hub.call<RunView>('GET', `/runs/${run}`)).status === 'waiting';

/** Every execution of a run: history, description, memo, pending activities. */
async function stored({ client }: TemporalConnection, run: string): Promise<unknown[]> {
  const { raw } = await client.workflow.getHandle(run).describe();
  const history = await client.workflow.getHandle(run).fetchHistory();
  return [raw, history];
}

async function carry({ hub }: Proof, { name, definition, input, signal, cancel }: Carrier): Promise<string> {
  const run = await hub.start(await hub.publish(name, definition), input);
  if (signal !== undefined || cancel) await until(`${name} waits`, () => waits(hub, run));
  if (signal !== undefined) await hub.call('POST', `/runs/${run}/signals/${signal.name}`, { payload: signal.payload, messageId: 'one' });
  if (cancel) await hub.call('POST', `/runs/${run}/cancel`);
  await hub.settled(run, patienceMs);
  return run;
}

async function canariesOf(proof: Proof, stub: string): Promise<{ runs: string[]; measured: Measured[] }> {
  const canaries = makeCanaries();
  const carrying = carriers(canaries, stub);
  const runs = await inParallel(carrying.length, 8, (n) => carry(proof, carrying[n] as Carrier));
  const sealed = new Set<string>();
  const open = new Set<string>();
  const { codec } = proof.opened();
  for (const run of runs) {
    const what = await stored(proof.raw, run);
    for (const canary of found(canaries, what)) sealed.add(canary);
    for (const canary of found(canaries, await openAll(what, codec))) open.add(canary);
  }
  if (sealed.size > 0) proof.log(`readable: ${[...sealed].join(' ')}`);
  return {
    runs,
    measured: [
      { figure: `${sealed.size} of ${canaryCount} canaries readable in the raw histories of ${runs.length} runs`, want: '0', ok: sealed.size === 0 },
      { figure: `${open.size} of them behind the codec`, want: '>= 20', ok: open.size >= 20 },
    ],
  };
}

type Codec = ReturnType<typeof openCodec>['codec'];
type Payload = Parameters<Codec['decode']>[0][number];

/** The same with every payload opened, those within payloads too. */
async function openAll(value: unknown, codec: Codec): Promise<unknown> {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return await Promise.all(value.map((one) => openAll(one, codec)));
  const isPayload = 'metadata' in value && 'data' in value && (value as Payload).data instanceof Uint8Array;
  if (isPayload) return (await codec.decode([value as Payload]))[0];
  const entries = await Promise.all(Object.entries(value).map(async ([name, one]) => [name, await openAll(one, codec)] as const));
  return Object.fromEntries(entries);
}

const parkedGraph = graph(
  [
    { id: 'w', type: 'loop', config: { mode: 'for_each', items: '{{ [1..3] }}', concurrency: 3, result: '{{ nodes.s.output.payload }}' } },
    { id: 's', type: 'wait', parent: 'w', config: { signal: 'go' } },
    { id: 'c', type: 'code', config: { source: 'return ctx.nodes.w.output.length' } },
    output('result', '{{ nodes.c.output }}'),
  ],
  chain('w', 'c', 'result'),
);

async function park({ hub }: Proof, workflow: string, count: number): Promise<string[]> {
  const runs = await inParallel(count, 5, () => hub.start(workflow, {}));
  await inParallel(count, 5, (n) => until('a run waits', () => waits(hub, runs[n] ?? '')));
  return runs;
}

async function release({ hub }: Proof, runs: string[]): Promise<void> {
  await inParallel(runs.length, 5, async (n) => {
    for (let i = 0; i < 3; i += 1) await hub.call('POST', `/runs/${runs[n]}/signals/go`, { payload: i, messageId: `${i}` });
  });
}

async function rightOf({ hub, log }: Proof, runs: string[]): Promise<number> {
  const views = await inParallel(runs.length, 5, (n) => hub.settled(runs[n] ?? '', patienceMs));
  const isRight = ({ status, output: out }: RunView): boolean => status === 'completed' && (out as { result?: number } | null)?.result === 3;
  for (const view of views) if (!isRight(view)) log(`wrong: ${view.id} ${view.status} ${JSON.stringify(view.output)} ${JSON.stringify(view.error)}`);
  return views.filter(isRight).length;
}

/** kill -9 of all workers: their memory of the runs is gone, so they read the histories again. */
async function newWorker({ stack }: Proof): Promise<void> {
  for (const worker of stack.workers()) worker.kill('SIGKILL');
  stack.startWorker();
  await stack.ready();
}

async function rotation(proof: Proof): Promise<Measured[]> {
  const workflow = await proof.hub.publish('Parked', parkedGraph);
  const parked = await park(proof, workflow, parkedEach);
  await proof.ring(['k2', 'k1']);
  await newWorker(proof);
  await release(proof, parked);
  const right = await rightOf(proof, parked);
  let both = 0;
  for (const run of parked) {
    const ids = keysOf(await stored(proof.raw, run));
    if (ids.has('k1') && ids.has('k2')) both += 1;
  }
  return [
    {
      figure: `${right} of ${parkedEach} parked runs went on after the key changed and their worker was killed`,
      want: `${parkedEach} of ${parkedEach}`,
      ok: right === parkedEach,
    },
    { figure: `${both} of ${parkedEach} histories hold payloads of both keys`, want: `${parkedEach} of ${parkedEach}`, ok: both === parkedEach },
    await withoutOldKey(proof, workflow),
  ];
}

async function withoutOldKey(proof: Proof, workflow: string): Promise<Measured> {
  const parked = await park(proof, workflow, 3);
  const before = wordsOf(proof.stack);
  await proof.ring(['k3']);
  await newWorker(proof);
  await release(proof, parked);
  await until('the worker names the missing key', async () => wordsOf(proof.stack) > before);
  const still = await inParallel(parked.length, 3, async (n) => (await proof.hub.call<RunView>('GET', `/runs/${parked[n]}`)).status);
  await proof.ring(['k3', 'k2', 'k1']);
  const right = await rightOf(proof, parked);
  const open = still.filter((status) => status === 'waiting' || status === 'running').length;
  return {
    figure: `without the old key ${open} of 3 runs stand still and the worker names the key; once it is back ${right} of 3 go on`,
    want: '3 of 3, 3 of 3',
    ok: open === 3 && right === 3,
  };
}

/** How often the worker's log names the missing key and the variable. */
function wordsOf({ folder }: HubStack): number {
  return readFileSync(join(folder, 'worker.log'), 'utf8').split(/encrypted with key \\*"k2\\*", which is not in HUB_CODEC_KEYS/).length - 1;
}

async function rebuilt(proof: Proof, runs: string[]): Promise<Measured> {
  const sql = openDatabase({ url: proof.stack.env['DATABASE_URL'] ?? '', applicationName: 'proof-codec', max: 2 });
  const codec = proof.opened();
  const temporal = await connectTemporal({ address: proof.stack.env['TEMPORAL_ADDRESS'] ?? '', namespace: 'default', codec });
  try {
    const bundle = await bundleRebuild();
    let same = 0;
    const team = await demoTeam(proof.stack.env);
    for (const run of runs) {
      const before = await rowsOf(sql, team, run);
      await rebuild({ sql, client: temporal.client, bundle, codec }, run);
      const changed = difference(before, await rowsOf(sql, team, run));
      if (changed.length === 0) same += 1;
      else proof.log(`${run}: ${changed.slice(0, 4).join(' | ')}`);
    }
    return {
      figure: `${same} of ${runs.length} sealed histories rebuild to the rows that stand`,
      want: `${runs.length} of ${runs.length}`,
      ok: same === runs.length,
    };
  } finally {
    await temporal.close();
    await sql.end();
  }
}

export async function run(log: (line: string) => void): Promise<Measured[]> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const keys = codecKeys(['k1', 'k2', 'k3']);
  const stub = await startStub();
  const stack = await startStack({
    bundled: true,
    env: {
      HUB_CODEC: 'on',
      HUB_WEB_DIST: '',
      HUB_CODEC_KEYS: keys.setting,
      HUB_OUTBOUND_ALLOW: stub.hostPort,
      HUB_RATE_PER_MINUTE: '1000000',
      HUB_LOG_LEVEL: 'warn',
    },
  });
  const raw = await connectTemporal({ address: stack.env['TEMPORAL_ADDRESS'] ?? '', namespace: 'default' });
  const proof: Proof = {
    stack,
    hub: hubClient(stack.url, stack.apiKey),
    raw,
    opened: keys.opened,
    ring: keys.use,
    log,
  };
  try {
    const { runs, measured } = await canariesOf(proof, stub.url);
    log(`${runs.length} runs carried canaries`);
    for (const { figure } of measured) log(figure);
    const rotated = await rotation(proof);
    return [...measured, ...rotated, await rebuilt(proof, runs)];
  } catch (failure) {
    for (const line of stack.lastWords()) log(line);
    throw failure;
  } finally {
    await raw.close();
    await stack.close();
    await stub.close();
    keys.remove();
  }
}
