/** 03 `cache: { ttlMs }`: the same input gives the same output without running again. The far end counts the calls of each key. */
import { same, type ScriptedCase } from './api.ts';
import { chain, graph, http, node, out } from './cases.ts';
import { publish, rowsOf, settled, start, want, type Hub } from './run.ts';

interface Row {
  nodeId: string;
  tokens: number | null;
  costUsd: number | null;
  cached?: { runId: string; tokens: number | null; costUsd: number | null };
}

let keys = 0;
const freshKey = (): string => `cache-${process.pid}-${(keys += 1)}`;
const cache = { cache: { ttlMs: 60_000 } };

async function done(hub: Hub, workflow: string, input: object = {}): Promise<{ run: string; output: unknown; rows: Map<string, Row> }> {
  const run = await start(hub, workflow, { input });
  const { output } = await settled(hub, run);
  return { run, output, rows: new Map(((await rowsOf(hub, run)) as unknown as Row[]).map((row) => [row.nodeId, row])) };
}

export const stepCacheCases: ScriptedCase[] = [
  {
    name: 'cache: the same filled input takes the kept output; another input, and a cleared cache, call again',
    run: async (hub, stub) => {
      const key = freshKey();
      const read = http('read', `${stub}/?key=${key}-{{ input.who }}`, cache);
      const workflow = await publish(hub, graph([read, out('n', '{{ nodes.read.output.body.n }}')], chain('read', 'n')));
      const first = await done(hub, workflow, { who: 'ann' });
      const second = await done(hub, workflow, { who: 'ann' });
      const other = await done(hub, workflow, { who: 'bob' });
      const kept = await want<{ items: { nodeId: string; runId: string; uses: number }[] }>(
        hub,
        200,
        'GET',
        `/workflows/${workflow}/cache?nodeId=read`,
      );
      const cleared = await want(hub, 200, 'DELETE', `/workflows/${workflow}/cache?nodeId=read`);
      const again = await done(hub, workflow, { who: 'ann' });
      return [
        ...same('outputs', [first.output, second.output, other.output, again.output], [{ n: 1 }, { n: 1 }, { n: 1 }, { n: 2 }]),
        ...same('first is no taken one', first.rows.get('read')?.cached, undefined),
        ...same('second is', second.rows.get('read')?.cached?.runId, first.run),
        ...same(
          'kept',
          kept.items.map(({ runId, uses }) => ({ runId, uses })),
          [
            { runId: other.run, uses: 0 },
            { runId: first.run, uses: 1 },
          ],
        ),
        ...same('cleared', cleared, { cleared: 2 }),
      ];
    },
  },
  {
    name: 'cache: a model call that was paid is not paid again, and the row says what it had cost',
    run: async (hub) => {
      const ask = node('ask', 'prompt', { model: 'demo/echo', messages: [{ role: 'user', content: 'Say {{ input.word }}' }] }, cache);
      const workflow = await publish(hub, graph([ask, out('text', '{{ nodes.ask.output.text }}')], chain('ask', 'text')));
      const first = await done(hub, workflow, { word: 'ship' });
      const second = await done(hub, workflow, { word: 'ship' });
      const [paid, taken] = [first.rows.get('ask'), second.rows.get('ask')];
      return [
        ...same('outputs', second.output, first.output),
        ...same('paid once', [(paid?.tokens ?? 0) > 0, taken?.tokens], [true, null]),
        ...same('had cost', taken?.cached?.tokens, paid?.tokens),
      ];
    },
  },
  {
    name: 'cache: a person who asks for the very step to run again gets it run again',
    run: async (hub, stub) => {
      const workflow = await publish(
        hub,
        graph([http('read', `${stub}/?key=${freshKey()}`, cache), out('n', '{{ nodes.read.output.body.n }}')], chain('read', 'n')),
      );
      const first = await done(hub, workflow);
      const { id } = await want<{ id: string }>(hub, 202, 'POST', `/runs/${first.run}/retry`, { fromNode: 'read' });
      return same('asked again', (await settled(hub, id)).output, { n: 2 });
    },
  },
  {
    name: 'cache: items of a loop take it each for itself; a failed attempt is never kept',
    run: async (hub, stub) => {
      const key = freshKey();
      const read = node(
        'read',
        'data_source',
        {
          connector: 'http',
          action: 'request',
          params: { method: 'GET', url: `${stub}/?key=${key}-{{ item }}&failures={{ item = 2 ? 1 : 0 }}&status=500` },
          forEach: '{{ [1, 2] }}',
          concurrency: 1,
        },
        { ...cache, retry: { maxAttempts: 2, initialMs: 10 } },
      );
      const workflow = await publish(hub, graph([read, out('n', '{{ nodes.read.output.body.n }}')], chain('read', 'n')));
      const first = await done(hub, workflow);
      const second = await done(hub, workflow);
      return [...same('second attempt of item 2', first.output, { n: [1, 2] }), ...same('the same again', second.output, { n: [1, 2] })];
    },
  },
];
