/** A fifth reader's cases: loops in loops, their state, their time and their failures. Written from the format alone, before they were run. */
import { calc, chain, check, code, edge, graph, node, out, type RunCase } from './cases.ts';
import { off, on, stub } from './stranger-kit.ts';
import { each, inL, loop, type Part } from './unseen-kit.ts';
import { completes, fails, within } from './visitor-kit.ts';
import { wait } from './wait-words.ts';

/** A read that calls the far end once per item. */
const reads = (id: string, query: string, forEach: unknown[], more: Part): Part =>
  node(id, 'data_source', { connector: 'http', action: 'request', params: { method: 'GET', url: `${stub}/?${query}` }, forEach }, more);

export const visitorLoopCases: RunCase[] = [
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
        reads(
          'f',
          'key=again-{{ run.id }}-{{ item.id }}&failures={{ item.bad }}&status=500',
          [
            { id: 'a', bad: 0 },
            { id: 'b', bad: 2 },
          ],
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
        reads('f', 'key=gone-{{ run.id }}-{{ item }}&failures={{ item }}&status=404', [0, 1, 2], on('branch')),
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
        reads('f', 'key=c-{{ run.id }}&failures=9&status=404', [1], on('continue')),
        reads('g', 'key=d-{{ run.id }}&failures=9&status=404', [1], on('fallback', ['x'])),
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
