/**
 * 100 runs of 20 s and more while the worker is killed with -9 thirty times and more. The stub is the judge: which effect keys it received,
 * applied, received again. At the end every run must have the right output, and the projection must agree with Temporal.
 *
 * `--f2`: 500 runs of 10 steps and an output, 60 kills, one call of each run not idempotent: where its outcome is unknown a person (this proof) says that it
 * was done, and the call must not have been made again. `--runs=n --kills=n` for less.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { hubClient, type HubClient, inParallel, type RunView } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { disagreeing, insist } from './lib/server-kills.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub, type Stub } from './lib/stub.ts';
import { sumWorkflow } from './lib/sum-workflow.ts';

interface Size {
  runs: number;
  kills: number;
  /** Calls of a run, each with a step that adds up. */
  calls: number;
  callMs: number;
  /** Number of the call that is a POST, which nobody may repeat. */
  once: number | null;
  /** Pause between two kills. */
  pauseMs: { least: number; most: number };
  /** Runs that a kill must have hit. */
  hit: number;
}

/** A step that is lost six times fails by rule 4 of 03, so the storm must leave room to end a call. */
const usual: Size = { runs: 100, kills: 32, calls: 30, callMs: 1_000, once: null, pauseMs: { least: 7_000, most: 13_000 }, hit: 95 };
const f2: Size = { runs: 500, kills: 60, calls: 5, callMs: 2_000, once: 2, pauseMs: { least: 5_000, most: 15_000 }, hit: 0 };
const answerEveryMs = 2_000;
const inFlightLimitMs = 60_000;
/** From the last start until all runs are over. */
const settleMs = 900_000;
/** Runs that are watched at a time: their long polls are the API's work too. */
const watched = 40;
/** The last runs start when this share of the kills is done, so that every kill meets some. */
const startedBy = 0.97;

function sizeOf(args: string[]): Size {
  const size = args.includes('--f2') ? f2 : usual;
  const option = (name: 'runs' | 'kills'): number => Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? size[name]);
  const runs = option('runs');
  return { ...size, runs, kills: option('kills'), hit: Math.floor((size.hit * runs) / size.runs) };
}

/** Writes (a GET carries no effect key), one of them a POST where the size says so. */
const definition = (url: string, { calls, callMs, once }: Size): unknown =>
  sumWorkflow({
    calls,
    maxConcurrentRuns: 1000,
    request: (n) => ({ method: n === once ? 'POST' : 'PUT', url: `${url}/work?ms=${callMs}&n=${n}` }),
  });

interface Kills {
  done: number;
  inFlight: number[];
  hit: Set<string>;
}

/**
 * A new worker needs its seconds on a busy machine: a kill while nothing is in flight would prove nothing, and one before the calls that the last kill met
 * have ended would lose the same steps until they fail by rule 4 of 03.
 */
async function untilInFlight(stub: Stub, met: string[], runs: () => boolean): Promise<void> {
  const last = Date.now() + inFlightLimitMs;
  const isReady = (): boolean => stub.openKeys().length > 0 && met.every((key) => stub.applied.has(key));
  while (!isReady() && runs() && Date.now() < last) await delay(50);
}

interface Storm {
  stack: HubStack;
  stub: Stub;
  size: Size;
  going: () => boolean;
  log: (line: string) => void;
}

/** Kills at random moments while steps are in flight, each followed by a new worker at once. */
async function killWorkers(kills: Kills, { stack, stub, size, going, log }: Storm): Promise<void> {
  let met: string[] = [];
  while (kills.done < size.kills && going()) {
    await delay(size.pauseMs.least + Math.random() * (size.pauseMs.most - size.pauseMs.least));
    await untilInFlight(stub, met, going);
    await delay(Math.random() * size.callMs);
    const open = stub.openKeys();
    for (const worker of stack.workers()) worker.kill('SIGKILL');
    stack.startWorker();
    kills.done += 1;
    kills.inFlight.push(open.length);
    // A call that nobody may repeat waits for a person.
    met = open.filter((key) => size.once === null || key.split('/')[2] !== `call${size.once}`);
    for (const key of open) kills.hit.add(key.split('/')[1] ?? '');
    log(
      `kill -9 number ${kills.done} of ${size.kills}: ${open.length} steps in flight; ${stub.applied.size} of ${size.runs * size.calls} effect keys applied`,
    );
  }
}

/** Starts the runs over the whole time of the kills, so that each is met by some. */
async function startRuns(hub: HubClient, workflow: string, size: Size, kills: Kills): Promise<string[]> {
  const runs: string[] = [];
  const pauseMs = ((size.pauseMs.least + size.pauseMs.most) / 2) * ((size.kills * startedBy) / size.runs);
  for (let n = 0; n < size.runs; n += 1) {
    while (kills.done < Math.floor((n / size.runs) * size.kills * startedBy)) await delay(50);
    runs.push(await insist(() => hub.start(workflow, { start: n * 1_000 }, `durability-${n}`)));
    await delay(pauseMs);
  }
  return runs;
}

