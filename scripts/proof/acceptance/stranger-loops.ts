/** A third reader's cases: loops, merges and the run's output (rules 7 to 10), each from a sentence of 03. */
import { broken, calc, chain, check, code, edge, graph, http, node, out, type RunCase } from './cases.ts';
import { done, fails, on, stub } from './stranger-kit.ts';
import { each, inL, loop, type Part } from './unseen-kit.ts';

/** Rules 7 and 8. */
export const strangerLoopCases: RunCase[] = [
  ...(
    [
      ['null', null, []],
      ['a text', 'abc', ['abc']],
      ['an object', { a: 1 }, [{ a: 1 }]],
      ['zero', 0, [0]],
      ['false', false, [false]],
      ['an empty text', '', ['']],
      ['an empty array', [], []],
      ['nested arrays', [[1], [2, 3], []], [[1], [2, 3], []]],
      ['an array with nulls', [null, 1, null], [null, 1, null]],
    ] as [string, unknown, unknown][]
  ).map(([name, items, wanted]) =>
    done(
      `for_each over ${name}`,
      graph([each('{{ input.items }}'), code('b', 'return ctx.item', inL), out('o', '{{ nodes.l.output }}')], chain('l', 'o')),
      { o: wanted },
      {},
      { items },
    ),
  ),
  done(
    'for_each over what is missing is over nothing',
    graph([each('{{ input.nope }}'), calc('b', 'item', inL), out('o', '{{ nodes.l.output }}')], chain('l', 'o')),
    { o: [] },
  ),
  done(
    'items may be a literal array with templates inside',
    graph([each(['{{ input.a }}', 2, { x: '{{ input.a }}' }]), calc('b', 'item', inL), out('o', '{{ nodes.l.output }}')], chain('l', 'o')),
    { o: [1, 2, { x: 1 }] },
    {},
    { a: 1 },
  ),
  done(
    'results come in item order whatever ends first',
    graph(
      [
        each('{{ [600, 300, 0] }}', { concurrency: 3, result: '{{ item }}' }),
        http('b', `${stub}/?ms={{ item }}`, inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    { o: [600, 300, 0] },
  ),
  done(
    'the default result is null where the only sink was skipped',
    graph(
      [each('{{ [1,2,3] }}'), check('c', 'item = 2', inL), calc('s', 'item * 10', inL), out('o', '{{ nodes.l.output }}')],
      [edge('c', 'true', 's'), ...chain('l', 'o')],
    ),
    { o: [null, 20, null] },
  ),
  done(
    'result sees the body’s own nodes, item and index',
    graph(
      [
        each('{{ ["a","b"] }}', { result: { i: '{{ index }}', v: '{{ nodes.b.output }}', t: '{{ item }}-{{ loops.l.index }}' } }),
        calc('b', '$uppercase(item)', inL),
        calc('c', '1', inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    {
      o: [
        { i: 0, v: 'A', t: 'a-0' },
        { i: 1, v: 'B', t: 'b-1' },
      ],
    },
  ),
  done(
    'skip drops the item, collect keeps its error',
    graph(
      [
        each('{{ [1,2,3] }}', { onItemError: 'skip' }),
        code('b', 'if (ctx.item === 2) throw new Error("two"); return ctx.item', inL),
        loop('k', { mode: 'for_each', items: '{{ [1,2,3] }}', onItemError: 'collect' }),
        code('c', 'if (ctx.item === 2) throw new Error("two"); return ctx.item', { parent: 'k' }),
        out('o', '{{ nodes.l.output }}'),
        out('p', '{{ [nodes.k.output[0], $keys(nodes.k.output[1]), nodes.k.output[1].error.code, nodes.k.output[2]] }}'),
      ],
      [...chain('l', 'o'), ...chain('k', 'p')],
    ),
    { o: [1, 3], p: [1, 'error', 'code.threw', 3] },
  ),
  done(
    'all items skipped: an empty array',
    graph([each('{{ [1,2] }}', { onItemError: 'skip' }), broken('b', inL), out('o', '{{ nodes.l.output }}')], chain('l', 'o')),
    { o: [] },
  ),
  done(
    'a loop that fails may continue with null',
    graph(
      [{ ...each('{{ [1] }}'), ...on('continue') }, broken('b', inL), out('o', '{{ nodes.l.output }}'), out('e', '{{ nodes.l.error.code }}')],
      [...chain('l', 'o'), ...chain('l', 'e')],
    ),
    { o: null },
  ),
  done(
    'a failure handled inside the body does not end the iteration',
    graph(
      [each('{{ [1,2] }}'), broken('b', { ...inL, ...on('branch') }), calc('h', '"saved " & item', inL), out('o', '{{ nodes.l.output }}')],
      [edge('b', 'error', 'h'), ...chain('l', 'o')],
    ),
    { o: ['saved 1', 'saved 2'] },
  ),
  done(
    'item is that of the innermost loop, loops.<id> reaches the outer',
    graph(
      [
        each('{{ ["a","b"] }}', { result: '{{ nodes.m.output }}' }),
        loop('m', { mode: 'for_each', items: '{{ [1,2] }}' }, inL),
        calc('b', 'loops.l.item & item & loops.m.index & loops.l.index', { parent: 'm' }),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    {
      o: [
        ['a100', 'a210'],
        ['b101', 'b211'],
      ],
    },
  ),
  fails(
    'the path of a nested body node',
    graph([
      each('{{ [1,2] }}'),
      loop('m', { mode: 'for_each', items: '{{ [1,2,3] }}' }, inL),
      code('b', 'if (ctx.loops.l.item === 2 && ctx.item === 3) throw new Error("x"); return 1', { parent: 'm' }),
    ]),
    { nodeId: 'b', path: 'l[1].m[2].b' },
  ),
  done(
    'while that never holds gives initial',
    graph(
      [
        loop('w', { mode: 'while', condition: { expression: 'false' }, maxIterations: 3, initial: { n: 1 } }),
        calc('b', '1', { parent: 'w' }),
        out('o', '{{ nodes.w.output }}'),
      ],
      chain('w', 'o'),
    ),
    { o: { n: 1 } },
    { attempts: { b: 0 } },
  ),
  done(
    'while that never holds gives null without initial',
    graph(
      [loop('w', { mode: 'while', condition: { any: [] }, maxIterations: 3 }), calc('b', '1', { parent: 'w' }), out('o', '{{ nodes.w.output }}')],
      chain('w', 'o'),
    ),
    { o: null },
  ),
  done(
    'until runs once though its condition holds from the start',
    graph(
      [
        loop('w', { mode: 'until', condition: { all: [] }, maxIterations: 3, initial: 4 }),
        calc('b', 'previous + 1', { parent: 'w' }),
        out('o', '{{ nodes.w.output }}'),
      ],
      chain('w', 'o'),
    ),
    { o: 5 },
    { attempts: { b: 1 } },
  ),
  done(
    'while sees previous and iteration',
    graph(
      [
        loop('w', { mode: 'while', condition: { left: '{{ previous.n }}', op: 'lt', right: 3 }, maxIterations: 10, initial: { n: 0 } }),
        calc('b', '{"n": previous.n + 1, "i": iteration, "s": loops.w.iteration}', { parent: 'w' }),
        out('o', '{{ nodes.w.output }}'),
      ],
      chain('w', 'o'),
    ),
    { o: { n: 3, i: 2, s: 2 } },
    { attempts: { b: 3 } },
  ),
  done(
    'previous is null at first without initial',
    graph(
      [
        loop('w', { mode: 'until', condition: { expression: 'iteration >= 1' }, maxIterations: 5 }),
        code('b', 'return [ctx.previous, ctx.iteration]', { parent: 'w' }),
        out('o', '{{ nodes.w.output }}'),
      ],
      chain('w', 'o'),
    ),
    { o: [[null, 0], 1] },
  ),
  fails(
    'reaching maxIterations fails',
    graph([loop('w', { mode: 'while', condition: { all: [] }, maxIterations: 2 }), calc('b', '1', { parent: 'w' })]),
    { code: 'loop.max-iterations', nodeId: 'w' },
    { attempts: { b: 2 } },
  ),
  done(
    'onMax continue gives the last result',
    graph(
      [
        loop('w', { mode: 'until', condition: { any: [] }, maxIterations: 3, onMax: 'continue' }),
        calc('b', 'iteration', { parent: 'w' }),
        out('o', '{{ nodes.w.output }}'),
      ],
      chain('w', 'o'),
    ),
    { o: 2 },
  ),
  done(
    'a while whose condition ends at exactly maxIterations completes',
    graph(
      [
        loop('w', { mode: 'while', condition: { expression: 'iteration < 2' }, maxIterations: 2 }),
        calc('b', 'iteration', { parent: 'w' }),
        out('o', '{{ nodes.w.output }}'),
      ],
      chain('w', 'o'),
    ),
    { o: 1 },
    { attempts: { b: 2 } },
  ),
  fails(
    'an unhandled failure in a while body fails the loop',
    graph([
      loop('w', { mode: 'while', condition: { all: [] }, maxIterations: 5 }),
      code('b', 'if (ctx.iteration === 1) throw new Error("x"); return 1', { parent: 'w' }),
    ]),
    { nodeId: 'b', path: 'w[1].b' },
    { nodes: { w: 'failed' } },
  ),
  done(
    'forEach of a step is a for_each: array in order, null is nothing, a value one item',
    graph(
      [http('a', `${stub}/?key=fe-{{ item }}-{{ index }}`, {}, {}), out('o', '{{ nodes.a.output.body.n }}')].map((part) =>
        part['id'] === 'a' ? { ...part, config: { ...(part['config'] as Part), forEach: '{{ input.items }}' } } : part,
      ),
      chain('a', 'o'),
    ),
    { o: [1, 1, 1] },
    {},
    { items: ['x', 'y', 'z'] },
  ),
  done(
    'a loop inside a while inside a loop',
    graph(
      [
        each('{{ [2,3] }}'),
        loop(
          'w',
          {
            mode: 'while',
            condition: { expression: '$count(previous) < loops.l.item' },
            maxIterations: 9,
            initial: [],
            result: '{{ $append(previous, [nodes.x.output[0]]) }}',
          },
          inL,
        ),
        loop('x', { mode: 'for_each', items: '{{ [loops.l.item * 10 + loops.w.iteration] }}' }, { parent: 'w' }),
        calc('b', 'item', { parent: 'x' }),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    {
      o: [
        [20, 21],
        [30, 31, 32],
      ],
    },
  ),
  done(
    'a body sees what is upstream of its loop',
    graph([calc('a', '5'), each('{{ [1,2] }}'), calc('b', 'item + nodes.a.output', inL), out('o', '{{ nodes.l.output }}')], chain('a', 'l', 'o')),
    { o: [6, 7] },
  ),
  done(
    'an empty loop completes and what follows runs',
    graph([each([]), calc('b', '1', inL), out('o', '{{ $count(nodes.l.output) }}')], chain('l', 'o')),
    { o: 0 },
    { nodes: { l: 'completed' } },
  ),
];

/** Rules 9 and 10. */
export const strangerJoinCases: RunCase[] = [
  done(
    'append: values and arrays one after another in order of edges, null left out, one level only',
    graph(
      [
        calc('a', '[3,[4]]'),
        calc('b', '"t"'),
        calc('c', 'null'),
        calc('d', '{"x":1}'),
        node('m', 'merge', { mode: 'append' }),
        out('o', '{{ nodes.m.output }}'),
      ],
      [...chain('b', 'm'), ...chain('a', 'm'), ...chain('c', 'm'), ...chain('d', 'm'), ...chain('m', 'o')],
    ),
    { o: ['t', 3, [4], { x: 1 }] },
  ),
  done(
    'append of one single value is an array',
    graph([calc('a', '1'), node('m', 'merge', { mode: 'append' }), out('o', '{{ nodes.m.output }}')], chain('a', 'm', 'o')),
    { o: [1] },
  ),
  done(
    'append keeps false, zero and the empty text',
    graph(
      [calc('a', '[false, 0, ""]'), calc('b', '0'), node('m', 'merge', { mode: 'append' }), out('o', '{{ nodes.m.output }}')],
      [...chain('a', 'm', 'o'), ...chain('b', 'm')],
    ),
    { o: [false, 0, '', 0] },
  ),
  done(
    'combine: one object per key value in order of appearance, later edges win, partnerless kept',
    graph(
      [
        calc('a', '[{"k":2,"v":"a2"},{"k":1,"v":"a1","x":true}]'),
        calc('b', '[{"k":3,"v":"b3"},{"k":1,"v":"b1"}]'),
        node('m', 'merge', { mode: 'combine', key: 'k' }),
        out('o', '{{ nodes.m.output }}'),
      ],
      [...chain('a', 'm', 'o'), ...chain('b', 'm')],
    ),
    {
      o: [
        { k: 2, v: 'a2' },
        { k: 1, v: 'b1', x: true },
        { k: 3, v: 'b3' },
      ],
    },
  ),
  done(
    'combine: one object per key value, within one array too',
    graph(
      [calc('a', '[{"k":1,"v":1},{"k":1,"w":2}]'), node('m', 'merge', { mode: 'combine', key: 'k' }), out('o', '{{ nodes.m.output }}')],
      chain('a', 'm', 'o'),
    ),
    { o: [{ k: 1, v: 1, w: 2 }] },
  ),
  done(
    'object from an error edge carries the error object',
    graph(
      [
        broken('a', on('branch')),
        calc('b', '1'),
        node('m', 'merge', { mode: 'object' }),
        out('c', '{{ nodes.m.output.a.code }}'),
        out('b2', '{{ nodes.m.output.b }}'),
      ],
      [edge('a', 'error', 'm'), ...chain('b', 'm', 'c'), ...chain('m', 'b2')],
    ),
    { c: 'code.threw', b2: 1 },
  ),
  done(
    'of two outputs with one name the later wins',
    graph([node('o1', 'output', { name: 'x', value: 1 }), node('o2', 'output', { name: 'x', value: 2 })], chain('o1', 'o2')),
    { x: 2 },
    { exact: true },
  ),
  done(
    'the name that completes later wins even where its id is smaller',
    graph([node('z', 'output', { name: 'x', value: 'first' }), node('a', 'output', { name: 'x', value: 'later' })], chain('z', 'a')),
    { x: 'later' },
  ),
  done(
    'an output may be null and is there',
    graph([out('o', null), out('p', '{{ input.none }}')]),
    { o: null, p: null },
    { exact: true, warned: ['p'] },
  ),
  done('a run without outputs completes', graph([calc('a', '1')]), {}, { exact: true }),
  done(
    'merge first takes the first live edge and does not wait',
    graph(
      [node('w', 'wait', { for: '3s' }), calc('q', '"quick"'), node('m', 'merge', { mode: 'first' }), out('o', '{{ nodes.m.output }}')],
      [...chain('w', 'm'), ...chain('q', 'm', 'o')],
    ),
    { o: 'quick' },
    { nodes: { w: 'completed' } },
  ),
  done(
    'merge first with all edges dead is skipped',
    graph(
      [check('c', 'true'), calc('a', '1'), node('m', 'merge', { mode: 'first' }), out('o', 1)],
      [edge('c', 'false', 'a'), ...chain('a', 'm', 'o')],
    ),
    {},
    { exact: true, nodes: { m: 'skipped', o: 'skipped' } },
  ),
];
