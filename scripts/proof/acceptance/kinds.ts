/** 03 "Config per kind": presets, switch, merge, prompt, forEach. */
import { broken, calc, chain, check, edge, graph, http, node, op, out, type RunCase } from './cases.ts';

type Part = Record<string, unknown>;
const rows = [
  { id: 1, team: 'b', n: 3, name: 'ann' },
  { id: 2, team: 'a', n: 1, name: 'bob' },
  { id: 3, team: 'b', n: null, name: 'cid' },
  { id: 1, team: 'a', n: 3, name: 'dan' },
];

function preset(name: string, config: Part, value: unknown, input: unknown = { rows }): RunCase {
  return {
    name,
    definition: graph([node('t', 'transform', config), out('v', '{{ nodes.t.output }}')], chain('t', 'v')),
    input,
    expect: { status: 'completed', output: { v: value } },
  };
}
const source = '{{ input.rows }}';

const presets: RunCase[] = [
  preset(
    'preset map: fields, expr with item',
    { preset: 'map', source, fields: { who: '{{ item.name }}', twice: '{{ item.id * 2 }}', text: '#{{ item.id }}', at: '{{ index }}', fixed: 1 } },
    rows.map((row, at) => ({ who: row.name, twice: row.id * 2, text: `#${row.id}`, at, fixed: 1 })),
  ),
  preset('preset filter: where', { preset: 'filter', source, where: op('{{ item.team }}', 'eq', 'b') }, [rows[0], rows[2]]),
  preset('presets always give arrays: filter with one hit', { preset: 'filter', source, where: op('{{ item.name }}', 'eq', 'bob') }, [rows[1]]),
  preset('presets always give arrays: filter with no hit', { preset: 'filter', source, where: op('{{ item.name }}', 'eq', 'zed') }, []),
  preset('presets always give arrays: no rows', { preset: 'map', source: '{{ input.gone }}', fields: { a: '{{ item }}' } }, []),
  preset(
    'preset sort by several fields',
    {
      preset: 'sort',
      source,
      by: [
        { field: 'team', dir: 'asc' },
        { field: 'id', dir: 'desc' },
      ],
    },
    [rows[1], rows[3], rows[2], rows[0]],
  ),
  preset(
    'preset aggregate: groups in order of appearance with all measures',
    {
      preset: 'aggregate',
      source,
      groupBy: ['team'],
      measures: {
        rows: { op: 'count' },
        sum: { op: 'sum', field: 'id' },
        avg: { op: 'avg', field: 'id' },
        min: { op: 'min', field: 'id' },
        max: { op: 'max', field: 'id' },
        first: { op: 'first', field: 'name' },
        names: { op: 'list', field: 'name' },
        ids: { op: 'count_distinct', field: 'id' },
      },
    },
    [
      { team: 'b', rows: 2, sum: 4, avg: 2, min: 1, max: 3, first: 'ann', names: ['ann', 'cid'], ids: 2 },
      { team: 'a', rows: 2, sum: 3, avg: 1.5, min: 1, max: 2, first: 'bob', names: ['bob', 'dan'], ids: 2 },
    ],
  ),
  preset('preset aggregate without groupBy: one row', { preset: 'aggregate', source, measures: { n: { op: 'count' } } }, [{ n: 4 }]),
  preset('preset dedupe by a field keeps the first', { preset: 'dedupe', source, by: ['id'] }, [rows[0], rows[1], rows[2]]),
  preset('preset dedupe of whole values', { preset: 'dedupe', source }, [1, 2, '1'], { rows: [1, 2, 1, '1', 2] }),
  preset(
    'preset pick',
    { preset: 'pick', source, fields: ['id', 'name'] },
    rows.map(({ id, name }) => ({ id, name })),
  ),
];

const numbers = (cases: Part[], n: unknown): RunCase['definition'] =>
  graph(
    [node('s', 'switch', { cases }), out('first', 1), out('second', 2), out('other', '{{ nodes.s.output }}')],
    [edge('s', 'one', 'first'), edge('s', 'two', 'second'), edge('s', 'default', 'other')],
    { inputs: { type: 'object', properties: { n: { default: n } } } },
  );
const two = [
  { port: 'one', when: op('{{ input.n }}', 'gt', 1) },
  { port: 'two', when: op('{{ input.n }}', 'gt', 0) },
];
const switches: RunCase[] = [
  {
    name: 'switch: the first case that holds',
    definition: numbers(two, 5),
    expect: { status: 'completed', output: { first: 1 }, exact: true, nodes: { second: 'skipped', other: 'skipped' } },
  },
  { name: 'switch: a later case', definition: numbers(two, 1), expect: { status: 'completed', output: { second: 2 }, exact: true } },
  {
    name: 'switch: else default; output { port }',
    definition: numbers(two, 0),
    expect: { status: 'completed', output: { other: { port: 'default' } }, exact: true },
  },
];

const fan = (mode: Part, values: string[], more: Part[] = [], edges: Part[] = []): Part =>
  graph(
    [...values.map((value, at) => calc(`n${at}`, value)), ...more, node('m', 'merge', mode), out('v', '{{ nodes.m.output }}')],
    [...values.flatMap((_, at) => chain(`n${at}`, 'm')), ...edges, ...chain('m', 'v')],
  );
