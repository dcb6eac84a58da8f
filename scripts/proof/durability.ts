/**
 * 100 runs of 20 s and more while the worker is killed with -9 thirty times and more. The stub is the judge: which effect keys it received,
 * applied, received again. At the end every run must have the right output, and the projection must agree with Temporal.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { hubClient, type HubClient, type RunView } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub, type Stub } from './lib/stub.ts';

const runCount = 100;
const killCount = 32;
const callCount = 30;
const callMs = 1_000;
/** Pause between two kills: a step that is lost six times fails by rule 4 of 03, so the storm must leave room to end a call of 1 s. */
const killPauseMs = { least: 7_000, most: 13_000 };

const inFlightLimitMs = 60_000;

/** Thirty idempotent writes of 1 s one after another (a GET carries no effect key), numbers added up on the way, so that a lost or doubled step shows in the output. */
function definition(url: string): unknown {
  const numbers = Array.from({ length: callCount }, (_, n) => n);
  return {
    schemaVersion: 1,
    nodes: [
      ...numbers.flatMap((n) => [
        {
          id: `call${n}`,
          type: 'action',
          config: { connector: 'http', action: 'request', params: { method: 'PUT', url: `${url}/work?ms=${callMs}&n=${n}` } },
        },
        {
          id: `sum${n}`,
          type: 'transform',
          config: { expression: `${n === 0 ? 'input.start' : `nodes.sum${n - 1}.output`} + nodes.call${n}.output.body.n` },
        },
      ]),
      { id: 'result', type: 'output', config: { name: 'sum', value: `{{ nodes.sum${callCount - 1}.output }}` } },
    ],
    edges: [
      ...numbers.flatMap((n) => [...(n === 0 ? [] : [{ from: `sum${n - 1}`, to: `call${n}` }]), { from: `call${n}`, to: `sum${n}` }]),
      { from: `sum${callCount - 1}`, to: 'result' },
    ],
    settings: { maxConcurrentRuns: 1000 },
  };
}

interface Kills {
  done: number;
  inFlight: number[];
  hit: Set<string>;
}

/** A new worker needs its seconds on a busy machine: a kill while nothing is in flight would prove nothing. */
async function untilInFlight(stub: Stub, runs: () => boolean): Promise<void> {
  const last = Date.now() + inFlightLimitMs;
  while (stub.openKeys().length === 0 && runs() && Date.now() < last) await delay(50);
}

/** Kills at random moments while steps are in flight, each followed by a new worker at once. */
async function killWorkers(stack: HubStack, stub: Stub, runs: () => boolean, log: (line: string) => void): Promise<Kills> {
  const kills: Kills = { done: 0, inFlight: [], hit: new Set() };
  while (kills.done < killCount && runs()) {
    await delay(killPauseMs.least + Math.random() * (killPauseMs.most - killPauseMs.least));
    await untilInFlight(stub, runs);
    await delay(Math.random() * callMs);
    const open = stub.openKeys();
    for (const worker of stack.workers()) worker.kill('SIGKILL');
    stack.startWorker();
    kills.done += 1;
    kills.inFlight.push(open.length);
    for (const key of open) kills.hit.add(key.split('/')[1] ?? '');
    log(`kill -9 number ${kills.done}: ${open.length} steps in flight`);
  }
  return kills;
}

/** Starts the runs over the whole time of the kills, so that each is met by some. */
async function startRuns(hub: HubClient, workflow: string): Promise<string[]> {
  const runs: string[] = [];
  for (let n = 0; n < runCount; n += 1) {
    runs.push(await hub.start(workflow, { start: n * 1_000 }, `durability-${n}`));
    await delay((killCount * ((killPauseMs.least + killPauseMs.most) / 2) * 0.8) / runCount);
  }
  return runs;
}

export async function run(log: (line: string) => void): Promise<Measured[]> {
  const stub = await startStub();
  const stack = await startStack({ env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('Durability', definition(stub.url));
    let going = true;
    const killing = killWorkers(stack, stub, () => going, log);
    const runs = await startRuns(hub, workflow);
    log(`${runs.length} runs started`);
    const views = await Promise.all(runs.map((id) => hub.settled(id, 900_000)));
    going = false;
    const kills = await killing;
    return await verdict({ stack, stub, runs, views, kills, log });
  } finally {
    await stack.close();
    await stub.close();
  }
}

interface Outcome {
  stack: HubStack;
  stub: Stub;
  runs: string[];
  views: RunView[];
  kills: Kills;
  log: (line: string) => void;
}

async function verdict({ stack, stub, runs, views, kills, log }: Outcome): Promise<Measured[]> {
  const expected = (n: number): number => n * 1_000 + (callCount * (callCount - 1)) / 2;
  const right = views.filter((view, n) => view.status === 'completed' && (view.output as { sum?: number } | null)?.sum === expected(n));
  for (const [n, view] of views.entries())
    if (!right.includes(view)) log(`wrong: run ${runs[n]} ${view.status} ${JSON.stringify(view.output)} ${JSON.stringify(view.error)}`);
  const received = [...stub.received.values()].reduce((sum, count) => sum + count, 0);
  log(`stub: ${received} calls received, ${stub.applied.size} effect keys applied, ${received - stub.received.size} calls repeated`);
  log(`steps in flight per kill: ${kills.inFlight.join(' ')}`);
  const agree = await agreeing(stack, views);
  const keys = runCount * callCount;
  return [
    {
      figure: `${right.length} of ${runCount} runs right under ${kills.done} kill -9`,
      want: `${runCount} of ${runCount}, >= 30 kills`,
      ok: right.length === runCount && kills.done >= 30,
    },
    { figure: `${kills.hit.size} runs hit`, want: '>= 95', ok: kills.hit.size >= 95 },
    {
      figure: `${stub.applied.size} of ${keys} effect keys applied, ${stub.received.size} keys received`,
      want: `${keys} of ${keys}`,
      ok: stub.applied.size === keys && stub.received.size === keys,
    },
    { figure: `projection = Temporal for ${agree} of ${runCount}`, want: `${runCount} of ${runCount}`, ok: agree === runCount },
  ];
}

const temporalName: Record<string, string> = { COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'cancelled', RUNNING: 'running' };

async function agreeing(stack: HubStack, views: RunView[]): Promise<number> {
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection });
  let agree = 0;
  for (const view of views) {
    const { status } = await client.workflow.getHandle(view.id).describe();
    if (temporalName[status.name] === view.status) agree += 1;
  }
  await connection.close();
  return agree;
}
