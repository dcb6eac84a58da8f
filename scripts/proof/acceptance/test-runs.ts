/** 03, Meaning 14: test runs of a draft, one node or up to one, pinned outputs, and a past run's data. */
import { same, type ScriptedCase } from './api.ts';
import { calc, chain, check, edge, graph, node, out, type RunCase } from './cases.ts';
import { create, publish, settled, start, want } from './run.ts';

const line = [calc('a', 'input.n * 2'), calc('b', 'nodes.a.output + 1'), calc('c', 'nodes.b.output * 10'), out('v', '{{ nodes.c.output }}')];
const lined = graph(line, chain('a', 'b', 'c', 'v'));
const forked = graph(
  [calc('a', 'input.n'), check('big', 'nodes.a.output > 10'), out('yes', 'big'), out('no', 'small')],
  [...chain('a', 'big'), edge('big', 'true', 'yes'), edge('big', 'false', 'no')],
);
const looped = graph(
  [
    calc('list', '[1, 2, 3]'),
    node('each', 'loop', { mode: 'for_each', items: '{{ nodes.list.output }}' }),
    calc('slow', 'item * 100', { parent: 'each' }),
    calc('last', 'nodes.slow.output + item', { parent: 'each' }),
    out('v', '{{ nodes.each.output }}'),
  ],
  chain('list', 'each', 'v').concat(chain('slow', 'last')),
);

export const testRunCases: (RunCase | ScriptedCase)[] = [
  {
    name: 'draft: a draft that was never published runs',
    definition: lined,
    input: { n: 1 },
    start: { draft: true },
    expect: { status: 'completed', output: { v: 30 }, exact: true },
  },
  {
    name: 'upTo runs the node and what is upstream of it; others are skipped',
    definition: lined,
    input: { n: 1 },
    start: { draft: true, upTo: 'b' },
    expect: {
      status: 'completed',
      output: {},
      exact: true,
      nodes: { a: 'completed', b: 'completed', c: 'skipped', v: 'skipped' },
      attempts: { a: 1, b: 1 },
    },
  },
  {
    name: 'only runs that node on pinned data',
    definition: lined,
    start: { draft: true, only: ['c', 'v'], pinned: { b: 4 } },
    expect: { status: 'completed', output: { v: 40 }, nodes: { a: 'skipped', b: 'completed', c: 'completed' }, attempts: { a: 0, b: 0, c: 1 } },
  },
  {
    name: 'only checks what runs: a fault elsewhere in the draft is nobody’s concern',
    definition: graph([...line, calc('unfinished', 'nodes.c.output +')], chain('a', 'b', 'c', 'v', 'unfinished')),
    input: { n: 2 },
    start: { draft: true, upTo: 'v' },
    expect: { status: 'completed', output: { v: 50 } },
  },
  {
    name: 'a pinned condition takes the port that its output names',
    definition: forked,
    input: { n: 50 },
    start: { draft: true, pinned: { big: { result: false } } },
    expect: { status: 'completed', output: { no: 'small' }, exact: true, nodes: { yes: 'skipped' }, attempts: { big: 0 } },
  },
  {
    name: 'a pinned node of a body gives its output to every iteration',
    definition: looped,
    start: { draft: true, pinned: { slow: 1000 } },
    expect: { status: 'completed', output: { v: [1001, 1002, 1003] } },
  },
  {
    name: 'only with a loop runs its whole body',
    definition: looped,
    start: { draft: true, only: ['each', 'v'], pinned: { list: [5] } },
    expect: { status: 'completed', output: { v: [505] }, nodes: { list: 'completed' }, attempts: { list: 0 } },
  },
  {
    name: 'pinnedFromRun: what does not run takes its output of a past run, and the input of it',
    run: async (hub) => {
      const wf = await create(hub, lined);
      const past = await start(hub, wf, { draft: true, input: { n: 7 } });
      await settled(hub, past);
      const again = await settled(hub, await start(hub, wf, { draft: true, only: ['c', 'v'], pinnedFromRun: past }));
      const changed = await settled(hub, await start(hub, wf, { draft: true, only: ['c', 'v'], pinnedFromRun: past, pinned: { b: 1 } }));
      return [
        ...same('status', again.status, 'completed'),
        ...same('output', again.output, { v: 150 }),
        ...same('pins win', changed.output, { v: 10 }),
      ];
    },
  },
  {
    name: 'stored pins: test runs take them, a published version never sees them',
    run: async (hub) => {
      const wf = await publish(hub, lined);
      await want(hub, 200, 'PUT', `/workflows/${wf}/pins`, { a: 100 });
      const test = await settled(hub, await start(hub, wf, { draft: true, input: { n: 1 } }));
      const real = await settled(hub, await start(hub, wf, { input: { n: 1 } }));
      const bare = await settled(hub, await start(hub, wf, { draft: true, input: { n: 1 }, pinned: {} }));
      return [
        ...same('test', test.output, { v: 1010 }),
        ...same('published', real.output, { v: 30 }),
        ...same('with pinned: {}', bare.output, { v: 30 }),
      ];
    },
  },
  {
    name: 'test runs are marked and out of statistics',
    run: async (hub) => {
      const wf = await publish(hub, lined);
      const run = await start(hub, wf, { draft: true, input: { n: 1 } });
      await settled(hub, run);
      const view = await want<{ isTest: boolean; version: number | null }>(hub, 200, 'GET', `/runs/${run}`);
      const { items } = await want<{ items: { id: string; recentRuns: unknown[]; health: { state: string } }[] }>(
        hub,
        200,
        'GET',
        '/workflows?limit=200',
      );
      const listed = items.find(({ id }) => id === wf);
      return [
        ...same('marked', [view.isTest, view.version], [true, null]),
        ...same('strip', listed?.recentRuns, []),
        ...same('health', listed?.health.state, 'none'),
      ];
    },
  },
  {
    name: 'a preview gives what the step gave',
    run: async (hub) => {
      const wf = await publish(hub, looped);
      const run = await start(hub, wf, { input: {} });
      await settled(hub, run);
      const preview = async (expression: string, place: object) =>
        (await want<{ value: unknown }>(hub, 200, 'POST', '/expressions/preview', { expression, runId: run, ...place })).value;
      return [
        ...same('in the second iteration', await preview('nodes.slow.output + item', { nodeId: 'last', iteration: 1 }), 202),
        ...same('after the loop', await preview('{{ nodes.each.output[2] }}', { nodeId: 'v' }), 303),
      ];
    },
  },
];
