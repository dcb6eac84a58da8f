/** A third reader's cases: loops (rules 7 and 8), each from a sentence of 03. */
import { broken, calc, chain, check, code, edge, graph, http, out, type RunCase } from './cases.ts';
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
