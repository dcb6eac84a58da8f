/** A sixth reader's definitions: edges of limits, empty and missing values, letters and numbers, loops that find nothing. What is due is taken from 03 alone. */
import { calc, chain, check, code, edge, graph, node, op, out, type RunCase, table, truths } from './cases.ts';
import { on } from './stranger-kit.ts';
import { each, inL, loop } from './unseen-kit.ts';
import { within } from './visitor-kit.ts';

const completes = (
  name: string,
  definition: object,
  output: Record<string, unknown>,
  more: Partial<RunCase['expect']> = {},
  input: unknown = {},
): RunCase => ({ name: `guest: ${name}`, definition, input, expect: { status: 'completed', output, ...more } });
const fails = (name: string, definition: object, error: RunCase['expect']['error'], more: Partial<RunCase['expect']> = {}): RunCase => ({
  name: `guest: ${name}`,
  definition,
  expect: { status: 'failed', ...(error === undefined ? {} : { error }), ...more },
});
const named = (one: RunCase): RunCase => ({ ...one, name: `guest: ${one.name}` });
const far = { größe: 'ß', 東京: ['駅', '塔'], 'a b': { 'c.d': 1 }, '': 'empty', '👍': { n: 2 } };

const operators: RunCase[] = [
  named(
    truths('numbers as texts, signs, exponents, and what is no number', [
      [op('1e3', 'eq', 1000), true],
      [op(1000, 'eq', '1e3'), true],
      [op('1.0', 'eq', 1), true],
      [op('1.0', 'eq', '1'), false],
      [op(' 1', 'eq', 1), false],
      [op('0x10', 'eq', 16), false],
      [op('', 'eq', 0), false],
      [op(true, 'eq', 1), false],
      [op('true', 'eq', true), false],
      [op(-0, 'eq', 0), true],
      [op('-5', 'lt', '4'), true],
      [op('10', 'gt', '9'), true],
      [op('1e2', 'gte', 100), true],
      [op('9007199254740993', 'gt', 9007199254740991), true],
      [op('Infinity', 'gt', 1), false],
      [op('NaN', 'eq', 'NaN'), true],
    ]),
  ),
  named(
    truths('order: instants with and without offsets, dates, texts; null and unlike kinds never', [
      [op('2026-03-01T00:00:00Z', 'gt', '2026-02-28T23:59:59.999Z'), true],
      [op('2026-03-01T01:00:00+02:00', 'lt', '2026-03-01T00:00:00Z'), true],
      [op('2026-03-01', 'eq', '2026-03-01T00:00:00Z'), false],
      [op('2026-03-01', 'gte', '2026-03-01T00:00:00'), true],
      [op('2026-03-01', 'lte', '2026-03-01T00:00:00Z'), true],
      [op('b', 'gt', 'a'), true],
      [op('B', 'lt', 'a'), true],
      [op('10', 'lt', '9a'), true],
      [op(null, 'lt', 1), false],
      [op(null, 'lte', null), false],
      [op(true, 'gt', false), false],
      [op([2], 'gt', [1]), false],
      [op('a', 'gt', 1), false],
    ]),
  ),
  named(
    truths(
      'empty, null and absent',
      [
        [op('{{ input.gone }}', 'eq', null), true],
        [op('{{ input.gone }}', 'exists'), false],
        [op('{{ input.gone }}', 'is_empty'), true],
        [op('{{ input.nil }}', 'exists'), false],
        [op('{{ input.zero }}', 'exists'), true],
        [op('{{ input.zero }}', 'is_empty'), false],
        [op('{{ input.no }}', 'is_empty'), false],
        [op('', 'is_empty'), true],
        [op(' ', 'is_empty'), false],
        [op([], 'is_empty'), true],
        [op({}, 'is_not_empty'), false],
        [op([null], 'is_empty'), false],
        [op(null, 'in', [null]), true],
        [op(null, 'in', []), false],
        [op(1, 'not_in', []), true],
        [op('1', 'in', [1]), true],
        [op([], 'contains', null), false],
        [op([null], 'contains', null), true],
        [op('abc', 'contains', ''), true],
        [op(null, 'contains', ''), false],
        [op(null, 'not_contains', 'x'), true],
        [op({ a: [1, { b: '2' }] }, 'eq', { a: ['1', { b: 2 }] }), true],
        [op('TRUE', 'is_true'), false],
        [op('false', 'is_false'), true],
        [op(0, 'is_false'), false],
        [{ all: [] }, true],
        [{ any: [] }, false],
        [{ not: { any: [] } }, true],
        [{ expression: '[0, false, ""]' }, false],
        [{ expression: '[0, 1]' }, true],
        [{ expression: '{}' }, false],
        [{ expression: 'input.gone' }, false],
        [{ expression: '{{ input.zero = 0 }}' }, true],
      ],
      { nil: null, zero: 0, no: false },
    ),
  ),
  named(
    truths(
      'letters of all kinds',
      [
        [op('{{ input.`größe` }}', 'eq', 'ß'), true],
        [op('👍🏽 fine', 'starts_with', '👍'), true],
        [op('naïve', 'ends_with', 'ïve'), true],
        [op('Straße 7', 'matches', '^\\p{L}+ \\d$'), true],
        [op('a\nb', 'matches', '^b$'), false],
        [op('a\nb', 'matches', '(?m)^b$'), true],
        [op('ab', 'matches', 'B'), false],
        [op('ab', 'matches', '(?i)B'), true],
        [op('{{ input.`東京` }}', 'contains', '塔'), true],
        [op('\u00e9', 'eq', 'e\u0301'), false],
      ],
      far,
    ),
  ),
];

