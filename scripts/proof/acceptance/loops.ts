/** 03 "Meaning" 7 and 8: for_each, while, until. */
import { broken, calc, chain, check, code, edge, graph, http, node, out, type RunCase } from './cases.ts';

type Part = Record<string, unknown>;
const body = { parent: 'l' };
/** A loop `l`, its body, and an output `v` of what the loop gave. */
const loop = (config: Part, nodes: Part[], edges: Part[] = [], more: Part = {}): Part =>
  graph([node('l', 'loop', config, more), ...nodes, out('v', '{{ nodes.l.output }}')], [...edges, ...chain('l', 'v')]);
const gives = (name: string, definition: Part, value: unknown, input: unknown = {}): RunCase => ({
  name,
  definition,
  input,
  expect: { status: 'completed', output: { v: value } },
});
const odd = code('b', 'if (ctx.item % 2) throw new Error("odd " + ctx.item); return ctx.item', body);
const each = (more: Part = {}): Part => ({ mode: 'for_each', items: [1, 2, 3], ...more });

const forEach: RunCase[] = [
  gives('for_each: an array in item order of the only sink', loop(each(), [calc('b', 'item * 10 + index', body)]), [10, 21, 32]),
  gives('items: null as []', loop(each({ items: '{{ input.gone }}' }), [calc('b', 'item', body)]), []),
  gives('items: any other value as one item', loop(each({ items: { a: 1 } }), [calc('b', 'item.a', body)]), [1]),
  gives('items: an empty array', loop(each({ items: [] }), [calc('b', 'item', body)]), []),
  gives('items: null elements stay items', loop(each({ items: [null, 1] }), [calc('b', '$exists(item) and item = null ? "null" : item', body)]), [
    'null',
    1,
  ]),
  gives(
    'result is evaluated at the end of each iteration and sees the body',
    loop(each({ result: { i: '{{ index }}', s: '{{ nodes.a.output + nodes.b.output }}' } }), [calc('a', 'item', body), calc('b', 'item * 2', body)]),
    [
      { i: 0, s: 3 },
      { i: 1, s: 6 },
      { i: 2, s: 9 },
    ],
  ),
  gives('The only sink skipped gives null', loop(each(), [check('c', 'item = 2', body), calc('b', 'item', body)], [edge('c', 'true', 'b')]), [
    null,
    2,
    null,
  ]),
  gives('onItemError skip drops the item', loop(each({ onItemError: 'skip' }), [odd]), [2]),
  {
    name: 'onItemError collect keeps { error }',
    definition: graph(
      [
        node('l', 'loop', each({ onItemError: 'collect' })),
        odd,
        out('v', '{{ $map(nodes.l.output, function($x) { $x.error ? $contains($x.error.message, "odd") : $x }) }}'),
      ],
      chain('l', 'v'),
    ),
    expect: { status: 'completed', output: { v: [true, 2, true] } },
  },
  {
    name: 'onItemError fail: the loop fails, lowest index first; error.nodeId is the body node, with path',
    definition: loop(each(), [odd]),
    expect: { status: 'failed', error: { nodeId: 'b', path: 'l[0].b' }, nodes: { l: 'failed', v: 'skipped' } },
  },
  gives(
    'Nested loops: item, index are the innermost; loops.<id> names the outer; path',
    graph(
      [
        node('l', 'loop', { mode: 'for_each', items: ['a', 'b'] }),
        node('m', 'loop', { mode: 'for_each', items: '{{ [1, 2] }}' }, body),
        calc('b', 'loops.l.item & item & loops.l.index & index & loops.m.item', { parent: 'm' }),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    ),
    [
      ['a1001', 'a2012'],
      ['b1101', 'b2112'],
    ],
  ),
  gives(
    'A body sees what is upstream of its loop, and its own ancestors',
    graph(
      [
        calc('up', '100'),
        node('l', 'loop', each()),
        calc('a', 'item', body),
        calc('b', 'nodes.up.output + nodes.a.output', body),
        out('v', '{{ nodes.l.output }}'),
      ],
      [...chain('up', 'l', 'v'), ...chain('a', 'b')],
    ),
    [101, 102, 103],
  ),
  gives(
    'branch inside a body is handled there',
    loop(
      each({ result: '{{ nodes.b.error ? $contains(nodes.b.error.message, "odd") : nodes.b.output }}' }),
      [{ ...odd, onError: { mode: 'branch' } }, calc('m', '1', body)],
      [edge('b', 'error', 'm')],
    ),
    [true, 2, true],
  ),
  gives('onError fallback of a loop is its output', loop(each(), [odd], [], { onError: { mode: 'fallback', value: 'none' } }), 'none'),
  {
    name: 'onError branch of a loop',
    definition: graph(
      [node('l', 'loop', each(), { onError: { mode: 'branch' } }), odd, out('v', '{{ nodes.l.error.message }}')],
      [edge('l', 'error', 'v')],
    ),
    expect: { status: 'completed', nodes: { l: 'failed' } },
  },
];
const step = { left: '{{ iteration }}', op: 'lt', right: 3 };
const whiles: RunCase[] = [
  gives(
    'while checks before each iteration; previous is the last result; the output is the last result',
    loop({ mode: 'while', condition: step, initial: 1 }, [calc('b', 'previous * 2', body)]),
    8,
  ),
  gives('while may run none: the output is initial', loop({ mode: 'while', condition: { any: [] }, initial: { a: 1 } }, [calc('b', '1', body)]), {
    a: 1,
  }),
  gives('while may run none: or null', loop({ mode: 'while', condition: { any: [] } }, [calc('b', '1', body)]), null),
  gives(
    'while: the condition sees previous',
    loop({ mode: 'while', condition: { expression: 'previous < 50' }, initial: 1 }, [calc('b', 'previous * 3', body)]),
    81,
  ),
  gives('until checks after each', loop({ mode: 'until', condition: { all: [] } }, [calc('b', '"ran"', body)]), 'ran'),
  gives(
    'until: previous at first null; iteration counts from 0',
    loop({ mode: 'until', condition: { expression: '$count(previous) >= 3' } }, [
      calc('b', '$append(previous = null ? [] : previous, iteration)', body),
    ]),
    [0, 1, 2],
  ),
  gives(
    'until: result',
    loop({ mode: 'until', condition: { expression: 'previous.n >= 2' }, result: { n: '{{ iteration }}' } }, [calc('b', '1', body)]),
    { n: 2 },
  ),
  {
    name: 'Reaching maxIterations fails with loop.max-iterations',
    definition: loop({ mode: 'while', condition: { all: [] }, maxIterations: 3 }, [calc('b', 'iteration', body)]),
    expect: { status: 'failed', error: { code: 'loop.max-iterations', nodeId: 'l' } },
  },
  gives(
    '... unless onMax continue',
    loop({ mode: 'until', condition: { any: [] }, maxIterations: 3, onMax: 'continue' }, [calc('b', 'iteration', body)]),
    2,
  ),
  {
    name: 'An unhandled failure in the body fails the loop',
    definition: loop({ mode: 'while', condition: { all: [] } }, [broken('b', body)]),
    expect: { status: 'failed', error: { nodeId: 'b', path: 'l[0].b' }, nodes: { l: 'failed' } },
  },
];

const limits = (stub: string): RunCase[] => [
  {
    name: 'timeoutMs on a loop limits the whole',
    definition: loop({ mode: 'for_each', items: [1, 2], concurrency: 1 }, [http('b', `${stub}/?ms=5000`, body)], [], { timeoutMs: 800 }),
    expect: { status: 'failed', error: { code: 'step.timeout' }, nodes: { l: 'failed' } },
  },
];

/** All of this file; `stub` is the far end. */
export const loopCases = (stub: string): RunCase[] => [...forEach, ...whiles, ...limits(stub)];