/** Each run as it is in the end; one that is not over by then is shown as it stands. */
async function watch(hub: HubClient, runs: string[]): Promise<RunView[]> {
  const end = Date.now() + settleMs;
  return await inParallel(runs.length, watched, async (n) => {
    const id = runs[n] ?? '';
    const left = Math.max(0, end - Date.now());
    return await insist(() => hub.settled(id, left), left).catch(() => insist(() => hub.call<RunView>('GET', `/runs/${id}`)));
  });
}

/** The person who is asked: the call had its effect, says the far end's own book, or would have; its number is known. Answers which runs asked. */
async function answerUnknown(hub: HubClient, { once }: Size, going: () => boolean): Promise<Set<string>> {
  const asked = new Set<string>();
  while (going()) {
    await delay(answerEveryMs);
    const { items } = await insist(() => hub.call<{ items: { id: string; statusReason: string | null }[] }>('GET', '/runs?status=waiting&limit=200'));
    for (const { id } of items.filter(({ statusReason }) => statusReason === 'unknown-outcome')) {
      const answer = { decision: 'done', messageId: 'known', output: { status: 200, body: { ok: true, n: once } } };
      // One that has been answered meanwhile is refused.
      await hub.call('POST', `/runs/${id}/nodes/call${once}/answer`, answer).then(
        () => asked.add(id),
        () => undefined,
      );
    }
  }
  return asked;
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const size = sizeOf(args);
  const stub = await startStub();
  const stack = await startStack({
    bundled: true,
    env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' },
  });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('Durability', definition(stub.url, size));
    let going = true;
    const kills: Kills = { done: 0, inFlight: [], hit: new Set() };
    const killing = killWorkers(kills, { stack, stub, size, going: () => going, log });
    const answering = size.once === null ? Promise.resolve(new Set<string>()) : answerUnknown(hub, size, () => going);
    const runs = await startRuns(hub, workflow, size, kills);
    log(`${runs.length} runs started`);
    const views = await watch(hub, runs);
    going = false;
    await killing;
    const asked = await answering;
    return await verdict({ stack, stub, size, runs, views, kills, asked, log });
  } finally {
    await stack.close();
    await stub.close();
  }
}

interface Outcome {
  stack: HubStack;
  stub: Stub;
  size: Size;
  runs: string[];
  views: RunView[];
  kills: Kills;
  /** Runs whose call had an unknown outcome. */
  asked: Set<string>;
  log: (line: string) => void;
}

async function verdict({ stack, stub, size, runs, views, kills, asked, log }: Outcome): Promise<Measured[]> {
  const expected = (n: number): number => n * 1_000 + (size.calls * (size.calls - 1)) / 2;
  const right = views.filter((view, n) => view.status === 'completed' && (view.output as { sum?: number } | null)?.sum === expected(n));
  for (const [n, view] of views.entries())
    if (!right.includes(view)) log(`wrong: run ${runs[n]} ${view.status} ${JSON.stringify(view.output)} ${JSON.stringify(view.error)}`);
  const received = [...stub.received.values()].reduce((sum, count) => sum + count, 0);
  log(`stub: ${received} calls received, ${stub.applied.size} effect keys applied, ${received - stub.received.size} calls repeated`);
  log(`steps in flight per kill: ${kills.inFlight.join(' ')}`);
  const agree = views.length - (await disagreeing(stack, views, log));
  // A call that was lost before it reached the far end, and was said to be done, is not in its book.
  const once = [...stub.received].filter(([key]) => size.once !== null && key.split('/')[2] === `call${size.once}`);
  const repeated = once.filter(([, count]) => count > 1).length;
  const keys = size.runs * size.calls;
  const notApplied = keys - stub.applied.size;
  return [
    {
      figure: `${right.length} of ${size.runs} runs right under ${kills.done} kill -9`,
      want: `${size.runs} of ${size.runs}, ${size.kills} kills`,
      ok: right.length === size.runs && kills.done >= size.kills,
    },
    ...(size.hit === 0 ? [] : [{ figure: `${kills.hit.size} runs hit`, want: `>= ${size.hit}`, ok: kills.hit.size >= size.hit }]),
    {
      figure: `${stub.applied.size} of ${keys} effect keys applied, ${stub.received.size} keys received`,
      want: size.once === null ? `${keys} of ${keys}` : `all but the ${asked.size} that a person answered for`,
      ok: notApplied <= asked.size && stub.received.size <= keys,
    },
    ...(size.once === null
      ? []
      : [
          {
            figure: `${asked.size} unknown outcomes, ${repeated} silent repeats of ${once.length} calls that nobody may repeat`,
            want: '0 repeats',
            ok: repeated === 0,
          },
        ]),
    { figure: `projection = Temporal for ${agree} of ${size.runs}`, want: `${size.runs} of ${size.runs}`, ok: agree === size.runs },
  ];
}
