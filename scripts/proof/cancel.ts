/**
 * F9. Runs of every kind of work are cancelled at once: each must be over within 10 s, and nothing may reach the far end later. Then runs that undo: what
 * they had written is deleted, the last row first, each row once, also where the worker is killed with -9 in the middle.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { cancelCases, rowsPerRun, undoDefinition, type CancelCase } from './cancel/cases.ts';
import { type FarDatabase, type LogLine, startFarDatabase } from './cancel/far-database.ts';
import { type HubClient, hubClient, inParallel, type RunView } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { insist } from './lib/server-kills.ts';
import { type HubStack, startStack } from './lib/stack.ts';
import { startStub, type Stub } from './lib/stub.ts';

const fullRuns = 200;
const limitMs = 10_000;
const beginMs = 120_000;
/** For how long the far end is watched after the last run has ended. */
const watchMs = 5_000;
const wide = 40;
const deleteMs = 600;

function numberOf(args: string[], name: string): number | undefined {
  const text = args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  return text === undefined ? undefined : Number(text);
}

interface Begun {
  run: string;
  kind: CancelCase;
}

interface Row {
  nodeId: string;
  status: string;
  attempt: number;
}

/** True once the work of node `w` is in hand: its row says so. */
async function isUnderWay(hub: HubClient, run: string): Promise<boolean> {
  const { items } = await hub.call<{ items: Row[] }>('GET', `/runs/${run}/nodes?limit=50&values=false`);
  return items.some(({ nodeId, status }) => (nodeId === 'w' || nodeId === 'c') && ['running', 'waiting', 'failed'].includes(status));
}

async function begin(hub: HubClient, stub: Stub, count: number): Promise<Begun[]> {
  const kinds = cancelCases(stub.url);
  const begun: Begun[] = [];
  for (const [at, kind] of kinds.entries()) {
    const child = kind.child === undefined ? null : await hub.publish(`${kind.name}, child`, kind.child);
    const workflow = await hub.publish(kind.name, JSON.parse(JSON.stringify(kind.definition).replaceAll('{{child}}', child ?? '')));
    const share = Math.floor(count / kinds.length) + (at < count % kinds.length ? 1 : 0);
    begun.push(...(await inParallel(Math.max(1, share), 10, async () => ({ run: await hub.start(workflow, {}), kind }))));
  }
  const end = Date.now() + beginMs;
  await inParallel(begun.length, wide, async (n) => {
    const { run, kind } = begun[n] as Begun;
    while (!(await insist(() => isUnderWay(hub, run)))) {
      if (Date.now() > end) throw new Error(`${run} (${kind.name}) did not begin within ${beginMs / 1_000} s`);
      await delay(250);
    }
    await kind.before?.(hub, run);
  });
  return begun;
}

async function cancelAll(hub: HubClient, stub: Stub, count: number, log: (line: string) => void): Promise<Measured[]> {
  const begun = await begin(hub, stub, count);
  log(`${begun.length} runs of ${new Set(begun.map(({ kind }) => kind.name)).size} kinds are at work`);
  const took = await inParallel(begun.length, begun.length, async (n) => {
    const { run } = begun[n] as Begun;
    // A server at its limit says 503; the cancel counts from the request that it took.
    const from = await insist(async () => {
      const at = Date.now();
      await hub.call('POST', `/runs/${run}/cancel`);
      return at;
    }, beginMs);
    const view = await insist(() => hub.settled(run, 60_000), beginMs);
    return { view, ms: Date.parse(view.completedAt ?? '') - from };
  });
  const calls = stub.calls();
  const open = stub.openCalls();
  const applied = stub.applied.size;
  await delay(watchMs);
  const later = stub.calls() - calls + (stub.applied.size - applied);
  const lines = byKind(begun, took);
  for (const line of lines) log(line);
  const right = took.filter(({ view, ms }) => view.status === 'cancelled' && ms <= limitMs).length;
  const slowest = Math.max(...took.map(({ ms }) => ms));
  return [
    {
      figure: `${right} of ${begun.length} runs of ${lines.length} kinds stopped within 10 s of the cancel, the slowest in ${(slowest / 1_000).toFixed(1)} s`,
      want: `${begun.length} of ${begun.length}`,
      ok: right === begun.length,
    },
    { figure: `${later} effects later, ${open} calls still open at the end`, want: '0 and 0', ok: later === 0 && open === 0 },
  ];
}

