/** A fourth reader's cases: templates, values and names in odd places. */
import { calc, chain, code, graph, node, op, out, table, truths, type RefusedCase, type RunCase } from './cases.ts';
import { done as strangers } from './stranger-kit.ts';
import { each, inL, loop } from './unseen-kit.ts';

const done = (...args: Parameters<typeof strangers>): RunCase => {
  const one = strangers(...args);
  return { ...one, name: one.name.replace('stranger: ', 'critic: ') };
};
const deep = (levels: number): unknown => (levels === 0 ? 'bottom' : { d: deep(levels - 1) });

export const criticValueCases: RunCase[] = [
  table(
    'critic: where a template begins and ends',
    [
      ['{{ {"a":{"b":1}}.a.b }}', 1],
      ['{{ "}}" }}', '}}'],
      ['{{ /* }} */ 5 }}', 5],
      ["{{ '{{' }}", '{{'],
      ['{{ 1 }}{{ 2 }}', '12'],
      [' {{ 1 }}', ' 1'],
      ['\\{{ input.n }} and {{ input.n }}', '{{ input.n }} and 7'],
      ['}} {{ input.n }} }}', '}} 7 }}'],
      ['a{{ null }}b', 'ab'],
      ['{{ input.none }}|{{ input.n }}', '|7'],
      ['{{ {"b":1,"a":[true,null]} }}.', '{"b":1,"a":[true,null]}.'],
      ['{{ 0.1 + 0.2 }}!', '0.30000000000000004!'],
      ['{{ false }}', false],
      ['{{ false }} ', 'false '],
    ],
    { n: 7 },
  ),
  table(
    'critic: names of any letters, deep paths, null and missing',
    [
      ['{{ input.größe }}', 1],
      ['{{ input.`with space` }}', 2],
      ['{{ input.`a}}b` }}', 3],
      ['{{ input.日本 }}', 4],
      [`{{ input.deep${'.d'.repeat(50)} }}`, 'bottom'],
      ['{{ input.deep.none.none.none }}', null],
      ['{{ input.nil }}', null],
      ['{{ $exists(input.nil) }}', true],
      ['{{ $exists(input.none) }}', false],
      ['{{ input.list[-1] }}', 3],
      ['{{ input.list[9] }}', null],
      ['{{ input.one.x }}', 1],
      ['{{ input.one.x[] }}', [1]],
      ['{{ input.emoji }}', '👩‍👩‍👧 é'],
      ['{{ $length(input.emoji) > 0 }}', true],
    ],
    { größe: 1, 'with space': 2, 'a}}b': 3, 日本: 4, deep: deep(50), nil: null, list: [1, 2, 3], one: [{ x: 1 }], emoji: '👩‍👩‍👧 é' },
  ),
  truths('critic: comparisons of what is not alike', [
    [op('10', 'gt', '9'), true],
    [op('10', 'gt', '9a'), false],
    [op('2026-03-29', 'lt', '2026-03-29T01:00:00+02:00'), false],
    [op('2026-10-25T00:30:00Z', 'eq', '2026-10-25T02:30:00+02:00'), false],
    [op('2026-10-25T00:30:00Z', 'gte', '2026-10-25T02:30:00+02:00'), true],
    [op('2026-10-25T00:30:00Z', 'lte', '2026-10-25T02:30:00+02:00'), true],
    [op(null, 'lt', 1), false],
    [op(null, 'gte', null), false],
    [op(1, 'eq', '1'), true],
    [op('1', 'eq', '01'), false],
    [op(true, 'eq', 'true'), false],
    [op({ a: [1, { b: 2, c: 3 }] }, 'eq', { a: [1, { c: 3, b: 2 }] }), true],
    [op('{{ input.none }}', 'is_empty'), true],
    [op('{{ [null] }}', 'is_empty'), false],
    [op(0, 'is_empty'), false],
    [op('{{ input.none }}', 'exists'), false],
    [op('', 'exists'), true],
    [op([{ a: 1, b: 2 }], 'contains', { b: 2, a: 1 }), true],
    [op({ b: 2, a: 1 }, 'in', [{ a: 1, b: 2 }]), true],
    [op('x', 'in', []), false],
    [op('x', 'not_in', []), true],
    [op('größer', 'matches', 'ö.e'), true],
    [{ not: { any: [] } }, true],
    [{ all: [{ any: [op(1, 'eq', 2), op(1, 'eq', 1)] }, { not: op(1, 'eq', 2) }] }, true],
  ]),
  done(
    'labels, notes and groups of any letters and lengths change nothing',
    graph(
      [
        calc('a', '1', { label: `🚀 ${'ü'.repeat(180)}‮x`, notes: '{{ not a template' }),
        node('o', 'output', { name: 'résultat 📊', value: '{{ nodes.a.output }}' }),
      ],
      chain('a', 'o'),
      {
        ui: { nodes: { a: { x: -1e6, y: 0.5 } }, notes: [{ id: 'n', x: 0, y: 0, w: 1, h: 1, text: '{{ nor this' }] },
      },
    ),
    { 'résultat 📊': 1 },
    { exact: true },
  ),
  done(
    'keys are not filled, values at any depth are, in arrays of objects too',
    graph([out('o', { '{{ input.a }}': ['{{ input.a }}', { x: ['{{ input.a }}{{ input.a }}'] }] })]),
    { o: { '{{ input.a }}': [7, { x: ['77'] }] } },
    {},
    { a: 7 },
  ),
  done(
    'a name within a text of an expression is no reference',
    graph([calc('a', '"nodes.nowhere.output " & $string(1)'), out('o', '{{ nodes.a.output }}')], chain('a', 'o')),
    { o: 'nodes.nowhere.output 1' },
  ),
  done(
    'reads that are worked out as it runs find what is upstream, and only that',
    graph(
      [calc('a', '1'), calc('b', '2'), out('o', '{{ $lookup(nodes, "a").output }}'), out('k', '{{ $keys(nodes)[] }}')],
      [...chain('a', 'o'), ...chain('a', 'k')],
    ),
    { o: 1, k: ['a'] },
  ),
  done(
    'an evaluation cannot change what the next sees',
    graph(
      [
        code('a', 'ctx.input.list.push(9); ctx.input.list.x = 1; return ctx.input.list.length'),
        code('b', 'return ctx.input.list.length'),
        out('o', '{{ [nodes.a.output, nodes.b.output] }}'),
      ],
      [...chain('a', 'b', 'o')],
    ),
    { o: [2, 1] },
    {},
    { list: [1] },
  ),
  done(
    'merges of nothing: append gives [], object gives {} of null',
    graph(
      [
        calc('n', 'null'),
        node('m', 'merge', { mode: 'append' }),
        node('k', 'merge', { mode: 'object' }),
        out('o', '{{ nodes.m.output }}'),
        out('p', '{{ nodes.k.output }}'),
      ],
      [...chain('n', 'm', 'o'), ...chain('n', 'k', 'p')],
    ),
    { o: [], p: { n: null } },
  ),
  done(
    'presets over one object, over nothing, and with templates inside',
    graph(
      [
        node('one', 'transform', { preset: 'map', source: '{{ input.one }}', fields: { y: '{{ item.x + input.add }}', '{{ k }}': 'v' } }),
        node('none', 'transform', { preset: 'filter', source: '{{ input.none }}', where: op('{{ item.x }}', 'eq', 1) }),
        node('some', 'transform', {
          preset: 'filter',
          source: '{{ input.rows }}',
          where: { all: [op('{{ item.x }}', 'gt', '{{ input.add }}'), op('{{ item.y }}', 'exists')] },
        }),
        node('same', 'transform', { preset: 'dedupe', source: '{{ input.rows }}', by: ['x'] }),
        out('o', '{{ [nodes.one.output, nodes.none.output, nodes.some.output.x, nodes.same.output.x] }}'),
        out('n', '{{ nodes.none.output }}'),
      ],
      [...chain('one', 'o'), ...chain('none', 'o'), ...chain('some', 'o'), ...chain('same', 'o'), ...chain('none', 'n')],
    ),
    { o: [{ y: 11, '{{ k }}': 'v' }, 12, 11, 11, 12, 9], n: [] },
    {},
    { one: { x: 1 }, add: 10, rows: [{ x: 11 }, { x: 12, y: 0 }, { x: 11, y: 1 }, { x: 9, y: 2 }].slice(0, 4) },
  ),
  done(
    'the item may be null, and null is an item',
    graph(
      [each([null, '{{ input.none }}', 0], { result: '{{ [item, index] }}' }), calc('b', 'item = null', inL), out('o', '{{ nodes.l.output }}')],
      chain('l', 'o'),
    ),
    {
      o: [
        [null, 0],
        [null, 1],
        [0, 2],
      ],
    },
  ),
  done(
    'a value of 200 kB goes through a loop, a merge and an output unharmed',
    graph(
      [
        code('big', 'return "é".repeat(100000)'),
        loop('l', { mode: 'for_each', items: '{{ [nodes.big.output, 1] }}' }),
        calc('b', 'item', inL),
        node('m', 'merge', { mode: 'append' }),
        out('o', '{{ [$length(nodes.m.output[0]), $substring(nodes.m.output[0], 99999)] }}'),
      ],
      [...chain('big', 'l', 'm', 'o')],
    ),
    { o: [100_000, 'é'] },
  ),
];

