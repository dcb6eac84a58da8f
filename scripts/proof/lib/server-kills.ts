/** Runs while a server of the hub is killed and started again: what F3 and F4 have in common. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { hubClient, inParallel, type HubClient, type RunView } from './hub.ts';
import type { Measured } from './proof.ts';
import type { HubStack } from './stack.ts';
import type { Stub } from './stub.ts';
import { sumWorkflow } from './sum-workflow.ts';

/** Steps of each run: idempotent writes of 200 ms one after another, numbers added up on the way, so that a lost or doubled step shows. */
const callCount = 5;
const callMs = 200;
const starters = 4;
const settleMs = 600_000;
const agreeMs = 60_000;

export const killDefinition = (url: string): unknown =>
  sumWorkflow({ calls: callCount, maxConcurrentRuns: 40, request: (n) => ({ method: 'PUT', url: `${url}/work?ms=${callMs}&n=${n}` }) });

export interface KillProof {
  stack: HubStack;
  stub: Stub;
  runs: number;
  kills: number;
  /** One death and the way back; resolves when the server answers again. */
  kill: (n: number) => Promise<void>;
  log: (line: string) => void;
}

export interface KillEnd {
  measured: Measured[];
  views: RunView[];
  /** Ids that were answered with 202. */
  ids: string[];
}

/** Starts the runs over the whole time of the kills; a start that is refused is tried again under its key. */
export async function runUnderKills({ stack, stub, runs, kills, kill, log }: KillProof): Promise<KillEnd> {
  const hub = hubClient(stack.url, stack.apiKey);
  const workflow = await hub.publish('Kills', killDefinition(stub.url));
  let started = 0;
  const killing = (async () => {
    for (let n = 1; n <= kills; n += 1) {
      // Each kill falls among its share of the starts.
      while (started < Math.floor(((n - 0.5) / kills) * runs)) await delay(20);
      await kill(n);
      log(`kill ${n} of ${kills}, ${started} runs started`);
    }
  })();
  const ids = await inParallel(runs, starters, async (n) => {
    const id = await insist(() => hub.start(workflow, { start: n * 1_000 }, `kills-${n}`));
    started += 1;
    return id;
  });
  await killing;
  log('all started, all killed');
  const views = await inParallel(ids.length, 16, async (n) => insist(() => hub.settled(ids[n] ?? '', settleMs)));
  const expected = (n: number): number => n * 1_000 + (callCount * (callCount - 1)) / 2;
  const right = views.filter((view, n) => view.status === 'completed' && (view.output as { sum?: number } | null)?.sum === expected(n)).length;
  for (const [n, view] of views.entries()) if (view.status !== 'completed') log(`wrong: run ${ids[n]} ${view.status} ${JSON.stringify(view.error)}`);
  const rows = await rowsOf(hub, ids);
  const keys = runs * callCount;
  const disagree = await disagreeing(stack, views, log);
  return {
    ids,
    views,
    measured: [
      { figure: `${right} of ${runs} runs right under ${kills} kills`, want: `${runs} of ${runs}`, ok: right === runs },
      { figure: `${stub.applied.size} of ${keys} effect keys applied`, want: `${keys} of ${keys}`, ok: stub.applied.size === keys },
      { figure: `${rows} of ${runs * (2 * callCount + 1)} steps completed once`, want: 'all', ok: rows === runs * (2 * callCount + 1) },
      { figure: `${disagree} rows disagree with Temporal`, want: '0', ok: disagree === 0 },
    ],
  };
}

/** A client does not know whether a call that failed had its effect, and need not: its key says so. */
export async function insist<T>(call: () => Promise<T>, limitMs = settleMs): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await call();
    } catch (failure) {
      if (Date.now() > end) throw failure;
      await delay(250);
    }
  }
}

async function rowsOf(hub: HubClient, ids: string[]): Promise<number> {
  const counts = await inParallel(ids.length, 4, async (n) => {
    const rows = await insist(() => hub.nodes(ids[n] ?? ''));
    const completed = rows.filter(({ status }) => status === 'completed').map(({ path }) => path);
    return new Set(completed).size === completed.length ? completed.length : 0;
  });
  return counts.reduce((a, b) => a + b, 0);
}

const temporalName: Record<string, string> = { COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'cancelled', RUNNING: 'running' };

/** A run's row is settled by the last step of its workflow, which may have to be told so again: they agree within a minute (04, rule 20). */
export async function disagreeing(stack: HubStack, views: RunView[], log: (line: string) => void): Promise<number> {
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection });
    const statusOf = async (id: string): Promise<string> => {
      const { name } = (await insist(() => client.workflow.getHandle(id).describe())).status;
      return temporalName[name] ?? name;
    };
    let left = views;
    for (const end = Date.now() + agreeMs; ; await delay(500)) {
      const names = await inParallel(left.length, 8, (n) => statusOf(left[n]?.id ?? ''));
      const late = Date.now() > end;
      if (late)
        for (const [n, view] of left.entries()) if (names[n] !== view.status) log(`disagree: ${view.id} ${view.status}, in Temporal ${names[n]}`);
      left = left.filter((view, n) => names[n] !== view.status);
      if (left.length === 0 || late) return left.length;
    }
  } finally {
    await connection.close();
  }
}

/** `--runs=n`, `--kills=n`. */
export function killCounts(args: string[]): { runs: number; kills: number } {
  const option = (name: string, usual: number): number => Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? usual);
  return { runs: option('runs', 300), kills: option('kills', 20) };
}
