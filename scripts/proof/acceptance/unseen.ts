/** 03 by somebody who had not seen the hub: definitions for the corners of its sentences. README.md says which sentence each is for. */
import { broken, calc, chain, check, code, edge, graph, node, out, type RefusedCase, type RunCase } from './cases.ts';

type Part = Record<string, unknown>;
const done = (
  name: string,
  definition: Part,
  output: Record<string, unknown>,
  input: unknown = {},
  more: Partial<RunCase['expect']> = {},
): RunCase => ({
  name: `unseen: ${name}`,
  definition,
  input,
  expect: { status: 'completed', output, ...more },
});
const value = (name: string, text: unknown, wanted: unknown, input: unknown = {}): RunCase =>
  done(name, graph([out('v', text)]), { v: wanted }, input);
const loop = (id: string, config: Part, more: Part = {}): Part => node(id, 'loop', config, more);
const each = (items: unknown, more: Part = {}): Part => loop('l', { mode: 'for_each', items, ...more });
const inL = { parent: 'l' };

const templates: RunCase[] = [
  value('a template ends at the first }} outside of brackets', '{{ {"a": {"b": 1}} }}', { a: { b: 1 } }),
  value('... and outside of comments', '{{ 1 /* }} */ + 1 }}', 2),
  value('... and outside of backticks', '{{ input.`a}}b` }}', 7, { 'a}}b': 7 }),
  value('two templates in one text', '{{ input.a }}-{{ input.b }}', '1-true', { a: 1, b: true }),
  value('null gives nothing in a text, what is missing too', '[{{ input.a }}{{ input.b }}]', '[]', { a: null }),
  value('arrays and objects in a text are compact JSON', 'x={{ input.a }}', 'x=[1,{"b":null}]', { a: [1, { b: null }] }),
  value('\\{{ is a literal {{', '\\{{ input.a }}', '{{ input.a }}', { a: 1 }),
  value(
    'a template inside an array and an object is filled, keys are not',
    { '{{ input.k }}': ['{{ input.k }}', { deep: '{{ input.n }}' }] },
    { '{{ input.k }}': ['x', { deep: 2 }] },
    { k: 'x', n: 2 },
  ),
  value('[] on a path keeps an array for a single hit', '{{ input.rows[n = 2][].x }}', ['b'], {
    rows: [
      { n: 1, x: 'a' },
      { n: 2, x: 'b' },
    ],
  }),
  value('a single hit is one value, none is nothing', ['{{ input.rows[n = 2].x }}', '{{ input.rows[n = 9].x }}'], ['b', null], {
    rows: [
      { n: 1, x: 'a' },
      { n: 2, x: 'b' },
    ],
  }),
  value(
    '__proto__ and constructor read as missing',
    ['{{ input.__proto__ }}', '{{ input.constructor }}', '{{ input.a.prototype }}'],
    [null, null, null],
    { a: {} },
  ),
  value('a text that looks like a number stays a text', ['{{ input.a }}', '{{ input.a & "" }}'], ['007', '007'], { a: '007' }),
  value('false, 0 and "" are values, not missing', ['{{ input.a }}', '{{ input.b }}', '{{ input.c }}'], [false, 0, ''], { a: false, b: 0, c: '' }),
  value(
    'workflow.name and run.id are texts',
    ['{{ $type(run.id) }}', '{{ workflow.name }}', '{{ $toMillis(run.startedAt) > 0 }}'],
    ['string', 'acceptance', true],
  ),
  value('unicode goes through', '{{ input.a & "é" }}', '😀é', { a: '😀' }),
];