const values: RunCase[] = [
  named(
    table(
      'keys of any letters are read by backticks, at any depth',
      [
        ['{{ input.`größe` }}', 'ß'],
        ['{{ input.`東京`[1] }}', '塔'],
        ['{{ input.`a b`.`c.d` }}', 1],
        ['{{ input.`👍`.n }}!', '2!'],
        ['{{ $keys(input) }}', Object.keys(far)],
        ['{{ $lookup(input, "größe") }}', 'ß'],
        ['{{ input.`東京` }}', ['駅', '塔']],
        [
          ['{{ input.`größe` }}', { k: '{{ input.`a b` }}' }],
          ['ß', { k: { 'c.d': 1 } }],
        ],
      ],
      far,
    ),
  ),
  named(
    table(
      'numbers as JSON has them',
      [
        ['{{ input.big }}', 9007199254740991],
        ['{{ input.small }}', 1e-9],
        ['{{ input.small }}x', '1e-9x'],
        ['{{ input.huge }}x', '1e+21x'],
        ['{{ 0.1 + 0.2 }}', 0.30000000000000004],
        ['{{ -input.big }}', -9007199254740991],
        ['{{ input.minus }}', 0],
        [1.5e300, 1.5e300],
      ],
      { big: 9007199254740991, small: 1e-9, huge: 1e21, minus: -0 },
    ),
  ),
  completes(
    'presets over nothing, null, and one thing that is no list',
    graph(
      [
        out('a', '{{ nodes.t1.output }}'),
        out('b', ['{{ nodes.t2.output }}', '{{ nodes.t3.output }}', '{{ nodes.t4.output }}', '{{ nodes.t5.output }}', '{{ nodes.t6.output }}']),
        node('t1', 'transform', { preset: 'sort', source: [], by: [{ field: 'n', dir: 'asc' }] }),
        node('t2', 'transform', { preset: 'aggregate', source: null, groupBy: ['x'], measures: { n: { op: 'count' } } }),
        node('t3', 'transform', { preset: 'aggregate', source: null, measures: { n: { op: 'count' }, top: { op: 'max', field: 'v' } } }),
        node('t4', 'transform', { preset: 'dedupe', source: { a: 1 } }),
        node('t5', 'transform', { preset: 'pick', source: [{ a: 1, b: null }], fields: ['b', 'c'] }),
        node('t6', 'transform', { preset: 'map', source: ['x', null], fields: { at: '{{ index }}', it: '{{ item }}' } }),
      ],
      [...chain('t1', 'a'), ...['t2', 't3', 't4', 't5', 't6'].map((from) => ({ from, to: 'b' }))],
    ),
    {
      a: [],
      b: [
        [],
        [{ n: 0, top: null }],
        [{ a: 1 }],
        [{ b: null }],
        [
          { at: 0, it: 'x' },
          { at: 1, it: null },
        ],
      ],
    },
  ),
  completes(
    'a merge of branches of which some gave null, nothing and false',
    graph(
      [
        calc('a', 'null'),
        calc('b', '[]'),
        calc('c', 'false'),
        calc('d', '[null, 0, [1]]'),
        node('m', 'merge', { mode: 'append' }),
        node('o', 'merge', { mode: 'object' }),
        out('v', ['{{ nodes.m.output }}', '{{ nodes.o.output }}']),
      ],
      [
        ...['a', 'b', 'c', 'd'].flatMap((from) => [
          { from, to: 'm' },
          { from, to: 'o' },
        ]),
        ...chain('m', 'v'),
        ...chain('o', 'v'),
      ],
    ),
    { v: [[false, 0, [1]], { a: null, b: [], c: false, d: [null, 0, [1]] }] },
  ),
  completes(
    'a fallback to null, and one to false, are values',
    graph(
      [
        code('a', 'throw new Error("x")', on('fallback', null)),
        code('b', 'throw new Error("x")', on('fallback', false)),
        out('v', ['{{ nodes.a.output }}', '{{ nodes.b.output }}', '{{ nodes.a.error.code }}', '{{ nodes.b.error.attempt }}']),
      ],
      [...chain('a', 'v'), ...chain('b', 'v')],
    ),
    { v: [null, false, 'code.threw', 1] },
  ),
];