function byKind(begun: Begun[], took: { view: RunView; ms: number }[]): string[] {
  const kinds = [...new Set(begun.map(({ kind }) => kind.name))];
  return kinds.map((name) => {
    const own = took.filter((_, n) => begun[n]?.kind.name === name);
    const right = own.filter(({ view, ms }) => view.status === 'cancelled' && ms <= limitMs).length;
    const states = [...new Set(own.map(({ view }) => view.status))].join(', ');
    return `${name}: ${right} of ${own.length} (${states}), slowest ${(Math.max(...own.map(({ ms }) => ms)) / 1_000).toFixed(1)} s`;
  });
}

interface Undone extends RunView {
  undo?: { total: number; completed: number; failed: number; open: number } | null;
}

/** Runs that undo, half cancelled and half failed, with kills of the worker while they do. */
async function undoAll(
  stack: HubStack,
  hub: HubClient,
  far: FarDatabase,
  count: number,
  kills: number,
  log: (line: string) => void,
): Promise<Measured[]> {
  const { id } = await hub.call<{ id: string }>('POST', '/credentials', { name: 'far', kind: 'postgres', values: far.values });
  const both = await hub.publish('Undo', undoDefinition(id));
  const cancelOnly = await hub.publish('Undo when cancelled', undoDefinition(id, 'cancel'));
  const undoing = await inParallel(count, 10, () => hub.start(both, {}));
  const untouched = await inParallel(3, 3, () => hub.start(cancelOnly, {}));
  const all = [...undoing, ...untouched];
  await inParallel(all.length, 10, async (n) => {
    for (const end = Date.now() + beginMs; ; await delay(200)) {
      const { status } = await hub.call<RunView>('GET', `/runs/${all[n]}`);
      if (status === 'waiting') return;
      if (Date.now() > end || status === 'failed') throw new Error(`${all[n]} does not wait: ${status}`);
    }
  });
  log(`${all.length} runs have written ${rowsPerRun} rows each`);
  // Slow enough for the kills to meet deletes in flight.
  await far.slowDeletes(deleteMs);
  let going = true;
  const killing = killWorkers(stack, kills, () => going, log);
  const stopOrFail = async (n: number): Promise<unknown> =>
    n % 2 === 0 && n < count
      ? await hub.call('POST', `/runs/${all[n]}/cancel`)
      : await hub.call('POST', `/runs/${all[n]}/signals/go`, { payload: null, messageId: 'go' });
  await inParallel(all.length, 10, stopOrFail);
  const views = await inParallel(count, wide, async (n) => await hub.settled(undoing[n] ?? '', 300_000));
  await inParallel(untouched.length, 3, (n) => hub.settled(untouched[n] ?? ''));
  going = false;
  const killed = await killing;
  return await judge({ hub, far, views, untouched, killed, log });
}

async function killWorkers(stack: HubStack, most: number, going: () => boolean, log: (line: string) => void): Promise<number> {
  let done = 0;
  while (going() && done < most) {
    await delay(1_000 + 2_000 * Math.random());
    if (!going()) break;
    for (const worker of stack.workers()) worker.kill('SIGKILL');
    stack.startWorker();
    done += 1;
    log(`kill -9 number ${done}`);
  }
  return done;
}

interface Evidence {
  hub: HubClient;
  far: FarDatabase;
  views: RunView[];
  untouched: string[];
  killed: number;
  log: (line: string) => void;
}

