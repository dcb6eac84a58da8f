/**
 * The recipe for an upgrade without downtime (workflows/runtime/README.md), tried with two real worker processes under load: runs come all the time; a
 * worker of the next release, whose engine gives commands in another order, is started beside the old one; the old one is ended with SIGTERM. Every
 * run ends right, every effect is there once, and nobody waits. `--seconds=n` for each of the three parts (15).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundleEngine } from '../../workflows/runtime/test/replay.ts';
import { chain, graph, output } from '../record/case.ts';
import { freeze } from './engine-upgrade/releases.ts';
import { hubClient, type HubClient } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { type HubStack, startStack } from './lib/stack.ts';
import { startStub, type Stub } from './lib/stub.ts';

const lanes = 6;
/** Longer than this nobody may wait for the end of any run. */
const maxPauseMs = 10_000;

const put = (id: string, stub: string): object => ({
  id,
  type: 'action',
  config: { connector: 'http', action: 'request', params: { method: 'PUT', url: `${stub}/work?ms=200&n={{ input.n }}` } },
});

/** Two effects side by side, a wait, two more: a run is under way for some seconds, and its order is what the next release changes. */
function definition(stub: string): object {
  return graph(
    [
      ...['a', 'b', 'c', 'd'].map((id) => put(id, stub)),
      { id: 'w', type: 'wait', config: { for: '1s' } },
      output('result', '{{ nodes.d.output.body.n }}'),
    ],
    [...chain('a', 'w'), ...chain('b', 'w'), ...chain('w', 'c'), ...chain('w', 'd', 'result')],
    { maxConcurrentRuns: 1_000 },
  );
}

interface Load {
  runs: { n: number; run: string }[];
  right: number;
  /** When runs ended, in ms. */
  ends: number[];
  stop: () => Promise<void>;
}

/** Each lane starts a run, waits for its end, and starts the next. */
function startLoad(hub: HubClient, workflow: string): Load {
  let going = true;
  const load: Load = { runs: [], right: 0, ends: [], stop: async () => undefined };
  const lane = async (): Promise<void> => {
    while (going) {
      const n = load.runs.length + 1;
      const one = { n, run: '' };
      load.runs.push(one);
      one.run = await hub.start(workflow, { n });
      const view = await hub.settled(one.run, 120_000);
      load.ends.push(Date.now());
      if (view.status === 'completed' && (view.output as { result?: number } | null)?.result === n) load.right += 1;
    }
  };
  const all = Promise.all(Array.from({ length: lanes }, lane));
  load.stop = async () => {
    going = false;
    await all;
  };
  return load;
}

const readyWorkers = ({ folder }: HubStack): number => readFileSync(join(folder, 'worker.log'), 'utf8').split('worker is ready').length - 1;

/** The recipe: the new worker first; once it works, the old one is told to end, and ends what it holds. */
async function roll(stack: HubStack, secondsEach: number, log: (line: string) => void): Promise<number | null> {
  const [old] = stack.workers();
  stack.startWorker();
  while (readyWorkers(stack) < 2) await delay(100);
  log('the worker of the next release works beside the old one');
  await delay(secondsEach * 1_000);
  const ended = new Promise<number | null>((done) => old?.once('exit', (code) => done(code)));
  const began = Date.now();
  old?.kill('SIGTERM');
  const code = await ended;
  log(`the old worker ended with code ${String(code)} after ${((Date.now() - began) / 1_000).toFixed(1)} s`);
  await delay(secondsEach * 1_000);
  return code;
}

function judged(load: Load, stub: Stub, code: number | null): Measured[] {
  const total = load.runs.length;
  const twice = [...stub.received.values()].filter((count) => count > 1).length;
  const ends = load.ends.toSorted((a, b) => a - b);
  const pause = Math.max(...ends.slice(1).map((at, n) => at - (ends[n] ?? at)));
  return [
    {
      figure: `${load.right} of ${total} runs ended right while workers of the next release came and the old ones went`,
      want: 'all',
      ok: load.right === total,
    },
    {
      figure: `${stub.applied.size} of ${4 * total} effects made, ${twice} sent twice`,
      want: `${4 * total}, 0`,
      ok: stub.applied.size === 4 * total && twice === 0,
    },
    { figure: `longest time without the end of a run ${(pause / 1_000).toFixed(1)} s`, want: `<= ${maxPauseMs / 1_000} s`, ok: pause <= maxPauseMs },
    { figure: `the old worker ended with code ${String(code)}`, want: '0', ok: code === 0 },
  ];
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const secondsEach = Number(args.find((arg) => arg.startsWith('--seconds='))?.split('=')[1] ?? 15);
  const folder = mkdtempSync(join(tmpdir(), 'workflow-hub-rolling-'));
  const bundleFile = join(folder, 'bundle.js');
  const registryOf = await freeze(folder);
  writeFileSync(bundleFile, (await bundleEngine()).code);
  const stub = await startStub();
  const env = { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_WORKFLOW_BUNDLE: bundleFile, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'info' };
  const stack = await startStack({ env, temporalFile: true });
  try {
    const next = await bundleEngine('release-2', registryOf(2));
    const hub = hubClient(stack.url, stack.apiKey);
    const load = startLoad(hub, await hub.publish('Rolling', definition(stub.url)));
    await delay(secondsEach * 1_000);
    log(`${load.ends.length} runs have ended under the old worker`);
    writeFileSync(bundleFile, next.code);
    const code = await roll(stack, secondsEach, log);
    await load.stop();
    return judged(load, stub, code);
  } finally {
    await stack.close();
    await stub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