export const criticRefusedCases: RefusedCase[] = [
  {
    name: 'critic: templates that do not end, are empty, or hold no expression, each at its place',
    definition: graph([out('a', 'x {{ input.n'), out('b', ['{{ }}']), out('c', { k: '{{ 1 + }}' }), calc('d', '{{ 1 }} {{ 2 }}')]),
    refused: [
      { node: 'a', path: '/nodes/0/config/value' },
      { node: 'b', path: '/nodes/1/config/value/0' },
      { node: 'c', path: '/nodes/2/config/value/k' },
      { node: 'd', path: '/nodes/3/config/expression' },
    ],
  },
  {
    name: 'critic: what a loop may not read: its own output in its body, its body in items, a body from outside, a sibling that is not upstream',
    definition: graph(
      [
        each('{{ nodes.b.output }}'),
        calc('b', 'nodes.l.output', inL),
        calc('c', 'nodes.b.output', inL),
        out('o', '{{ nodes.b.output }}'),
        loop('k', { mode: 'while', condition: { left: '{{ nodes.x.output }}', op: 'eq', right: 1 } }),
        calc('x', '1', { parent: 'k' }),
      ],
      chain('l', 'o'),
    ),
    refused: [
      { node: 'l', path: '/nodes/0/config/items', code: 'expression.not-upstream' },
      { node: 'b', path: '/nodes/1/config/expression', code: 'expression.not-upstream' },
      { node: 'c', path: '/nodes/2/config/expression', code: 'expression.not-upstream' },
      { node: 'o', path: '/nodes/3/config/value', code: 'expression.not-upstream' },
      { node: 'k', path: '/nodes/4/config/condition', code: 'expression.not-upstream' },
    ],
  },
  {
    name: 'critic: an edge from a loop to its own body, from the body out, from one body to another',
    definition: graph(
      [each([1]), calc('b', '1', inL), calc('o', '1'), loop('k', { mode: 'for_each', items: [1] }), calc('x', '1', { parent: 'k' })],
      [...chain('l', 'b'), ...chain('b', 'o'), ...chain('b', 'x')],
    ),
    refused: [{ path: '/edges/0' }, { path: '/edges/1' }, { path: '/edges/2' }],
  },
];
