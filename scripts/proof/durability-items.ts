/**
 * Items of loops that share an activity (infra/decisions/020), while the worker is killed with -9 again and again: the stub is the judge of what was
 * called and how often. Idempotent writes may be repeated where they were in flight, which is from the call until its answer's row is there; others never
 * silently: those wait, and are answered here.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { hubClient, type HubClient, type NodeRow } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub, type Repeat, type Stub } from './lib/stub.ts';

const usual = { runs: 6, kills: 6, items: 600 };
const callMs = 150;
/** What lies between an answer and its row at most: the statement on its way, and the next one. */
const answerToRowMs = 1_000;
const killPauseMs = { least: 3_000, most: 7_000 };

/** Writes that may be repeated and writes that may not, beside each other; numbers are added up. */
function definition(url: string): unknown {
  const call = (id: string, method: string, more: object): object => {
    const params = { method, url: `${url}/work?ms=${callMs}&n={{ item }}`, ...(method === 'POST' ? { body: '{{ item }}' } : {}) };
    return { id, type: 'action', config: { connector: 'http', action: 'request', params, ...more } };
  };
  const each = { mode: 'for_each', items: '{{ [1..input.count] }}', concurrency: 20, result: '{{ nodes.put.output.body.n }}' };
  return {
    schemaVersion: 1,
    nodes: [
      { id: 'each', type: 'loop', config: each },
      { ...call('put', 'PUT', {}), parent: 'each' },
      call('post', 'POST', { forEach: '{{ [1..input.few] }}', concurrency: 4 }),
      { id: 'sums', type: 'output', config: { name: 'sums', value: ['{{ $sum(nodes.each.output) }}', '{{ $sum(nodes.post.output.body.n) }}'] } },
    ],
    edges: [
      { from: 'each', to: 'sums' },
      { from: 'post', to: 'sums' },
    ],
    settings: { maxConcurrentRuns: 1000 },
  };
}

/** `--runs=6 --kills=6 --items=600` make it smaller. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const option = (name: keyof typeof usual): number => Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? usual[name]);
  const [runCount, killCount, count] = [option('runs'), option('kills'), option('items')];
  const few = Math.round(count / 10);
  const stub = await startStub();
  const stack = await startStack({
    bundled: true,
    env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' },
  });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('Durability of items', definition(stub.url));
    const runs: string[] = [];
    const starting = (async () => {
      for (let n = 0; n < runCount; n += 1) {
        runs.push(await hub.start(workflow, { count, few }, `items-${n}`));
        await delay((killCount * killPauseMs.most) / (2 * runCount));
      }
    })();
    const kills: number[] = [];
    let inFlight = 0;
    for (let n = 0; n < killCount; n += 1) {
      await delay(killPauseMs.least + Math.random() * (killPauseMs.most - killPauseMs.least));
      const open = stub.openCalls();
      inFlight += open;
      kills.push(Date.now());
      for (const worker of stack.workers()) worker.kill('SIGKILL');
      stack.startWorker();
      log(`kill -9 number ${n + 1}: ${open} calls in flight`);
    }
    await starting;
    const answered = (await Promise.all(runs.map(async (id) => await seeThrough(hub, id)))).reduce((all, one) => all + one, 0);
    return await verdict({ hub, stack, stub, runs, count, few, kills, inFlight, answered, log });
  } finally {
    await stack.close();
    await stub.close();
  }
}

/** Answers every item whose outcome is not known, as a person who has looked would; how many there were. */
async function seeThrough(hub: HubClient, run: string): Promise<number> {
  const answered = new Set<string>();
  for (;;) {
    const { status } = await hub.call<{ status: string }>('GET', `/runs/${run}?wait=2`);
    if (status !== 'running' && status !== 'waiting') return answered.size;
    const { items } = await hub.call<{ items: NodeRow[] }>('GET', `/runs/${run}/nodes?status=waiting&limit=200`);
    for (const { path, iteration } of items.filter((row) => row.nodeId === 'post' && !answered.has(row.path))) {
      answered.add(path);
      const output = { status: 200, body: { n: (iteration ?? 0) + 1 } };
      await hub.call('POST', `/runs/${run}/nodes/post/answer`, { path, decision: 'done', output, messageId: path });
    }
  }
}

interface Outcome {
  hub: HubClient;
  stack: HubStack;
  stub: Stub;
  runs: string[];
  count: number;
  few: number;
  /** When the worker was killed, ms since 1970. */
  kills: number[];
  inFlight: number;
  answered: number;
  log: (line: string) => void;
}

async function verdict({ hub, stack, stub, runs, count, few, kills, inFlight, answered, log }: Outcome): Promise<Measured[]> {
  const sumTo = (n: number): number => (n * (n + 1)) / 2;
  let right = 0;
  for (const run of runs) {
    const view = await hub.settled(run, 60_000);
    const { sums } = (view.output ?? {}) as { sums?: number[] };
    if (view.status === 'completed' && sums?.[0] === sumTo(count) && sums[1] === sumTo(few)) right += 1;
    else log(`wrong: ${run} ${view.status} ${JSON.stringify(view.output)} ${JSON.stringify(view.error)}`);
  }
  const puts = [...stub.received].filter(([key]) => key.includes('.put'));
  const posts = [...stub.received].filter(([key]) => key.includes('/post['));
  const applied = puts.filter(([key]) => stub.applied.has(key)).length;
  const repeated = stub.repeats.length;
  const latest = latestAnswer(stub.repeats, kills);
  const silent = posts.filter(([, times]) => times > 1).length;
  const longest = await longestHistory(stack, runs);
  log(`${repeated} writes repeated, ${answered} of unknown outcome answered, ${inFlight} calls in flight at kills`);
  return [
    { figure: `${right} of ${runs.length} runs right`, want: 'all', ok: right === runs.length },
    {
      figure: `${applied} of ${runs.length * count} effect keys applied, ${puts.length} received`,
      want: 'all, none else',
      ok: applied === runs.length * count && puts.length === applied,
    },
    {
      figure: `${repeated} writes repeated, ${inFlight} open at the kills, the others answered within ${latest} ms of one`,
      want: `<= ${answerToRowMs} ms`,
      ok: latest <= answerToRowMs,
    },
    { figure: `${silent} of ${posts.length} other writes repeated silently`, want: '0', ok: silent === 0 },
    { figure: `longest history ${longest} events`, want: '< 2,500', ok: longest < 2_500 },
  ];
}

/** The far end sees the death of its caller this much later, and may have answered the dead in between. */
const deathMs = 500;

/** The longest time before a kill at which a call was answered that was made again all the same: its row was still on its way. Infinity: no kill between. */
function latestAnswer(repeats: readonly Repeat[], kills: readonly number[]): number {
  return repeats.reduce((latest, { at, answeredAt }) => {
    if (answeredAt === undefined) return latest;
    const kill = kills.find((time) => time + deathMs >= answeredAt && time <= at);
    return Math.max(latest, (kill ?? Infinity) - answeredAt);
  }, 0);
}

async function longestHistory(stack: HubStack, runs: string[]): Promise<number> {
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection, namespace: stack.env['TEMPORAL_NAMESPACE'] ?? 'default' });
    const lengths = await Promise.all(runs.map(async (run) => (await client.workflow.getHandle(run).describe()).historyLength));
    return Math.max(0, ...lengths);
  } finally {
    await connection.close();
  }
}