const loops: RunCase[] = [
  done(
    'item and index are the innermost loop’s; loops.<id> names the others',
    graph(
      [
        each('{{ input.rows }}'),
        loop('m', { mode: 'for_each', items: '{{ item }}' }, inL),
        calc('x', '{"i": index, "it": item, "oi": loops.l.index, "o": $count(loops.l.item)}', { parent: 'm' }),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    {
      v: [
        [
          { i: 0, it: 'a', oi: 0, o: 2 },
          { i: 1, it: 'b', oi: 0, o: 2 },
        ],
        [],
      ],
    },
    { rows: [['a', 'b'], []] },
  ),
  done(
    'for_each over an object is one item',
    graph([each('{{ input.o }}'), calc('x', 'item.a', inL), out('v', '{{ nodes.l.output }}')], chain('l', 'v')),
    { v: [5] },
    { o: { a: 5 } },
  ),
  done(
    'for_each over false, 0 and "" is one item each',
    graph(
      [
        loop('a', { mode: 'for_each', items: '{{ input.f }}' }),
        calc('xa', 'item', { parent: 'a' }),
        loop('b', { mode: 'for_each', items: '{{ input.z }}' }),
        calc('xb', 'item', { parent: 'b' }),
        loop('c', { mode: 'for_each', items: '{{ input.e }}' }),
        calc('xc', 'item', { parent: 'c' }),
        out('v', ['{{ nodes.a.output }}', '{{ nodes.b.output }}', '{{ nodes.c.output }}']),
      ],
      [...chain('a', 'v'), ...chain('b', 'v'), ...chain('c', 'v')],
    ),
    { v: [[false], [0], ['']] },
    { f: false, z: 0, e: '' },
  ),
  done(
    'while that runs none gives initial',
    graph(
      [
        loop('l', { mode: 'while', condition: { left: 1, op: 'eq', right: 2 }, initial: { n: '{{ input.n }}' } }),
        calc('x', '1', inL),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    { v: { n: 3 } },
    { n: 3 },
  ),
  done(
    'while that runs none and has no initial gives null',
    graph([loop('l', { mode: 'while', condition: { expression: 'false' } }), calc('x', '1', inL), out('v', '{{ nodes.l.output }}')], chain('l', 'v')),
    { v: null },
  ),
  done(
    'previous: initial first, then the last result; iteration counts from 0',
    graph(
      [
        loop('l', { mode: 'while', condition: { expression: 'iteration < 3' }, initial: 10 }),
        calc('x', 'previous + iteration', inL),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    { v: 13 },
  ),
  done(
    'until checks after each: previous is then the result of that iteration',
    graph(
      [
        loop('l', { mode: 'until', condition: { left: '{{ previous }}', op: 'gte', right: 3 } }),
        calc('x', '$exists(previous) and previous != null ? previous + 1 : 1', inL),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    { v: 3 },
  ),
  done(
    'until runs once where it holds at once',
    graph(
      [loop('l', { mode: 'until', condition: { expression: 'true' } }), calc('x', '"once " & iteration', inL), out('v', '{{ nodes.l.output }}')],
      chain('l', 'v'),
    ),
    { v: 'once 0' },
  ),
  done(
    'onMax continue gives the last result',
    graph(
      [
        loop('l', { mode: 'while', condition: { expression: 'true' }, maxIterations: 4, onMax: 'continue' }),
        calc('x', 'iteration', inL),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    { v: 3 },
  ),
  done(
    'a loop that is over by itself after maxIterations has not failed',
    graph(
      [
        loop('l', { mode: 'while', condition: { expression: 'iteration < 2' }, maxIterations: 2 }),
        calc('x', 'iteration', inL),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    { v: 1 },
  ),
  done(
    'a while in a for_each starts anew for each item',
    graph(
      [
        each([1, 2]),
        loop('w', { mode: 'while', condition: { expression: 'iteration < 2' }, initial: '{{ item * 100 }}' }, inL),
        calc('x', 'previous + loops.l.item', { parent: 'w' }),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    { v: [102, 204] },
  ),
  done(
    'a for_each in a while: previous is what it gave',
    graph(
      [
        loop('l', { mode: 'while', condition: { expression: 'iteration < 2' }, initial: [1, 2] }),
        loop('m', { mode: 'for_each', items: '{{ loops.l.iteration = 0 ? [1, 2] : [3, 4] }}' }, inL),
        calc('x', 'item * 10', { parent: 'm' }),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    { v: [30, 40] },
  ),
  done(
    'the only sink skipped: null at its place',
    graph(
      [each([1, 2, 3]), check('c', 'item = 2', inL), calc('x', 'item', inL), out('v', '{{ nodes.l.output }}')],
      [edge('c', 'true', 'x'), ...chain('l', 'v')],
    ),
    { v: [null, 2, null] },
  ),
  done(
    'result reads several nodes of the body and the item',
    graph(
      [
        each([1, 2], { result: { s: '{{ nodes.x.output + nodes.y.output }}', i: '{{ item }}' } }),
        calc('x', 'item', inL),
        calc('y', 'item * 10', inL),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    {
      v: [
        { s: 11, i: 1 },
        { s: 22, i: 2 },
      ],
    },
  ),
  done(
    'skip drops, collect keeps { error } in its place',
    graph(
      [
        loop('a', { mode: 'for_each', items: [1, 2, 3], onItemError: 'skip' }),
        code('xa', 'if (ctx.item === 2) throw new Error("two"); return ctx.item', { parent: 'a' }),
        loop('b', { mode: 'for_each', items: [1, 2, 3], onItemError: 'collect' }),
        code('xb', 'if (ctx.item === 2) throw new Error("two"); return ctx.item', { parent: 'b' }),
        out('v', { a: '{{ nodes.a.output }}', b: '{{ $map(nodes.b.output, function($x) { $type($x) = "object" ? $exists($x.error.code) : $x }) }}' }),
      ],
      [...chain('a', 'v'), ...chain('b', 'v')],
    ),
    { v: { a: [1, 3], b: [1, true, 3] } },
  ),
  done(
    'continue in a body is null, not dropped',
    graph(
      [
        each([1, 2]),
        code('x', 'if (ctx.item === 1) throw new Error("one"); return ctx.item', { ...inL, onError: { mode: 'continue' } }),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    { v: [null, 2] },
  ),
  done(
    'branch in a body: the error edge leads to the sink',
    graph(
      [
        each([1, 2], { result: '{{ nodes.y.output }}' }),
        code('x', 'if (ctx.item === 1) throw new Error("one"); return ctx.item', { ...inL, onError: { mode: 'branch' } }),
        calc('y', '$exists(nodes.x.error.code)', inL),
      ].concat([out('v', '{{ nodes.l.output }}')]),
      [edge('x', 'out', 'y'), edge('x', 'error', 'y'), ...chain('l', 'v')],
    ),
    { v: [true, false] },
  ),
  done(
    'a disabled node of a body passes on',
    graph(
      [each([1, 2]), calc('a', 'item * 2', inL), calc('b', '99', { ...inL, disabled: true }), out('v', '{{ nodes.l.output }}')],
      [...chain('a', 'b'), ...chain('l', 'v')],
    ),
    { v: [2, 4] },
  ),
  done(
    'a fallback of a loop is its output',
    graph(
      [each([1], {}), broken('x', inL)]
        .map((one) => (one['id'] === 'l' ? { ...one, onError: { mode: 'fallback', value: ['none'] } } : one))
        .concat([out('v', '{{ nodes.l.output }}'), out('e', '{{ nodes.l.error.code }}')]),
      [...chain('l', 'v'), ...chain('l', 'e')],
    ),
    { v: ['none'], e: 'code.threw' },
  ),
];

const merges: RunCase[] = [
  done(
    'append takes arrays apart once and leaves null out',
    graph(
      [calc('a', '[[1], [2]]'), calc('b', 'null'), calc('c', '3'), node('m', 'merge', { mode: 'append' }), out('v', '{{ nodes.m.output }}')],
      [...chain('c', 'm'), ...chain('b', 'm'), ...chain('a', 'm'), ...chain('m', 'v')],
    ),
    { v: [3, [1], [2]] },
  ),
  done(
    'combine: one object per key in order of appearance, later edges win, partnerless kept',
    graph(
      [
        calc('a', '[{"k": 2, "x": "a"}, {"k": 1, "x": "a"}]'),
        calc('b', '[{"k": 1, "x": "b", "y": 1}, {"k": 3}]'),
        calc('c', '[{"k": 2, "z": true}]'),
        node('m', 'merge', { mode: 'combine', key: 'k' }),
        out('v', '{{ nodes.m.output }}'),
      ],
      [...chain('a', 'm'), ...chain('b', 'm'), ...chain('c', 'm'), ...chain('m', 'v')],
    ),
    { v: [{ k: 2, x: 'a', z: true }, { k: 1, x: 'b', y: 1 }, { k: 3 }] },
  ),
  done(
    'object has live sources only',
    graph(
      [calc('a', '1'), check('c', 'false'), calc('b', '2'), node('m', 'merge', { mode: 'object' }), out('v', '{{ nodes.m.output }}')],
      [...chain('a', 'm'), edge('c', 'true', 'b'), ...chain('b', 'm'), ...chain('m', 'v')],
    ),
    { v: { a: 1 } },
  ),
  done(
    'an edge from error carries { code, message, attempt } into a merge',
    graph(
      [broken('a', { onError: { mode: 'branch' } }), node('m', 'merge', { mode: 'object' }), out('v', '{{ $keys(nodes.m.output.a) ~> $sort }}')],
      [edge('a', 'error', 'm'), ...chain('m', 'v')],
    ),
    { v: ['attempt', 'code', 'message'] },
  ),
  done(
    'first takes the edge that is live first',
    graph(
      [
        calc('a', '"quick"'),
        node('w', 'wait', { for: '1s' }),
        calc('b', '"slow"'),
        node('m', 'merge', { mode: 'first' }),
        out('v', '{{ nodes.m.output }}'),
      ],
      [...chain('w', 'b'), ...chain('b', 'm'), ...chain('a', 'm'), ...chain('m', 'v')],
    ),
    { v: 'quick' },
    {},
    { nodes: { b: 'completed' } },
  ),
];

const ways: RunCase[] = [
  done(
    'a disabled approval takes approved, a disabled wait out, at once',
    graph(
      [node('p', 'approval', { title: 'x' }, { disabled: true }), node('w', 'wait', { for: '7d' }, { disabled: true }), out('v', 1), out('n', 2)],
      [edge('p', 'approved', 'w'), ...chain('w', 'v'), edge('p', 'rejected', 'n')],
    ),
    { v: 1 },
    {},
    { exact: true, nodes: { n: 'skipped' } },
  ),
  done(
    'a disabled switch takes default and gives what came in',
    graph(
      [
        calc('a', '5'),
        node('s', 'switch', { cases: [{ port: 'x', when: { expression: 'true' } }] }, { disabled: true }),
        out('d', '{{ nodes.s.output }}'),
        out('x', 1),
      ],
      [...chain('a', 's'), edge('s', 'default', 'd'), edge('s', 'x', 'x')],
    ),
    { d: 5 },
    {},
    { exact: true },
  ),
  done('a wait for a time goes on by itself', graph([node('w', 'wait', { for: '250ms' }), out('v', 'after')], chain('w', 'v')), { v: 'after' }),
  done(
    'a signal that never comes takes timeout',
    graph([node('w', 'wait', { signal: 'never', timeout: '250ms' }), out('t', 1), out('o', 2)], [edge('w', 'timeout', 't'), edge('w', 'out', 'o')]),
    { t: 1 },
    {},
    { exact: true },
  ),
  done(
    'an approval that nobody answers takes timeout',
    graph(
      [node('p', 'approval', { title: 'Go on?', timeout: '250ms' }), out('t', '{{ nodes.p.output.decision }}'), out('a', 1)],
      [edge('p', 'timeout', 't'), edge('p', 'approved', 'a')],
    ),
    { t: 'timeout' },
    {},
    { exact: true },
  ),
  done(
    'a wait until a moment that is past goes on at once',
    graph([node('w', 'wait', { until: '2001-01-01T00:00:00Z' }), out('v', 1)], chain('w', 'v')),
    { v: 1 },
  ),
  done(
    'nodes.<id>.error is set by continue, absent where nothing failed',
    graph(
      [
        broken('a', { onError: { mode: 'continue' } }),
        calc('b', '1'),
        out('v', ['{{ nodes.a.output }}', '{{ $exists(nodes.a.error) }}', '{{ nodes.a.error.attempt }}', '{{ $exists(nodes.b.error) }}']),
      ],
      [...chain('a', 'v'), ...chain('b', 'v')],
    ),
    { v: [null, true, 1, false] },
  ),
  done(
    'retry of code: the last attempt is in the error',
    graph(
      [
        broken('a', { retry: { maxAttempts: 3, initialMs: 1, maxMs: 5 }, onError: { mode: 'fallback', value: '{{ input }}' } }),
        out('v', ['{{ nodes.a.output }}', '{{ nodes.a.error.attempt }}']),
      ],
      chain('a', 'v'),
    ),
    { v: ['{{ input }}', 3] },
    {},
    { attempts: { a: 3 } },
  ),
  done(
    'join all with a dead edge is skipped, and what follows it',
    graph(
      [check('c', 'true'), calc('a', '1'), calc('b', '2'), calc('j', '3', { join: 'all' }), out('v', 4), out('o', 5)],
      [edge('c', 'true', 'a'), edge('c', 'false', 'b'), ...chain('a', 'j'), ...chain('b', 'j'), ...chain('j', 'v')],
    ),
    { o: 5 },
    {},
    { exact: true, nodes: { j: 'skipped', v: 'skipped' } },
  ),
  done(
    'an edge that names out is the same as one that names none',
    graph([calc('a', '1'), out('v', '{{ nodes.a.output }}')], [edge('a', 'out', 'v')]),
    { v: 1 },
  ),
  done(
    'an output that is disabled names nothing, another of its name stands',
    graph([node('a', 'output', { name: 'x', value: 1 }), node('b', 'output', { name: 'x', value: 2 }, { disabled: true })], chain('a', 'b')),
    { x: 1 },
    {},
    { exact: true },
  ),
  {
    name: 'unseen: a failed run has the output that was given before',
    definition: graph([out('v', 1), broken('b')], chain('v', 'b')),
    expect: { status: 'failed', output: { v: 1 }, error: { nodeId: 'b', path: 'b', code: 'code.threw' } },
  },
  {
    name: 'unseen: the error of a run through two loops names the innermost node and the whole path',
    definition: graph([
      each([1]),
      loop('w', { mode: 'until', condition: { expression: 'iteration = 5' } }, inL),
      code('x', 'if (ctx.iteration === 2) throw new Error("x"); return 1', { parent: 'w' }),
    ]),
    expect: { status: 'failed', error: { nodeId: 'x', path: 'l[0].w[2].x' } },
  },
  {
    name: 'unseen: finish: a second failure changes nothing, what is elsewhere ends',
    definition: graph(
      [broken('a'), node('w', 'wait', { for: '500ms' }), broken('b'), calc('after', '1'), out('v', 2)],
      [...chain('w', 'b'), ...chain('a', 'after'), ...chain('w', 'v')],
      { settings: { onFailure: 'finish' } },
    ),
    expect: { status: 'failed', output: { v: 2 }, error: { nodeId: 'a' }, nodes: { after: 'skipped', b: 'failed' } },
  },
  {
    name: 'unseen: settings.timeoutMs does not count the time in which all waits',
    definition: graph([node('w', 'wait', { for: '2s' }), out('v', 1)], chain('w', 'v'), { settings: { timeoutMs: 1500 } }),
    expect: { status: 'completed', output: { v: 1 } },
  },
  {
    name: 'unseen: only runs its node whatever port a pinned source took',
    definition: graph([check('c', 'input.x = 1'), out('yes', 1), out('no', 2)], [edge('c', 'true', 'yes'), edge('c', 'false', 'no')]),
    start: { draft: true, only: 'yes', pinned: { c: { result: false } } },
    expect: { status: 'completed', output: { yes: 1 }, exact: true, nodes: { yes: 'completed', no: 'skipped' } },
  },
  {
    name: 'unseen: only runs a node that hangs on another trigger',
    definition: graph([calc('a', '1'), out('v', 2)], [...chain('hook', 'v')], {
      triggers: [
        { id: 'man', type: 'manual' },
        { id: 'hook', type: 'webhook' },
      ],
    }),
    start: { draft: true, only: 'v' },
    expect: { status: 'completed', output: { v: 2 }, exact: true, nodes: { a: 'skipped' } },
  },
];

export const unseenRunCases: RunCase[] = [...templates, ...loops, ...merges, ...ways];

const refused = (name: string, definition: Part, ...faults: RefusedCase['refused']): RefusedCase => ({
  name: `unseen: refused: ${name}`,
  definition,
  refused: faults,
});

export const unseenRefusedCases: RefusedCase[] = [
  refused(
    'many faults are told at once, each at its place',
    graph(
      [
        calc('a', '1 +'),
        node('b', 'condition', {}),
        node('c', 'nothing', {}),
        loop('d', { mode: 'for_each', items: [] }),
        out('e', '{{ nodes.later.output }}'),
        calc('later', '1'),
        node('f', 'merge', { mode: 'combine' }),
      ],
      [edge('a', 'nowhere', 'e')],
    ),
    { node: 'a', path: '/nodes/0/config/expression' },
    { node: 'b', path: '/nodes/1/config' },
    { node: 'c', path: '/nodes/2/type' },
    { node: 'd', path: '/nodes/3' },
    { node: 'e', path: '/nodes/4/config/value', code: 'expression.not-upstream' },
    { node: 'f', path: '/nodes/6/config' },
    { path: '/edges/0' },
  ),
  refused('a node of a body from outside', graph([each([1]), calc('x', '1', inL), out('v', '{{ nodes.x.output }}')], chain('l', 'v')), {
    node: 'v',
    path: '/nodes/2/config/value',
    code: 'expression.not-upstream',
  }),
  refused(
    'item outside of a loop’s reach: a node that is not upstream inside the body',
    graph([each([1]), calc('x', 'nodes.y.output', inL), calc('y', '1', inL)]),
    { node: 'x', path: '/nodes/1/config/expression', code: 'expression.not-upstream' },
  ),
  refused('continue on what has no out', graph([check('c', 'true', { onError: { mode: 'continue' } })]), { node: 'c', path: '/nodes/0/onError' }),
  refused('branch without an edge from error', graph([calc('a', '1', { onError: { mode: 'branch' } })]), { node: 'a', path: '/nodes/0/onError' }),
  refused('an edge from error without branch', graph([calc('a', '1'), calc('b', '1')], [edge('a', 'error', 'b')]), { path: '/edges/0' }),
  refused(
    'a fallback that fits no port',
    graph([node('s', 'switch', { cases: [{ port: 'x', when: { expression: 'true' } }] }, { onError: { mode: 'fallback', value: { port: 'y' } } })]),
    { node: 's', path: '/nodes/0/onError' },
  ),
  refused('retry on a wait', graph([node('w', 'wait', { for: '1s' }, { retry: { maxAttempts: 2 } })]), { node: 'w', path: '/nodes/0/retry' }),
  refused('several sinks without result', graph([each([1]), calc('x', '1', inL), calc('y', '1', inL)]), { node: 'l', path: '/nodes/0' }),
  refused(
    'concurrency above 100, a duration that is none, a port named default',
    graph([
      each([1], { concurrency: 101 }),
      calc('x', '1', inL),
      node('w', 'wait', { for: '5 minutes' }),
      node('s', 'switch', { cases: [{ port: 'default', when: { expression: 'true' } }] }),
    ]),
    { node: 'l', path: '/nodes/0/config/concurrency' },
    { node: 'w', path: '/nodes/2/config/for' },
    { node: 's', path: '/nodes/3/config/cases/0/port' },
  ),
  refused('an edge into a body', graph([calc('a', '1'), each([1]), calc('x', '1', inL)], chain('a', 'x')), { path: '/edges/0' }),
  refused('an edge between a loop and its own body', graph([each([1]), calc('x', '1', inL)], chain('l', 'x')), { path: '/edges/0' }),
  refused('x["..."] in an expression', graph([out('v', '{{ input["a b"] }}')]), { node: 'v', path: '/nodes/0/config/value' }),
  refused('{{ in code.source', graph([code('a', 'return {{ input.a }}')]), { node: 'a', path: '/nodes/0/config/source' }),
  refused('an empty graph', graph([]), { path: '/nodes' }),
];
