/**
 * F7: signals and answers to runs that wait, while the runs continue as new every ~200 events and the worker is killed with -9. Half of all are
 * signals, half answers to approvals; every tenth is sent twice. Each must be applied exactly once. `--count=n` for less than 10,000;
 * `--freezes=n` stops the worker as often for longer than a workflow task may take (decision 023).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { hubClient, type HubClient, type RunView } from './lib/hub.ts';
import { describeOpen } from './lib/open-runs.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';

const fullCount = 10_000;
const fullRuns = 50;
const fullKills = 20;
const killPauseMs = 5_000;
/** Longer than the 10 s of a workflow task. */
const frozenMs = 11_000;
const sendersPerKind = 4;
/** Nothing new to answer, or no run that ends, for so long (a new worker on a busy machine takes a while): it hangs. */
const patienceMs = 120_000;

const ended = new Set(['completed', 'failed', 'cancelled', 'timed_out']);

interface Job {
  run: string;
  n: number;
}
interface Approval {
  id: string;
  runId: string;
  nodeId: string;
  path: string;
}

/** Two loops side by side: one waits for signals, one asks people. Each gives what it was told, in its own order. */
function definition(each: number): unknown {
  const items = `{{ [1..${each}] }}`;
  const loop = (id: string, result: string): object => ({ id, type: 'loop', config: { mode: 'for_each', items, concurrency: 10, result } });
  return {
    schemaVersion: 1,
    nodes: [
      loop('signals', '{{ nodes.go.output.payload.n }}'),
      { id: 'go', type: 'wait', parent: 'signals', config: { signal: 'go' } },
      loop('approvals', '{{ nodes.ok.output.form.n }}'),
      {
        id: 'ok',
        type: 'approval',
        parent: 'approvals',
        config: { title: 'Item {{ index }}', form: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } },
      },
      { id: 'end', type: 'merge', join: 'all', config: { mode: 'object' } },
      { id: 'result', type: 'output', config: { name: 'told', value: '{{ nodes.end.output }}' } },
    ],
    edges: [
      { from: 'signals', to: 'end' },
      { from: 'approvals', to: 'end' },
      { from: 'end', to: 'result' },
    ],
    settings: { maxConcurrentRuns: 1_000 },
  };
}

/** Sends again until it was taken: a client does not know whether an answer that failed had an effect, and need not. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (failure) {
      if (tries >= 100) throw failure;
      await delay(100);
    }
  }
}

async function sendSignals(hub: HubClient, jobs: Job[]): Promise<void> {
  for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
    const { run, n } = job;
    const send = (): Promise<unknown> => insist(() => hub.call('POST', `/runs/${run}/signals/go`, { payload: { n }, messageId: `signal-${n}` }));
    await send();
    if (n % 10 === 0) await send();
  }
}

/** Answers whatever is open until every approval of these runs was. */
async function answerAll(hub: HubClient, runs: string[], each: number): Promise<void> {
  const left = new Map(runs.map((run) => [run, each]));
  let last = Date.now();
  while (left.size > 0) {
    let found = 0;
    if (Date.now() - last > patienceMs)
      throw new Error(`No approval opened for ${patienceMs / 1000} s, with ${[...left.values()].reduce((a, b) => a + b)} still to be answered.`);
    for (const run of left.keys()) {
      const { items } = await insist(() => hub.call<{ items: Approval[] }>('GET', `/approvals?status=pending&limit=200&runId=${run}`));
      for (const { path, nodeId } of items) {
        const n = Number(/\[(\d+)\]/.exec(path)?.[1]);
        const answer = (): Promise<unknown> =>
          insist(() =>
            hub.call('POST', `/runs/${run}/nodes/${nodeId}/answer`, { decision: 'approved', path, form: { n }, messageId: `answer-${n}` }),
          );
        await answer();
        if (n % 10 === 0) await answer();
        found += 1;
        last = Date.now();
        left.set(run, (left.get(run) ?? 0) - 1);
      }
      if ((left.get(run) ?? 0) <= 0) left.delete(run);
    }
    if (found === 0) await delay(100);
  }
}

async function killWorkers(stack: HubStack, most: number, going: () => boolean, log: (line: string) => void): Promise<number> {
  let done = 0;
  while (going() && done < most) {
    await delay(killPauseMs * (0.6 + 0.8 * Math.random()));
    if (!going()) break;
    for (const worker of stack.workers()) worker.kill('SIGKILL');
    stack.startWorker();
    done += 1;
    log(`kill -9 number ${done}`);
  }
  return done;
}

/** Stops the worker for longer than a workflow task may take, and lets it go on: what it decided meanwhile is refused, what it did has been done. */
async function freezeWorkers(stack: HubStack, most: number, going: () => boolean, log: (line: string) => void): Promise<number> {
  let done = 0;
  while (going() && done < most) {
    await delay(killPauseMs * (0.5 + 0.5 * Math.random()));
    if (!going()) break;
    const workers = stack.workers();
    for (const worker of workers) worker.kill('SIGSTOP');
    await delay(frozenMs);
    for (const worker of workers) worker.kill('SIGCONT');
    done += 1;
    log(`freeze number ${done}`);
  }
  return done;
}

