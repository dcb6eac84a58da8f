/**
 * F5: six faults of a line (Toxiproxy) on each line the hub has: API and worker to PostgreSQL and to Temporal, worker to a third party. Every run must
 * come to its right end, every effect key must have its effect, none more. `--runs=50` per pair, `--link=api-postgres`, `--toxic=timeout` for less.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { hubClient, inParallel, type HubClient, type RunView } from './lib/hub.ts';
import { describeOpen } from './lib/open-runs.ts';
import type { Measured } from './lib/proof.ts';
import { insist } from './lib/server-kills.ts';
import { startStack } from './lib/stack.ts';
import { startStub, type Stub } from './lib/stub.ts';
import { sumWorkflow } from './lib/sum-workflow.ts';
import { startToxiproxy, type Line, type Toxic, type Toxiproxy } from './lib/toxiproxy.ts';

const usualRuns = 50;
const callCount = 2;
const callMs = 50;
const starters = 4;
/** Faults come and go for so long at most; then the line is well again and everything must end. */
const stormMs = 45_000;
const settleMs = 240_000;

interface Fault extends Toxic {
  /** How long it lasts, and how long the line is well in between (0: it never is). */
  onMs: number;
  offMs: number;
}

/** The last is how much comes back before the line is cut: enough to greet and to ask a few things, and of a third party half an answer. */
const faults = (link: string): Fault[] => [
  { type: 'latency', attributes: { latency: 2_000 }, onMs: stormMs, offMs: 0 },
  // Nothing comes back any more, and the line stays open: on half of the connections, until the storm is over.
  { type: 'timeout', attributes: { timeout: 0 }, toxicity: 0.5, onMs: stormMs, offMs: 0 },
  { type: 'reset_peer', attributes: { timeout: 100 }, onMs: 3_000, offMs: 2_000 },
  { type: 'bandwidth', attributes: { rate: 4 }, onMs: stormMs, offMs: 0 },
  { type: 'slow_close', attributes: { delay: 5_000 }, onMs: 3_000, offMs: 1_000 },
  { type: 'limit_data', attributes: { bytes: link === 'worker-third' ? 100 : 20_000 }, onMs: 4_000, offMs: 2_000 },
];

const linkNames = ['api-postgres', 'worker-postgres', 'api-temporal', 'worker-temporal', 'worker-third'] as const;
type LinkName = (typeof linkNames)[number];

const definition = (url: string): unknown =>
  sumWorkflow({
    calls: callCount,
    maxConcurrentRuns: 100,
    request: (n) => ({ method: 'PUT', url: `${url}/work?ms=${callMs}&n=${n + 1}` }),
    more: { timeoutMs: 15_000, retry: { maxAttempts: 20, initialMs: 500, maxMs: 3_000 } },
  });

/** Addresses with the place of the server behind them replaced. */
function through(url: string, line: Line): string {
  const at = new URL(url);
  at.host = line.at;
  return at.href;
}

