/**
 * Short reads one after another, tried as local activities (infra/decisions/014), while the worker is killed with -9 again and again. A local activity
 * leaves no trace before its workflow task ends, so whole rows of them are done again by the next worker: every run must still give the right result,
 * with every step recorded once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { hubClient } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack, type HubStack } from './lib/stack.ts';
import { startStub, type Stub } from './lib/stub.ts';

const usual = { runs: 40, kills: 6 };
const itemCount = 60;
const callMs = 60;
/** From the moment when calls are in flight again. */
const killPauseMs = { least: 1_000, most: 5_000 };
const enoughInFlight = 3;

/** One call in a loop, so that each new worker learns within a few that it is quick; with a step behind it, so that each item is by itself. */
function definition(url: string): unknown {
  return {
    schemaVersion: 1,
    nodes: [
      {
        id: 'each',
        type: 'loop',
        config: { mode: 'for_each', items: `{{ [0..${itemCount - 1}] }}`, concurrency: 1, result: '{{ nodes.n.output }}' },
      },
      {
        id: 'call',
        type: 'data_source',
        parent: 'each',
        config: { connector: 'http', action: 'request', params: { url: `${url}/work?ms=${callMs}&n={{ item }}` } },
      },
      { id: 'n', type: 'transform', parent: 'each', config: { expression: 'nodes.call.output.body.n' } },
      { id: 'result', type: 'output', config: { name: 'sum', value: '{{ $sum(nodes.each.output) }}' } },
    ],
    edges: [
      { from: 'call', to: 'n' },
      { from: 'each', to: 'result' },
    ],
    settings: { maxConcurrentRuns: 1000 },
  };
}

/** `--runs=40 --kills=6` make it smaller. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const option = (name: keyof typeof usual): number => Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? usual[name]);
  const [runCount, killCount] = [option('runs'), option('kills')];
  const stub = await startStub();
  const stack = await startStack({
    bundled: true,
    env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' },
  });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('Durability of tries', definition(stub.url));
    const runs: string[] = [];
    const starting = (async () => {
      for (let n = 0; n < runCount; n += 1) {
        runs.push(await hub.start(workflow, {}, `quick-${n}`));
        await delay(1_000);
      }
    })();
    const inFlight: number[] = [];
    for (let n = 0; n < killCount; n += 1) {
      await busy(stub);
      await delay(killPauseMs.least + Math.random() * (killPauseMs.most - killPauseMs.least));
      await busy(stub);
      inFlight.push(stub.openCalls());
      for (const worker of stack.workers()) worker.kill('SIGKILL');
      stack.startWorker();
      log(`kill -9 number ${n + 1}: ${inFlight.at(-1)} calls in flight`);
    }
    await starting;
    const views = await Promise.all(runs.map((id) => hub.settled(id, 600_000)));
    const sum = (itemCount * (itemCount - 1)) / 2;
    const right = views.filter((view) => view.status === 'completed' && (view.output as { sum?: number } | null)?.sum === sum).length;
    for (const view of views) if (view.status !== 'completed') log(`wrong: ${view.id} ${view.status} ${JSON.stringify(view.error)}`);
    const steps = views.reduce((all, view) => all + view.totals.steps, 0);
    const { tried, ordinary } = await placed(stack, runs);
    log(
      `${tried} steps stand in the histories as tries, ${ordinary} ordinary activities; stub: ${stub.calls()} calls for ${runCount * itemCount} items`,
    );
    return [
      { figure: `${right} of ${runCount} runs right under ${inFlight.length} kill -9`, want: `${runCount} of ${runCount}`, ok: right === runCount },
      { figure: `${steps - runCount * (2 * itemCount + 2)} attempts beyond one a step`, want: 'only what was lost', ok: true },
      { figure: `${tried} of ${runCount * itemCount} items as tries`, want: '> half', ok: tried > (runCount * itemCount) / 2 },
    ];
  } finally {
    await stack.close();
    await stub.close();
  }
}

/** Waits until enough calls are in flight; not for ever, because the runs may be over. */
async function busy(stub: Stub): Promise<void> {
  for (let tries = 0; tries < 1_500 && stub.openCalls() < enoughInFlight; tries += 1) await delay(20);
}

/** How many steps the histories hold as local activities, and how many as ordinary ones. */
async function placed(stack: HubStack, runs: string[]): Promise<{ tried: number; ordinary: number }> {
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection, namespace: stack.env['TEMPORAL_NAMESPACE'] ?? 'default' });
    let [tried, ordinary] = [0, 0];
    for (const run of runs) {
      for (const event of (await client.workflow.getHandle(run).fetchHistory()).events ?? []) {
        ordinary += event.activityTaskScheduledEventAttributes?.activityType?.name === 'runStep' ? 1 : 0;
        const payloads = event.markerRecordedEventAttributes?.details?.['data']?.payloads ?? [];
        tried += payloads.some(({ data }) =>
          Buffer.from(data ?? [])
            .toString()
            .includes('tryStep'),
        )
          ? 1
          : 0;
      }
    }
    return { tried, ordinary };
  } finally {
    await connection.close();
  }
}