const loops: RunCase[] = [
  completes(
    'a condition in a loop in a loop: where its way was not taken the item is null, at its place',
    graph(
      [
        each('{{ input.groups }}', { result: { count: '{{ $count(nodes.m.output) }}', all: '{{ nodes.m.output }}' } }),
        loop('m', { mode: 'for_each', items: '{{ item }}' }, inL),
        check('even', 'item % 2 = 0', within('m')),
        calc('ten', 'item * 10', within('m')),
        out('v', '{{ nodes.l.output }}'),
      ],
      [edge('even', 'true', 'ten'), ...chain('l', 'v')],
    ),
    {
      v: [
        { count: 3, all: [null, 20, null] },
        { count: 0, all: [] },
        { count: 1, all: [40] },
      ],
    },
    {},
    { groups: [[1, 2, 3], [], 4] },
  ),
  completes(
    'a missing items, a missing result and a missing condition are null, each with a warning on the loop',
    graph(
      [
        loop('none', { mode: 'for_each', items: '{{ input.gone }}' }),
        calc('x', 'item', within('none')),
        loop('odd', { mode: 'for_each', items: [1, 2], result: '{{ nodes.y.output.gone }}' }),
        calc('y', '{"n": item}', within('odd')),
        loop('never', { mode: 'while', condition: { left: '{{ input.gone }}', op: 'eq', right: 1 }, initial: 'as it was' }),
        calc('z', '1', within('never')),
        loop('steps', { mode: 'for_each', items: [1, 2], result: '{{ nodes.w.output.gone }}' }),
        code('w', 'return {};', within('steps')),
        out('v', ['{{ nodes.none.output }}', '{{ nodes.odd.output }}', '{{ nodes.never.output }}', '{{ nodes.steps.output }}']),
      ],
      [...chain('none', 'v'), ...chain('odd', 'v'), ...chain('never', 'v'), ...chain('steps', 'v')],
    ),
    { v: [[], [null, null], 'as it was', [null, null]] },
    { warned: ['none', 'odd', 'never', 'steps'] },
  ),
  completes(
    'a rule of an evaluation over what is not there does not hold, with a warning',
    graph(
      [
        node('e', 'evaluate', { scorers: [{ type: 'rule', when: op('{{ input.gone }}', 'gt', 1) }], gate: { minScore: 0.5 } }),
        out('v', '{{ nodes.e.output.score }}'),
      ],
      [edge('e', 'failed', 'v')],
    ),
    { v: 0 },
    { warned: ['e'] },
  ),
  completes(
    'until with a loop of no items in it: each round gives the empty list',
    graph(
      [
        loop('u', { mode: 'until', condition: { expression: 'iteration = 2' }, result: ['{{ nodes.f.output }}', '{{ previous[1] }}'] }),
        loop('f', { mode: 'for_each', items: [] }, within('u')),
        calc('x', '1', within('f')),
        out('v', '{{ nodes.u.output }}'),
      ],
      chain('u', 'v'),
    ),
    { v: [[], null] },
  ),
  completes(
    'an item that is a list is one item; a list in a list keeps its shape',
    graph(
      [each([[], [[]], [[1], 2]], {}), calc('x', '[item]', inL), out('v', ['{{ nodes.l.output }}', '{{ $count(nodes.l.output) }}'])],
      chain('l', 'v'),
    ),
    { v: [[[], [[]], [[1], 2]].map((item) => item), 3] },
  ),
  fails(
    'the hundredth place of concurrency is one, and a failure in the middle is told by its index',
    graph([
      each('{{ [0..120] }}', { concurrency: 100 }),
      code('x', 'if (ctx.index === 57) throw new Error("here"); return 1;', { ...inL, timeoutMs: 60_000 }),
    ]),
    { code: 'code.threw', nodeId: 'x', path: 'l[57].x' },
  ),
];

export const id63 = `a${'b'.repeat(62)}`;
const atTheEdge: RunCase[] = [
  completes('an id of 63 letters is one', graph([calc(id63, '1'), out('v', `{{ nodes.${id63}.output }}`)], chain(id63, 'v')), { v: 1 }),
  completes(
    'the least and the most of settings and retry',
    {
      ...graph(
        [code('c', 'return 1', { retry: { maxAttempts: 1, initialMs: 1, maxMs: 1 }, timeoutMs: 60_000 }), out('v', '{{ nodes.c.output }}')],
        chain('c', 'v'),
      ),
      settings: {
        timeoutMs: 3_600_000,
        maxConcurrentRuns: 1,
        overlap: 'queue',
        onFailure: 'stop',
        maxParallel: 1,
        priority: 5,
        compensate: 'never',
        tags: [],
      },
    },
    { v: 1 },
  ),
  completes(
    'what the format leaves out has its defaults',
    { schemaVersion: 1, nodes: [{ id: 'v', type: 'output', config: { name: 'v', value: '{{ input }}' } }] },
    { v: { a: 1 } },
    {},
    { a: 1 },
  ),
  completes('a wait of 0s ends at once', graph([node('w', 'wait', { for: '0s' }), out('v', '{{ nodes.w.output }}')], chain('w', 'v')), { v: {} }),
];

export const guestRunCases: RunCase[] = [...operators, ...values, ...loops, ...atTheEdge];
