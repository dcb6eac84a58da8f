/** P5 of 09: a for_each over 100,000 rows through a transform: linear, flat memory, bounded history, the result whole. */
import { hubClient, type HubClient } from '../proof/lib/hub.ts';
import type { Measured } from '../proof/lib/proof.ts';
import { startStack, type HubStack } from '../proof/lib/stack.ts';
import { longestHistory, startPeak } from './lib.ts';

const maxEvents = 2_500;
/** Time may grow this much faster than the number of rows. */
const linear = 1.3;
const maxRss = 1.5;

const definition = {
  schemaVersion: 1,
  inputs: { type: 'object', properties: { file: { type: 'object' } }, required: ['file'] },
  nodes: [
    { id: 'rows', type: 'data_source', config: { connector: 'file', action: 'read-rows', params: { file: '{{ input.file }}' } }, timeoutMs: 300_000 },
    { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ nodes.rows.output.rows }}', concurrency: 50 } },
    { id: 'mark', type: 'transform', parent: 'each', config: { expression: '{ "id": item.id, "long": $length(item.text) > 20, "n": index }' } },
    {
      id: 'count',
      type: 'transform',
      config: { expression: '{ "count": $count(nodes.each.output), "last": nodes.each.output[-1] }' },
      timeoutMs: 60_000,
    },
    { id: 'result', type: 'output', config: { name: 'seen', value: '{{ nodes.count.output }}' } },
  ],
  edges: [
    { from: 'rows', to: 'each' },
    { from: 'each', to: 'count' },
    { from: 'count', to: 'result' },
  ],
};

/** `--rows=100000` chooses the large one; the small one is a tenth of it. */
export async function run(log: (line: string) => void, args: string[]): Promise<Measured[]> {
  const rows = Number(args.find((arg) => arg.startsWith('--rows='))?.slice(7) ?? 100_000);
  const stack = await startStack({ temporalFile: true, env: { HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const workflow = await hub.publish('P5', definition);
    await measure(stack, hub, workflow, 500);
    const small = await measure(stack, hub, workflow, rows / 10);
    log(`${rows / 10} rows: ${(small.ms / 1000).toFixed(1)} s, peak of worker and pool ${small.rss} MB, longest history ${small.events} events`);
    const large = await measure(stack, hub, workflow, rows);
    log(`${rows} rows: ${(large.ms / 1000).toFixed(1)} s, peak of worker and pool ${large.rss} MB, longest history ${large.events} events`);
    const growth = large.ms / (10 * small.ms);
    const memory = large.rss / small.rss;
    return [
      {
        figure: `${rows} rows in ${(large.ms / 1000).toFixed(1)} s, ${growth.toFixed(2)} x ten times ${rows / 10} rows`,
        want: `<= ${linear} x`,
        ok: growth <= linear,
      },
      { figure: `peak memory ${large.rss} MB, ${memory.toFixed(2)} x`, want: `<= ${maxRss} x`, ok: memory <= maxRss },
      { figure: `longest history ${large.events} events`, want: `< ${maxEvents}`, ok: large.events < maxEvents },
      { figure: `${large.count} of ${rows} items in the result`, want: 'all, in order', ok: large.count === rows && large.last === rows - 1 },
    ];
  } finally {
    await stack.close();
  }
}

interface One {
  ms: number;
  rss: number;
  events: number;
  count: number;
  last: number;
}

async function measure(stack: HubStack, hub: HubClient, workflow: string, rows: number): Promise<One> {
  const file = await upload(stack, rows);
  const peak = startPeak(stack.workers()[0]?.pid);
  try {
    const run = await hub.start(workflow, { file });
    const view = await hub.settled(run, 1_800_000);
    if (view.status !== 'completed') throw new Error(`The run over ${rows} rows ended ${view.status}: ${JSON.stringify(view.error)}`);
    const ms = Date.parse(view.completedAt ?? '') - Date.parse(view.startedAt ?? '');
    const { seen } = view.output as { seen: { count: number; last: { n: number } } };
    return { ms, rss: peak.end().rss, events: await longestHistory(stack, run), count: seen.count, last: seen.last.n };
  } finally {
    peak.end();
  }
}

async function upload(stack: HubStack, rows: number): Promise<unknown> {
  const lines = ['id,text'];
  for (let n = 0; n < rows; n += 1) lines.push(`${n},row ${n} says ${'so '.repeat(n % 12)}much`);
  const form = new FormData();
  form.append('file', new Blob([lines.join('\n')], { type: 'text/csv' }), 'rows.csv');
  const answer = await fetch(`${stack.url}/api/v1/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.apiKey}` },
    body: form,
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
