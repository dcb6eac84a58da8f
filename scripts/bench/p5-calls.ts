/**
 * P5 where the body is a step that reaches outside: a `forEach` over 100,000 calls, 50 at a time, each item with its own row, effect key and attempts.
 * Memory of worker and pool must not grow with the number of items, nor the history.
 */
import { hubClient, type HubClient } from '../proof/lib/hub.ts';
import type { Measured } from '../proof/lib/proof.ts';
import { startStack, type HubStack } from '../proof/lib/stack.ts';
import { startStub, type Stub } from '../proof/lib/stub.ts';
import { longestHistory, startPeak } from './lib.ts';

const concurrency = 50;
const maxEvents = 2_500;
const maxRss = 1.5;
/** Time may grow this much faster than the number of items. */
const linear = 1.3;

/** The last item is looked at, and all are counted, by an expression that reads the whole result. */
function definition(url: string): unknown {
  const params = { method: 'PUT', url: `${url}/work?n={{ item }}` };
  const seen = '{ "count": $count(nodes.call.output), "sum": $sum(nodes.call.output.body.n) }';
  return {
    schemaVersion: 1,
    settings: { timeoutMs: 7_200_000 },
    nodes: [
      { id: 'call', type: 'action', config: { connector: 'http', action: 'request', params, forEach: '{{ [1..input.count] }}', concurrency } },
      { id: 'count', type: 'transform', config: { expression: seen }, timeoutMs: 60_000 },
      { id: 'result', type: 'output', config: { name: 'seen', value: '{{ nodes.count.output }}' } },
    ],
    edges: [
      { from: 'call', to: 'count' },
      { from: 'count', to: 'result' },
    ],
  };
}

/** `--items=100000` chooses the large one; the small one is a tenth of it. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const items = Number(args.find((arg) => arg.startsWith('--items='))?.slice(8) ?? 100_000);
  const stub = await startStub();
  const stack = await startStack({
    temporalFile: true,
    env: { HUB_OUTBOUND_ALLOW: stub.hostPort, HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' },
  });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('P5 calls', definition(stub.url));
    await measure(stack, hub, stub, workflow, 500);
    const told = (one: One, count: number): void =>
      log(
        `${count} items: ${(one.ms / 1000).toFixed(1)} s, peak ${one.rss} MB (worker ${one.worker}, pool ${one.pool}), longest history ${one.events} events`,
      );
    const small = await measure(stack, hub, stub, workflow, items / 10);
    told(small, items / 10);
    const large = await measure(stack, hub, stub, workflow, items);
    told(large, items);
    const growth = large.ms / (10 * small.ms);
    const memory = large.rss / small.rss;
    return [
      {
        figure: `${items} calls in ${(large.ms / 1000).toFixed(1)} s, ${growth.toFixed(2)} x ten times ${items / 10}`,
        want: `<= ${linear} x`,
        ok: growth <= linear,
      },
      {
        figure: `peak memory of worker and pool ${large.rss} MB, ${memory.toFixed(2)} x that of ${items / 10}`,
        want: `<= ${maxRss} x`,
        ok: memory <= maxRss,
      },
      { figure: `longest history ${large.events} events`, want: `< ${maxEvents}`, ok: large.events < maxEvents },
      {
        figure: `${large.whole} of ${items} items in the result, ${large.repeated} effect keys sent twice`,
        want: 'all, 0',
        ok: large.whole === items && large.repeated === 0,
      },
    ];
  } finally {
    await stack.close();
    await stub.close();
  }
}

interface One {
  ms: number;
  rss: number;
  worker: number;
  pool: number;
  events: number;
  whole: number;
  repeated: number;
}

async function measure(stack: HubStack, hub: HubClient, stub: Stub, workflow: string, count: number): Promise<One> {
  stub.received.clear();
  stub.applied.clear();
  const peak = startPeak(stack.workers()[0]?.pid);
  try {
    const run = await hub.start(workflow, { count });
    const view = await hub.settled(run, 3_600_000);
    if (view.status !== 'completed') throw new Error(`The run over ${count} items ended ${view.status}: ${JSON.stringify(view.error)}`);
    const ms = Date.parse(view.completedAt ?? '') - Date.parse(view.startedAt ?? '');
    const { seen } = view.output as { seen: { count: number; sum: number } };
    const repeated = [...stub.received.values()].filter((times) => times > 1).length;
    const whole = seen.sum === (count * (count + 1)) / 2 ? seen.count : 0;
    return { ms, ...peak.end(), events: await longestHistory(stack, run), whole, repeated };
  } finally {
    peak.end();
  }
}
