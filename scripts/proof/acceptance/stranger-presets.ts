/** A third reader's cases: presets of transform, and waits, each from a sentence of 03. */
import { chain, edge, graph, node, out, type RunCase } from './cases.ts';
import { done } from './stranger-kit.ts';

const preset = (name: string, config: Record<string, unknown>, wanted: unknown, rows: unknown): RunCase =>
  done(
    name,
    graph([node('p', 'transform', { source: '{{ input.rows }}', ...config }), out('o', '{{ nodes.p.output }}')], chain('p', 'o')),
    { o: wanted },
    {},
    { rows },
  );
const rows = [
  { g: 'b', n: 2, t: 'x' },
  { g: 'a', n: 10, t: 'y' },
  { g: 'b', n: null, t: 'x' },
  { g: 'a', n: 1 },
];
const presets: RunCase[] = [
  preset(
    'map over rows',
    { preset: 'map', fields: { k: '{{ item.g }}', i: '{{ index }}', fix: 'v{{ item.n }}' } },
    [
      { k: 'b', i: 0, fix: 'v2' },
      { k: 'a', i: 1, fix: 'v10' },
      { k: 'b', i: 2, fix: 'v' },
      { k: 'a', i: 3, fix: 'v1' },
    ],
    rows,
  ),
  preset('map over nothing', { preset: 'map', fields: { k: '{{ item.g }}' } }, [], null),
  preset('map over one value', { preset: 'map', fields: { k: '{{ item.g }}' } }, [{ k: 'b' }], rows[0]),
  preset('filter', { preset: 'filter', where: { left: '{{ item.n }}', op: 'gte', right: 2 } }, rows.slice(0, 2), rows),
  preset('filter that keeps one row is an array still', { preset: 'filter', where: { left: '{{ item.n }}', op: 'eq', right: 10 } }, [rows[1]], rows),
  preset(
    'sort by several',
    {
      preset: 'sort',
      by: [
        { field: 'g', dir: 'asc' },
        { field: 'n', dir: 'desc' },
      ],
    },
    [rows[1], rows[3], rows[0], rows[2]],
    rows.map((row) => row),
  ),
  preset(
    'sort is stable and counts numbers as numbers',
    { preset: 'sort', by: [{ field: 'n', dir: 'asc' }] },
    [{ n: 2 }, { n: 10 }, { n: '11' }],
    [{ n: 10 }, { n: '11' }, { n: 2 }],
  ),
  preset(
    'aggregate',
    {
      preset: 'aggregate',
      groupBy: ['g'],
      measures: {
        c: { op: 'count' },
        s: { op: 'sum', field: 'n' },
        a: { op: 'avg', field: 'n' },
        l: { op: 'list', field: 't' },
        d: { op: 'count_distinct', field: 't' },
      },
    },
    [
      { g: 'b', c: 2, s: 2, a: 2, l: ['x', 'x'], d: 1 },
      { g: 'a', c: 2, s: 11, a: 5.5, l: ['y'], d: 1 },
    ],
    rows,
  ),
  preset(
    'aggregate without groupBy is one row',
    { preset: 'aggregate', measures: { c: { op: 'count' }, m: { op: 'max', field: 'n' }, f: { op: 'first', field: 'g' } } },
    [{ c: 4, m: 10, f: 'b' }],
    rows,
  ),
  preset('dedupe by a field keeps the first', { preset: 'dedupe', by: ['g'] }, [rows[0], rows[1]], rows),
  preset('dedupe of whole values, key order ignored', { preset: 'dedupe' }, [{ a: 1, b: 2 }, 1, '1'], [{ a: 1, b: 2 }, { b: 2, a: 1 }, 1, '1', 1]),
  preset('pick leaves out what a row does not have', { preset: 'pick', fields: ['t'] }, [{ t: 'x' }, { t: 'y' }, { t: 'x' }, {}], rows),
];

const waits: RunCase[] = [
  done('wait for zero', graph([node('w', 'wait', { for: '0s' }), out('o', 1)], chain('w', 'o')), { o: 1 }),
  done('wait until the past goes on at once', graph([node('w', 'wait', { until: '2020-01-01' }), out('o', 1)], chain('w', 'o')), { o: 1 }),
  done(
    'wait for a length in a template',
    graph([node('w', 'wait', { for: '{{ input.ms }}ms' }), out('o', 1)], chain('w', 'o')),
    { o: 1 },
    {},
    { ms: 50 },
  ),
  done(
    'a signal that never comes takes the port timeout',
    graph(
      [node('w', 'wait', { signal: 's', timeout: '250ms' }), out('o', 1), out('t', '{{ nodes.w.output }}')],
      [...chain('w', 'o'), edge('w', 'timeout', 't')],
    ),
    {},
    { nodes: { o: 'skipped', t: 'completed' } },
  ),
  done(
    'settings.timeoutMs does not count waiting',
    graph([node('w', 'wait', { for: '3s' }), out('o', 1)], chain('w', 'o'), { settings: { timeoutMs: 1500 } }),
    { o: 1 },
  ),
  done(
    'an approval nobody answers takes its port timeout',
    graph(
      [node('q', 'approval', { title: 't', timeout: '300ms' }), out('a', 1), out('t', 2)],
      [edge('q', 'approved', 'a'), edge('q', 'timeout', 't')],
    ),
    { t: 2 },
    { exact: true },
  ),
];

export const strangerPresetCases: RunCase[] = [...presets, ...waits];
