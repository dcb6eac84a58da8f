/** A fifth reader's cases: what the others left at the joins of 03's sentences. Written from the format alone, before they were run. */
import { broken, calc, chain, check, code, edge, graph, http, node, out, type RunCase } from './cases.ts';
import { off, on } from './stranger-kit.ts';
import { each, inL, loop, type Part } from './unseen-kit.ts';
import { ask, wait } from './wait-words.ts';

const completes = (name: string, definition: object, output: Part, more: Partial<RunCase['expect']> = {}, input: unknown = {}): RunCase => ({
  name: `visitor: ${name}`,
  definition,
  input,
  expect: { status: 'completed', output, ...more },
});
const fails = (name: string, definition: object, error: RunCase['expect']['error'], more: Partial<RunCase['expect']> = {}): RunCase => ({
  name: `visitor: ${name}`,
  definition,
  expect: { status: 'failed', ...(error === undefined ? {} : { error }), ...more },
});
const within = (parent: string): Part => ({ parent });

const joins = (stub: string): RunCase[] => [
  completes(
    'a node after both ports out and error of one node with join all never runs',
    graph(
      [broken('b', on('branch')), calc('both', '1', { join: 'all' }), out('o', '{{ nodes.b.error.code }}')],
      [...chain('b', 'both'), edge('b', 'error', 'both'), edge('b', 'error', 'o')],
    ),
    { o: 'code.threw' },
    { nodes: { both: 'skipped', b: 'failed' } },
  ),
  completes(
    'disabled nodes on a dead edge are skipped, and so are both ways of a disabled condition there',
    graph(
      [check('c', 'false'), calc('d', '1', off), check('e', 'true', off), out('yes', 1), out('no', 1), out('end', 'seen')],
      [edge('c', 'true', 'd'), ...chain('d', 'e'), edge('e', 'true', 'yes'), edge('e', 'false', 'no'), edge('c', 'false', 'end')],
    ),
    { end: 'seen' },
    { exact: true, nodes: { d: 'skipped', e: 'skipped', yes: 'skipped', no: 'skipped' } },
  ),
  completes(
    'a chain of disabled nodes passes on what came in',
    graph(
      [
        calc('a', '{"n": 1}'),
        wait('b', { for: '1h' }, off),
        calc('c', 'nodes.b.output.n + 1', off),
        ask('d', {}, off),
        out('o', '{{ nodes.d.output }}'),
      ],
      [...chain('a', 'b', 'c', 'd'), edge('d', 'approved', 'o')],
    ),
    { o: { n: 1 } },
  ),
  completes(
    'a disabled gate passes through its port out, never failed',
    graph(
      [
        calc('a', '"text"'),
        node('e', 'evaluate', { scorers: [{ type: 'length', min: 100 }], gate: { minScore: 1 }, value: '{{ nodes.a.output }}' }, off),
        out('good', '{{ nodes.e.output }}'),
        out('bad', 1),
      ],
      [...chain('a', 'e'), edge('e', 'out', 'good'), edge('e', 'failed', 'bad')],
    ),
    { good: 'text' },
    { exact: true, nodes: { bad: 'skipped' } },
  ),
  completes(
    'a merge of ports of one condition has only the one that was taken',
    graph(
      [check('c', 'input.x = 1'), node('m', 'merge', { mode: 'object' }), out('o', '{{ nodes.m.output }}')],
      [edge('c', 'true', 'm'), edge('c', 'false', 'm'), ...chain('m', 'o')],
    ),
    { o: { c: { result: false } } },
  ),
  completes(
    'a merge that waits for all is skipped where one way is dead, whatever its mode',
    graph(
      [calc('a', '[1]'), check('c', 'false'), calc('b', '[2]'), node('m', 'merge', { mode: 'append' }, { join: 'all' }), out('o', 1), out('end', 1)],
      [...chain('a', 'm', 'o'), edge('c', 'true', 'b'), ...chain('b', 'm'), edge('c', 'false', 'end')],
    ),
    { end: 1 },
    { exact: true, nodes: { m: 'skipped', o: 'skipped' } },
  ),
  completes(
    'append and combine of live ways only, in order of edges and not of ends',
    graph(
      [
        http('slow', `${stub}/?ms=300`),
        calc('one', '[{"k": 1, "a": "slow"}]'),
        calc('two', '[{"k": 1, "b": "quick"}, {"k": 2}]'),
        calc('never', '[{"k": 9}]'),
        check('c', 'false'),
        node('m', 'merge', { mode: 'combine', key: 'k' }),
        node('n', 'merge', { mode: 'append' }),
        out('m1', '{{ nodes.m.output }}'),
        out('n1', '{{ nodes.n.output.k }}'),
      ],
      [
        ...chain('slow', 'one', 'm', 'm1'),
        ...chain('two', 'm'),
        edge('c', 'true', 'never'),
        ...chain('never', 'm'),
        ...chain('one', 'n', 'n1'),
        ...chain('two', 'n'),
        ...chain('never', 'n'),
      ],
    ),
    { m1: [{ k: 1, a: 'slow', b: 'quick' }, { k: 2 }], n1: [1, 1, 2] },
  ),
  completes(
    'after a merge first the loser is not there yet: a step sees what was settled when it was scheduled',
    graph(
      [
        http('slow', `${stub}/?ms=1500`),
        calc('quick', '"q"'),
        node('m', 'merge', { mode: 'first' }),
        out('o', ['{{ nodes.m.output }}', '{{ nodes.slow.output }}']),
      ],
      [...chain('slow', 'm'), ...chain('quick', 'm', 'o')],
    ),
    { o: ['q', null] },
    { warned: ['o'], nodes: { slow: 'completed' } },
  ),
  completes(
    'merge first takes an error edge where that one is live first',
    graph(
      [broken('b', on('branch')), http('slow', `${stub}/?ms=600`), node('m', 'merge', { mode: 'first' }), out('o', '{{ nodes.m.output.code }}')],
      [edge('b', 'error', 'm'), ...chain('slow', 'm', 'o')],
    ),
    { o: 'code.threw' },
  ),
  completes(
    'a skipped way and a handled failure meet in a node that runs once and sees the one that was there',
    graph(
      [check('c', 'true'), calc('x', '"x"'), broken('y', on('branch')), out('o', ['{{ nodes.x.output }}', '{{ nodes.y.error.code }}'])],
      [edge('c', 'false', 'x'), edge('c', 'true', 'y'), ...chain('x', 'o'), edge('y', 'error', 'o')],
    ),
    { o: [null, 'code.threw'] },
    { attempts: { o: 1 }, nodes: { x: 'skipped' } },
  ),
  fails(
    'finish: a handled failure is no failure, an unhandled one beside it skips only what is below',
    graph(
      [broken('h', on('branch')), calc('after', '1'), broken('bad'), calc('below', '1'), out('o', 'kept'), calc('mixed', '1')],
      [edge('h', 'error', 'after'), ...chain('after', 'o'), ...chain('bad', 'below'), ...chain('after', 'mixed'), ...chain('bad', 'mixed')],
      { settings: { onFailure: 'finish' } },
    ),
    { nodeId: 'bad', code: 'code.threw' },
    { output: { o: 'kept' }, nodes: { below: 'skipped', mixed: 'skipped', after: 'completed', h: 'failed' } },
  ),
  fails(
    'finish: a loop below the failure never begins, one beside it goes through all its items',
    graph(
      [
        broken('bad'),
        each([1, 2]),
        calc('x', 'item', inL),
        loop('k', { mode: 'for_each', items: [1, 2, 3] }),
        wait('y', { for: '300ms' }, within('k')),
        calc('z', 'item * 2', within('k')),
        out('o', '{{ nodes.k.output }}'),
      ],
      [...chain('bad', 'l'), ...chain('y', 'z'), ...chain('k', 'o')],
      { settings: { onFailure: 'finish' } },
    ),
    { nodeId: 'bad' },
    { output: { o: [2, 4, 6] }, nodes: { l: 'skipped' }, attempts: { x: 0, y: 3 } },
  ),
];

