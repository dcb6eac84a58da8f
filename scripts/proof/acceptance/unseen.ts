/** 03 by somebody who had not seen the hub: definitions for the corners of its sentences. README.md says which sentence each is for. */
import { broken, calc, chain, check, code, edge, graph, node, out, type RunCase } from './cases.ts';
import { done, each, inL, loop, value } from './unseen-kit.ts';
import { unseenLoopCases } from './unseen-loops.ts';

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

export const unseenRunCases: RunCase[] = [...templates, ...unseenLoopCases, ...merges, ...ways];