const merged = (name: string, definition: Part, value: unknown): RunCase => ({
  name,
  definition,
  expect: { status: 'completed', output: { v: value } },
});
const handled = { onError: { mode: 'branch' } };
const merges: RunCase[] = [
  merged(
    'append: values and arrays one after another in order of edges, null left out',
    fan({ mode: 'append' }, ['[3,4]', 'null', '"a"', '{"x":[1]}', '[]', '[[5]]']),
    [3, 4, 'a', { x: [1] }, [5]],
  ),
  merged(
    'object: { source id: output } of live sources',
    fan({ mode: 'object' }, ['1', 'null', '[2]'], [check('no', 'false'), calc('dead', '9')], [edge('no', 'true', 'dead'), ...chain('dead', 'm')]),
    { n0: 1, n1: null, n2: [2] },
  ),
  merged(
    'combine: joined on key, in order of appearance, later edges win, partnerless kept',
    fan({ mode: 'combine', key: 'k' }, ['[{"k":2,"a":1},{"k":1,"a":2}]', '[{"k":1,"a":9,"b":3},{"k":3,"b":4}]']),
    [
      { k: 2, a: 1 },
      { k: 1, a: 9, b: 3 },
      { k: 3, b: 4 },
    ],
  ),
  merged('combine: a single row and a null among the sources', fan({ mode: 'combine', key: 'k' }, ['[{"k":1,"a":2}]', 'null', '[{"k":1,"b":3}]']), [
    { k: 1, a: 2, b: 3 },
  ]),
  merged(
    'An edge from error carries the error object into a merge',
    graph(
      [
        broken('b', handled),
        calc('n', '1'),
        node('m', 'merge', { mode: 'append' }),
        out('v', '{{ nodes.m.output.(code ? $contains(message, "planned") : $) }}'),
      ],
      [edge('b', 'error', 'm'), ...chain('n', 'm', 'v')],
    ),
    [true, 1],
  ),
];
const first = (stub: string): RunCase => ({
  name: 'first alone does not wait: it runs at its first live edge, losers run on',
  definition: graph(
    [
      http('slow', `${stub}/?ms=700`),
      calc('fast', '1'),
      node('m', 'merge', { mode: 'first' }),
      out('v', '{{ nodes.m.output }}'),
      out('late', '{{ nodes.slow.output.status }}'),
    ],
    [...chain('slow', 'm', 'v'), ...chain('fast', 'm'), ...chain('slow', 'late')],
  ),
  expect: { status: 'completed', output: { v: 1, late: 200 } },
});

const echo = (config: Part): Part => ({ model: 'demo/echo', messages: [{ role: 'user', content: '{{ item }}!' }], ...config });
const each = (stub: string): RunCase[] => [
  {
    name: 'forEach: array as it is, output in item order; the input of each is its own',
    definition: graph([node('p', 'prompt', echo({ forEach: '{{ input.words }}' })), out('v', '{{ nodes.p.output.text }}')], chain('p', 'v')),
    input: { words: ['a', 'b', 'c'] },
    expect: { status: 'completed', output: { v: ['a!', 'b!', 'c!'] } },
  },
  {
    name: 'forEach: null as [], any other value as one item',
    definition: graph(
      [
        node('p', 'prompt', echo({ forEach: '{{ input.gone }}' })),
        node('q', 'prompt', echo({ forEach: 'one' })),
        out('v', ['{{ nodes.p.output }}', '{{ nodes.q.output[].text }}']),
      ],
      [...chain('p', 'v'), ...chain('q', 'v')],
    ),
    expect: { status: 'completed', output: { v: [[], ['one!']] } },
  },
  {
    name: 'forEach on data_source with onItemError collect keeps { error } at its place',
    definition: graph(
      [
        node('d', 'data_source', {
          connector: 'http',
          action: 'request',
          params: { method: 'GET', url: `${stub}/?status={{ item }}&failures=1&key=fe{{ index }}` },
          forEach: [404, 200, 410],
          onItemError: 'collect',
        }),
        out('v', '{{ $map(nodes.d.output, function($o) { $exists($o.error) ? $o.error.code : $o.status }) }}'),
      ],
      chain('d', 'v'),
    ),
    expect: { status: 'completed', output: { v: ['http.status-404', 200, 'http.status-410'] } },
  },
  {
    name: 'forEach with onItemError skip drops the item',
    definition: graph(
      [
        node('d', 'action', {
          connector: 'http',
          action: 'request',
          params: { method: 'PUT', url: `${stub}/?status={{ item }}&failures=1&key=fs{{ index }}`, body: { i: '{{ index }}' } },
          forEach: [404, 200],
          onItemError: 'skip',
        }),
        out('v', '{{ nodes.d.output[].body.body }}'),
      ],
      chain('d', 'v'),
    ),
    expect: { status: 'completed', output: { v: ['{"i":1}'] } },
  },
];

const prompts: RunCase[] = [
  {
    name: 'prompt: JSON-Schema output is the parsed object',
    definition: graph(
      [
        node('p', 'prompt', {
          model: 'demo/rules',
          messages: [{ role: 'user', content: 'Great product, I love it' }],
          output: { type: 'object', properties: { sentiment: { type: 'string', enum: ['positive', 'negative'] } }, required: ['sentiment'] },
        }),
        out('v', '{{ nodes.p.output }}'),
      ],
      chain('p', 'v'),
    ),
    expect: { status: 'completed', output: { v: { sentiment: 'positive' } } },
  },
  {
    name: 'prompt: output that does not fit after one repair fails',
    definition: graph([
      node(
        'p',
        'prompt',
        { model: 'demo/bad-json', messages: [{ role: 'user', content: 'x' }], output: { type: 'object', required: ['a'] } },
        { retry: { maxAttempts: 1 } },
      ),
    ]),
    expect: { status: 'failed', error: { nodeId: 'p' } },
  },
];

/** All of this file; `stub` is the far end. */
export const kindCases = (stub: string): RunCase[] => [...presets, ...switches, ...merges, first(stub), ...each(stub), ...prompts];