const loops = (stub: string): RunCase[] => [
  completes(
    'a while that keeps its state in previous: Fibonacci, with an initial that is a template',
    graph(
      [
        loop('w', {
          mode: 'while',
          condition: {
            all: [{ left: '{{ previous.b }}', op: 'lt', right: '{{ input.most }}' }, { not: { left: '{{ iteration }}', op: 'gte', right: 50 } }],
          },
          maxIterations: 100,
          initial: { a: '{{ input.from }}', b: 1, all: [] },
        }),
        calc('next', '{"a": previous.b, "b": previous.a + previous.b, "all": $append(previous.all, [previous.b])}', within('w')),
        out('o', '{{ nodes.w.output.all }}'),
      ],
      chain('w', 'o'),
    ),
    { o: [1, 1, 2, 3, 5, 8, 13] },
    { attempts: { next: 7 } },
    { from: 0, most: 20 },
  ),
  completes(
    'an until whose condition is an expression over its own last result and the names of the run',
    graph(
      [
        loop('w', { mode: 'until', condition: { expression: '$count(previous) >= input.n' }, maxIterations: 9, initial: [] }),
        calc('x', '$append(previous, [iteration])', within('w')),
        out('o', '{{ nodes.w.output }}'),
      ],
      chain('w', 'o'),
    ),
    { o: [0, 1, 2] },
    {},
    { n: 3 },
  ),
  completes(
    'a body whose only sink is a condition, a switch or a disabled node: its output is the result',
    graph(
      [
        each([1, 2]),
        check('c', 'item = 2', inL),
        loop('k', { mode: 'for_each', items: [1, 2] }),
        node('s', 'switch', { cases: [{ port: 'two', when: { left: '{{ item }}', op: 'eq', right: 2 } }] }, within('k')),
        loop('d', { mode: 'for_each', items: [1, 2] }),
        calc('x', 'item * 10', within('d')),
        calc('y', 'nodes.x.output + 1', { ...within('d'), ...off }),
        out('o', ['{{ nodes.l.output }}', '{{ nodes.k.output }}', '{{ nodes.d.output }}']),
      ],
      [...chain('x', 'y'), ...chain('l', 'o'), ...chain('k', 'o'), ...chain('d', 'o')],
    ),
    {
      o: [
        [{ result: false }, { result: true }],
        [{ port: 'default' }, { port: 'two' }],
        [10, 20],
      ],
    },
  ),
  completes(
    'an inner loop takes its items of the outer item; what is missing there is over nothing; both count for themselves',
    graph(
      [
        each('{{ input.groups }}', { result: { g: '{{ item.name }}', at: '{{ index }}', all: '{{ nodes.k.output }}' } }),
        loop('k', { mode: 'for_each', items: '{{ item.members }}', concurrency: 1 }, inL),
        calc('x', '{"g": loops.l.item.name, "m": item, "at": [loops.l.index, loops.k.index, index]}', within('k')),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    {
      o: [
        {
          g: 'a',
          at: 0,
          all: [
            { g: 'a', m: 'x', at: [0, 0, 0] },
            { g: 'a', m: 'y', at: [0, 1, 1] },
          ],
        },
        { g: 'b', at: 1, all: [] },
        { g: 'c', at: 2, all: [{ g: 'c', m: 'z', at: [2, 0, 0] }] },
      ],
    },
    {},
    { groups: [{ name: 'a', members: ['x', 'y'] }, { name: 'b' }, { name: 'c', members: 'z' }] },
  ),
  completes(
    'a for_each in a while in a for_each: previous of the while is its own, index that of the innermost',
    graph(
      [
        each([10, 20], { concurrency: 2 }),
        loop('w', { mode: 'while', condition: { expression: 'iteration < 2' }, maxIterations: 5, initial: [0] }, inL),
        loop('k', { mode: 'for_each', items: '{{ previous }}' }, within('w')),
        calc('x', 'item + loops.l.item + loops.w.iteration', within('k')),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    { o: [[21], [41]] },
  ),
  completes(
    'collect keeps what an inner loop failed with after its retries, and only that item',
    graph(
      [
        each([0, 1, 2], { onItemError: 'collect', concurrency: 3, result: '{{ nodes.k.output }}' }),
        loop('k', { mode: 'for_each', items: ['{{ item }}', '{{ item + 10 }}'] }, inL),
        code('x', 'if (ctx.item === 11) throw new Error("eleven"); return ctx.item;', {
          ...within('k'),
          retry: { maxAttempts: 2, initialMs: 1, backoff: 'fixed' },
        }),
        out('o', ['{{ nodes.l.output[0] }}', '{{ nodes.l.output[1].error.code }}', '{{ nodes.l.output[2] }}']),
      ],
      chain('l', 'o'),
    ),
    { o: [[0, 10], 'code.threw', [2, 12]] },
  ),
  completes(
    'a loop whose time is over takes its error port; what was parked in it is cancelled and what follows both ways is right',
    graph(
      [
        { ...each([1, 2, 3], { concurrency: 3 }), ...on('branch'), timeoutMs: 700 },
        wait('w', { signal: 'never' }, inL),
        calc('x', '1', inL),
        out('late', '{{ nodes.l.error.code }}'),
        out('intime', 1),
      ],
      [...chain('w', 'x'), edge('l', 'error', 'late'), ...chain('l', 'intime')],
    ),
    { late: 'step.timeout' },
    { exact: true, nodes: { l: 'failed', w: 'cancelled', intime: 'skipped' } },
  ),
  completes(
    'a loop whose time is over falls back to a value',
    graph(
      [
        { ...each([1], {}), ...on('fallback', ['none']), timeoutMs: 400 },
        wait('w', { for: '1h' }, inL),
        out('o', '{{ nodes.l.output[0] }} {{ nodes.l.error.code }}'),
      ],
      chain('l', 'o'),
    ),
    { o: 'none step.timeout' },
  ),
  fails(
    'a loop in a loop whose time is over fails at the inner one, with its place',
    graph([each([1]), { ...loop('k', { mode: 'for_each', items: [1] }, inL), timeoutMs: 300 }, wait('w', { for: '1h' }, within('k'))], []),
    { nodeId: 'k', code: 'step.timeout', path: 'l[0].k' },
  ),
  completes(
    'items may be one template within text: that is one item, a text; an object with templates is one item too',
    graph(
      [
        each('n={{ input.n }}'),
        calc('x', 'item', inL),
        loop('k', { mode: 'for_each', items: { a: '{{ input.n }}', b: ['{{ input.n }}'] } }),
        calc('y', 'item', within('k')),
        out('o', ['{{ nodes.l.output }}', '{{ nodes.k.output }}']),
      ],
      [...chain('l', 'o'), ...chain('k', 'o')],
    ),
    { o: [['n=5'], [{ a: 5, b: [5] }]] },
    {},
    { n: 5 },
  ),
  fails(
    'strict loops: items that are not there are an error of the loop, before any iteration',
    graph([{ ...each('{{ input.nothing }}'), strict: true }, calc('x', 'item', inL), out('o', 1)], chain('l', 'o')),
    { nodeId: 'l' },
    { nodes: { o: 'skipped' }, attempts: { x: 0 } },
  ),
  completes(
    'forEach: each item is tried again for itself; the branch takes the failure of the lowest index',
    graph(
      [
        node(
          'f',
          'data_source',
          {
            connector: 'http',
            action: 'request',
            params: { method: 'GET', url: `${stub}/?key=again-{{ run.id }}-{{ item.id }}&failures={{ item.bad }}&status=500` },
            forEach: [
              { id: 'a', bad: 0 },
              { id: 'b', bad: 2 },
            ],
          },
          { retry: { maxAttempts: 3, initialMs: 1, backoff: 'fixed' } },
        ),
        out('o', '{{ nodes.f.output.body.n }}'),
      ],
      chain('f', 'o'),
    ),
    { o: [1, 3] },
    { attempts: { f: 5 } },
  ),
  completes(
    'forEach whose items fail for good: node-level branch handles it, nothing else of the run fails',
    graph(
      [
        node(
          'f',
          'data_source',
          {
            connector: 'http',
            action: 'request',
            params: { method: 'GET', url: `${stub}/?key=gone-{{ run.id }}-{{ item }}&failures={{ item }}&status=404` },
            forEach: [0, 1, 2],
          },
          on('branch'),
        ),
        out('bad', '{{ $exists(nodes.f.error.code) }}'),
        out('good', 1),
      ],
      [edge('f', 'error', 'bad'), ...chain('f', 'good')],
    ),
    { bad: true },
    { nodes: { f: 'failed', good: 'skipped' } },
  ),
  completes(
    'forEach that continues gives null, and one that falls back its value, with the error beside',
    graph(
      [
        node(
          'f',
          'data_source',
          { connector: 'http', action: 'request', params: { method: 'GET', url: `${stub}/?key=c-{{ run.id }}&failures=9&status=404` }, forEach: [1] },
          on('continue'),
        ),
        node(
          'g',
          'data_source',
          { connector: 'http', action: 'request', params: { method: 'GET', url: `${stub}/?key=d-{{ run.id }}&failures=9&status=404` }, forEach: [1] },
          on('fallback', ['x']),
        ),
        out('o', ['{{ nodes.f.output }}', '{{ nodes.g.output }}', '{{ $exists(nodes.f.error.code) }}', '{{ $exists(nodes.g.error.code) }}']),
      ],
      [...chain('f', 'o'), ...chain('g', 'o')],
    ),
    { o: [null, ['x'], true, true] },
  ),
  completes(
    'five loops deep, each of two: the path names them all, the shape of the output too',
    graph(
      [
        each([0, 1]),
        loop('b', { mode: 'for_each', items: [0, 1] }, inL),
        loop('c', { mode: 'for_each', items: [0, 1] }, within('b')),
        loop('d', { mode: 'for_each', items: [0, 1] }, within('c')),
        loop('e', { mode: 'for_each', items: [0, 1] }, within('d')),
        calc('x', 'loops.l.item * 16 + loops.b.item * 8 + loops.c.item * 4 + loops.d.item * 2 + item', within('e')),
        code('z', 'return [ctx.nodes.l.output[1][0][1][0][1], ctx.nodes.l.output.flat(4).length]'),
        out('o', '{{ nodes.z.output }}'),
      ],
      chain('l', 'z', 'o'),
    ),
    { o: [21, 32] },
    { attempts: { x: 32 } },
  ),
  fails(
    'five loops deep a failure is told with its whole path',
    graph(
      [
        each([0, 1]),
        loop('b', { mode: 'for_each', items: [0, 1] }, inL),
        loop('c', { mode: 'while', condition: { expression: 'iteration < 3' }, maxIterations: 4 }, within('b')),
        code(
          'x',
          'if (ctx.loops.l.item === 1 && ctx.loops.b.item === 1 && ctx.loops.c.iteration === 2) throw new Error("there"); return 1;',
          within('c'),
        ),
      ],
      [],
    ),
    { nodeId: 'x', path: 'l[1].b[1].c[2].x', code: 'code.threw' },
  ),
];

const values: RunCase[] = [
  completes(
    'a hundred ways into one merge, in order of edges',
    graph(
      [
        ...Array.from({ length: 100 }, (_, n) => calc(`n${99 - n}`, `[${n}]`)),
        node('m', 'merge', { mode: 'append' }),
        out('o', ['{{ $count(nodes.m.output) }}', '{{ nodes.m.output[0] }}', '{{ nodes.m.output[99] }}']),
      ],
      [...Array.from({ length: 100 }, (_, n) => ({ from: `n${99 - n}`, to: 'm' })), ...chain('m', 'o')],
    ),
    { o: [100, 0, 99] },
  ),
  completes(
    'a chain of two hundred steps',
    graph(
      [calc('n0', '0'), ...Array.from({ length: 199 }, (_, n) => calc(`n${n + 1}`, `nodes.n${n}.output + 1`)), out('o', '{{ nodes.n199.output }}')],
      chain(...Array.from({ length: 200 }, (_, n) => `n${n}`), 'o'),
    ),
    { o: 199 },
  ),
  completes(
    'results of loops keep the type of a lone template, at any depth, and numbers of JSON keep theirs',
    graph(
      [
        each([1, '1', true, null, [], {}, 1.5, -0.1, 1e21], { result: { v: '{{ item }}', t: '<{{ item }}>' } }),
        calc('x', 'item', inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    {
      o: [
        { v: 1, t: '<1>' },
        { v: '1', t: '<1>' },
        { v: true, t: '<true>' },
        { v: null, t: '<>' },
        { v: [], t: '<[]>' },
        { v: {}, t: '<{}>' },
        { v: 1.5, t: '<1.5>' },
        { v: -0.1, t: '<-0.1>' },
        { v: 1e21, t: '<1e+21>' },
      ],
    },
  ),
  completes(
    'a switch whose cases are all, any, not and an expression: the first that holds, in order',
    graph(
      [
        node('s', 'switch', {
          cases: [
            { port: 'none', when: { any: [] } },
            { port: 'neither', when: { not: { all: [] } } },
            { port: 'third', when: { any: [{ left: '{{ input.a }}', op: 'gt', right: '{{ input.b }}' }, { expression: 'input.a = "7"' }] } },
            { port: 'fourth', when: { all: [] } },
          ],
        }),
        out('o', '{{ nodes.s.output.port }}'),
        out('p', 1),
      ],
      [edge('s', 'third', 'o'), edge('s', 'fourth', 'p')],
    ),
    { o: 'third' },
    { exact: true },
    { a: '7', b: 8 },
  ),
  completes(
    'comparisons where both sides are worked out, and a key order that differs within arrays',
    graph(
      [
        check('a', '1', { config: { left: '{{ [{"x":1,"y":[2]}] }}', op: 'eq', right: '{{ [{"y":[2],"x":1}] }}' } }),
        check('b', '1', { config: { left: '{{ input.list }}', op: 'contains', right: { y: 1, x: 2 } } }),
        check('c', '1', { config: { left: '2026-01-01T00:00:00+01:00', op: 'lt', right: '2025-12-31T23:30:00' } }),
        check('d', '1', { config: { left: '10', op: 'gt', right: '9' } }),
        check('e', '1', { config: { left: 'ä', op: 'in', right: ['a', 'ä'] } }),
        out('o', [
          '{{ nodes.a.output.result }}',
          '{{ nodes.b.output.result }}',
          '{{ nodes.c.output.result }}',
          '{{ nodes.d.output.result }}',
          '{{ nodes.e.output.result }}',
        ]),
      ],
      ['a', 'b', 'c', 'd', 'e'].flatMap((id) => [edge(id, 'true', 'o'), edge(id, 'false', 'o')]),
    ),
    { o: [true, true, true, true, true] },
    {},
    { list: [{ x: 2, y: 1 }] },
  ),
  fails(
    'a condition that is strict fails where its left side is not there',
    graph([node('c', 'condition', { left: '{{ input.nothing }}', op: 'exists' }, { strict: true }), out('o', 1)], [edge('c', 'true', 'o')]),
    { nodeId: 'c' },
  ),
  completes(
    'a wait whose length, and an approval whose title and form-less answer, come of a loop’s item',
    graph(
      [each(['1s', '0s'], { concurrency: 2 }), wait('w', { for: '{{ item }}' }, inL), calc('x', 'item', inL), out('o', '{{ nodes.l.output }}')],
      [...chain('w', 'x'), ...chain('l', 'o')],
    ),
    { o: ['1s', '0s'] },
  ),
];

/** All of them; `stub` is the far end. */
export const visitorGraphCases = (stub: string): RunCase[] => [...joins(stub), ...loops(stub), ...values];