async function openLines(proxy: Toxiproxy, env: Record<string, string>, lines: Map<LinkName, Line>) {
  const database = new URL(env['DATABASE_URL'] ?? '').host;
  const temporal = env['TEMPORAL_ADDRESS'] ?? '';
  const line = async (name: LinkName, upstream: string): Promise<Line> => {
    const one = await proxy.line(name, upstream);
    lines.set(name, one);
    return one;
  };
  const [api, worker] = [await line('api-postgres', database), await line('worker-postgres', database)];
  return {
    api: {
      DATABASE_URL: through(env['DATABASE_URL'] ?? '', api),
      DATABASE_AUTH_URL: through(env['DATABASE_AUTH_URL'] ?? '', api),
      TEMPORAL_ADDRESS: (await line('api-temporal', temporal)).at,
    },
    worker: { DATABASE_URL: through(env['DATABASE_URL'] ?? '', worker), TEMPORAL_ADDRESS: (await line('worker-temporal', temporal)).at },
  };
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const option = (name: string): string | undefined => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const runs = Number(option('runs') ?? usualRuns);
  const links = linkNames.filter((name) => option('link') === undefined || option('link') === name);
  const stub = await startStub();
  const proxy = await startToxiproxy(log);
  const lines = new Map<LinkName, Line>();
  const third = await proxy.line('worker-third', stub.hostPort);
  lines.set('worker-third', third);
  const stack = await startStack({
    temporalFile: true,
    env: { HUB_OUTBOUND_ALLOW: third.at, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'error' },
    apart: (env) => openLines(proxy, env, lines),
  });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('Network faults', definition(`http://${third.at}`));
    const sum: Outcome = { right: 0, runs: 0, pairs: 0 };
    for (const link of links) {
      for (const fault of faults(link).filter(({ type }) => option('toxic') === undefined || option('toxic') === type)) {
        const line = lines.get(link);
        if (line === undefined) throw new Error(`There is no line ${link}.`);
        const { views, ids, seconds } = await storm({ hub, workflow, line, fault, runs, name: `${link}-${fault.type}` });
        const right = views.filter((view, n) => isRight(view, n)).length;
        const repeated = [...stub.received.values()].reduce((a, b) => a + b, 0) - stub.received.size;
        log(
          `${link.padEnd(16)} ${fault.type.padEnd(11)} ${right} of ${runs} right, all ended after ${seconds} s (${repeated} calls repeated so far)`,
        );
        for (const [n, view] of views.entries()) if (!isRight(view, n)) log(`  wrong: ${ids[n]} ${view?.status} ${JSON.stringify(view?.error)}`);
        if (right < runs) for (const one of [...stack.lastWords(), ...(await describeOpen(stack.env, ids))]) log(one);
        sum.right += right;
        sum.runs += runs;
        sum.pairs += 1;
      }
    }
    return verdict(sum, stub);
  } finally {
    await stack.close();
    await proxy.stop();
    await stub.close();
  }
}

interface Storm {
  hub: HubClient;
  workflow: string;
  line: Line;
  fault: Fault;
  runs: number;
  name: string;
}

/** Starts the runs into the storm and waits for their ends; what does not end counts as wrong. */
async function storm({ hub, workflow, line, fault, runs, name }: Storm): Promise<{ views: (RunView | null)[]; ids: string[]; seconds: string }> {
  const began = Date.now();
  const over = new AbortController();
  const blowing = blow(line, fault, over.signal);
  const ids = await inParallel(runs, starters, (n) => insist(() => hub.start(workflow, { start: n * 100 }, `${name}-${n}`)));
  const ending = inParallel(ids.length, 16, (n) => insist(() => hub.settled(ids[n] ?? '', settleMs), settleMs).catch(() => null));
  void ending.then(() => over.abort());
  const views = await ending;
  await blowing;
  return { views, ids, seconds: ((Date.now() - began) / 1000).toFixed(1) };
}

/** The line ails until the storm's time is over or all runs have ended, and is well afterwards. */
async function blow(line: Line, { onMs, offMs, ...toxic }: Fault, over: AbortSignal): Promise<void> {
  const end = Date.now() + stormMs;
  const pause = (ms: number): Promise<unknown> => delay(ms, undefined, { signal: over }).catch(() => undefined);
  while (Date.now() < end && !over.aborted) {
    await line.spoil(toxic);
    await pause(onMs);
    if (offMs === 0) continue;
    await line.heal();
    await pause(offMs);
  }
  await line.heal();
}

function isRight(view: RunView | null, n: number): boolean {
  const expected = n * 100 + (callCount * (callCount + 1)) / 2;
  return view?.status === 'completed' && (view.output as { sum?: number } | null)?.sum === expected;
}

interface Outcome {
  right: number;
  runs: number;
  pairs: number;
}

function verdict({ right, runs, pairs }: Outcome, stub: Stub): Measured[] {
  const keys = runs * callCount;
  const [applied, received] = [stub.applied.size, stub.received.size];
  return [
    { figure: `${right} of ${runs} runs right under ${pairs} pairs of line and fault`, want: `${runs} of ${runs}`, ok: right === runs },
    {
      figure: `${applied} of ${keys} effect keys applied, ${received} keys received`,
      want: `${keys} of ${keys}`,
      ok: applied === keys && received === keys,
    },
  ];
}
