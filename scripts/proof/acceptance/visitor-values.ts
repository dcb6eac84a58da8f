/** A fifth reader's cases: values in odd places, and sizes. Written from the format alone, before they were run. */
import { calc, chain, check, edge, graph, node, out, type RunCase } from './cases.ts';
import { each, inL } from './unseen-kit.ts';
import { completes, fails } from './visitor-kit.ts';
import { wait } from './wait-words.ts';

export const visitorValueCases: RunCase[] = [
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
