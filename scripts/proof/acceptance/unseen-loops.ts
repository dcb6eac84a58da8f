/** The unseen cases of loops (03, rules 7 and 8). */
import { broken, calc, chain, check, code, edge, graph, out, type RunCase } from './cases.ts';
import { done, each, inL, loop } from './unseen-kit.ts';

export const unseenLoopCases: RunCase[] = [
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