async function judge({ hub, far, views, untouched, killed, log }: Evidence): Promise<Measured[]> {
  const lines = await far.log();
  const standing = await far.standing();
  let undone = 0;
  let inOrder = 0;
  let told = 0;
  for (const { id } of views) {
    const own = lines.filter(({ run }) => run === id);
    const [written, deleted] = [idsOf(own, 'insert'), idsOf(own, 'delete')];
    // Written while a worker died, and not known to the hub: such a step waits for a person, so none is here.
    const all = written.length > 0 && deleted.length === written.length;
    const view = await hub.call<Undone>('GET', `/runs/${id}`);
    if (all) undone += 1;
    if (await isReversed(hub, id, own)) inOrder += 1;
    if (view.undo?.completed === deleted.length && view.undo.open === 0) told += 1;
    if (!all)
      log(
        `wrong: ${id} ${view.status} wrote ${written.length}, deleted ${deleted.length}, says ${JSON.stringify(view.undo)} ${JSON.stringify(view.error)}`,
      );
  }
  const twice = idsOf(lines, 'delete').length - new Set(idsOf(lines, 'delete')).size;
  const kept = standing.filter(({ run }) => untouched.includes(run)).length;
  const n = views.length;
  return [
    { figure: `${undone} of ${n} runs undid all they had done, under ${killed} kill -9`, want: `${n} of ${n}`, ok: undone === n },
    { figure: `${inOrder} of ${n} in reverse of the order in which their steps completed`, want: `${n} of ${n}`, ok: inOrder === n },
    { figure: `${twice} rows deleted twice, ${told} of ${n} runs say what they undid`, want: `0, ${n} of ${n}`, ok: twice === 0 && told === n },
    {
      figure: `${kept} of ${untouched.length * rowsPerRun} rows stand of runs that undo only when cancelled`,
      want: `${untouched.length * rowsPerRun}`,
      ok: kept === untouched.length * rowsPerRun,
    },
  ];
}

const idsOf = (lines: LogLine[], kind: LogLine['kind']): number[] => lines.filter((line) => line.kind === kind).map(({ id }) => id);

/** Against the times at which the hub says that the steps completed. */
async function isReversed(hub: HubClient, run: string, lines: LogLine[]): Promise<boolean> {
  const rows = (await hub.nodes(run)).filter(({ status, nodeId }) => status === 'completed' && ['a', 'b', 'c', 'kept'].includes(nodeId));
  const order = rows
    .toSorted((x, y) => Date.parse(y.completedAt ?? '') - Date.parse(x.completedAt ?? ''))
    .map(({ nodeId, iteration }) => ({
      step: nodeId === 'c' ? `c${(iteration ?? 0) + 1}` : nodeId,
      at: rows.find((row) => row.nodeId === nodeId && row.iteration === iteration)?.completedAt ?? '',
    }));
  const deleted = lines.filter(({ kind }) => kind === 'delete').map(({ step }) => step);
  if (deleted.length !== order.length) return false;
  const at = new Map(order.map(({ step, at: time }) => [step, Date.parse(time)]));
  // Steps that completed in one millisecond have no order here.
  return deleted.every((step, n) => n === 0 || (at.get(deleted[n - 1] ?? '') ?? 0) >= (at.get(step) ?? Infinity));
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const count = numberOf(args, 'runs') ?? fullRuns;
  const undoing = numberOf(args, 'undo') ?? Math.ceil(count / 5);
  const kills = numberOf(args, 'kills') ?? (count >= fullRuns ? 5 : 2);
  const stub = await startStub();
  let far: FarDatabase | undefined;
  const { startTestStack } = await import('../bootstrap/test-stack.mjs');
  const farServer = await startTestStack({ postgres: true, temporal: false });
  try {
    far = await startFarDatabase(farServer.environment.TEST_DATABASE_OWNER_URL ?? '');
    const stack = await startStack({
      bundled: true,
      env: {
        HUB_OUTBOUND_ALLOW: `${stub.hostPort},${far.hostPort}`,
        HUB_RATE_PER_MINUTE: '10000000',
        HUB_LOG_LEVEL: 'warn',
        HUB_WORKER_STEPS: '400',
        HUB_WEB_DIST: '',
      },
    });
    try {
      const hub = hubClient(stack.url, stack.apiKey);
      return [...(await cancelAll(hub, stub, count, log)), ...(await undoAll(stack, hub, far, undoing, kills, log))];
    } finally {
      await stack.close();
    }
  } finally {
    await far?.close();
    await farServer.stop();
    await stub.close();
  }
}