/** How many of 0..each-1 stand in the list exactly once. */
function once(list: unknown, each: number, base: number): number {
  const counts = new Map<number, number>();
  for (const n of Array.isArray(list) ? (list as number[]) : []) counts.set(n, (counts.get(n) ?? 0) + 1);
  return Array.from({ length: each }, (_, n) => counts.get(n + base)).filter((count) => count === 1).length;
}

function numberOf(args: string[], name: string): number | undefined {
  const text = args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  return text === undefined ? undefined : Number(text);
}

export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const wanted = numberOf(args, 'count') ?? fullCount;
  const runCount = Math.max(1, Math.min(fullRuns, Math.round(wanted / 40)));
  const each = Math.max(1, Math.round(wanted / runCount / 2));
  const count = each * runCount * 2;
  const kills = numberOf(args, 'kills') ?? (wanted >= fullCount ? fullKills : 2);
  const freezes = numberOf(args, 'freezes') ?? 0;
  const stack = await startStack({
    bundled: true,
    env: { HUB_RATE_PER_MINUTE: '10000000', HUB_LOG_LEVEL: 'warn', HUB_CONTINUE_AFTER: String(numberOf(args, 'continue') ?? 200) },
  });
  const runs: string[] = [];
  let going = true;
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('Signals', definition(each));
    for (let n = 0; n < runCount; n += 1) runs.push(await hub.start(workflow, {}));
    log(`${runCount} runs, ${count} signals and answers`);
    const jobs = runs.flatMap((id) => Array.from({ length: each }, (_, n) => ({ run: id, n }))).sort(() => Math.random() - 0.5);
    const killing = killWorkers(stack, kills, () => going, log);
    const freezing = freezeWorkers(stack, freezes, () => going, log);
    const share = Math.ceil(runs.length / sendersPerKind);
    await Promise.all([
      ...Array.from({ length: sendersPerKind }, () => sendSignals(hub, jobs)),
      ...Array.from({ length: sendersPerKind }, (_, n) => answerAll(hub, runs.slice(n * share, (n + 1) * share), each)),
    ]);
    log('all sent');
    const views = await allSettled(hub, runs, log);
    going = false;
    const killed = await killing;
    const frozen = await freezing;
    let applied = 0;
    for (const view of views) {
      const told = (view.output as { told?: { signals?: unknown; approvals?: unknown } } | null)?.told;
      const right = once(told?.signals, each, 0) + once(told?.approvals, each, 0);
      applied += right;
      if (view.status !== 'completed' || right !== 2 * each)
        log(`wrong: ${view.id} ${view.status} ${right} of ${2 * each} ${JSON.stringify(view.error)}`);
    }
    const executions = await executionsOf(stack, runs);
    return [
      {
        figure: `${applied} of ${count} signals and answers applied once, ${killed} kill -9, ${frozen} stops of ${frozenMs / 1000} s`,
        want: `${count} of ${count}`,
        ok: applied === count,
      },
      { figure: `${(executions / runCount).toFixed(1)} executions per run`, want: '>= 2', ok: executions >= 2 * runCount },
    ];
  } catch (failure) {
    going = false;
    for (const line of [...stack.lastWords(), ...(await describeOpen(stack.env, runs))]) log(line);
    throw failure;
  } finally {
    await stack.close();
  }
}

/** Waits for the ends of all, as long as some go on ending. */
async function allSettled(hub: HubClient, runs: string[], log: (line: string) => void): Promise<RunView[]> {
  const views = new Map<string, RunView>();
  let last = Date.now();
  while (views.size < runs.length) {
    for (const id of runs) {
      if (views.has(id)) continue;
      const view = await insist(() => hub.call<RunView>('GET', `/runs/${id}`));
      if (!ended.has(view.status)) continue;
      views.set(id, view);
      last = Date.now();
      if (views.size % 10 === 0 || views.size === runs.length) log(`${views.size} of ${runs.length} runs have ended`);
    }
    if (Date.now() - last > patienceMs) throw new Error(`${runs.length - views.size} of ${runs.length} runs do not end.`);
    await delay(200);
  }
  return runs.flatMap((id) => views.get(id) ?? []);
}

/** Executions of all chains: how often runs continued as new. */
async function executionsOf(stack: HubStack, runs: string[]): Promise<number> {
  const { Client, Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection });
    let all = 0;
    for (const id of runs) {
      let runId = (await client.workflow.getHandle(id).describe()).raw.workflowExecutionInfo?.execution?.runId ?? undefined;
      while (runId !== undefined && runId !== '') {
        all += 1;
        const history = await client.workflow.getHandle(id, runId).fetchHistory();
        runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
      }
    }
    return all;
  } finally {
    await connection.close();
  }
}
