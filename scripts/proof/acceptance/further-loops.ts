/** 03 "Meaning" 7 and 8, the second reading: loops in loops, with errors and skips in them. */
import { broken, calc, chain, check, code, edge, graph, node, op, out, type RunCase } from './cases.ts';

type Part = Record<string, unknown>;
const body = { parent: 'l' };
const done = (name: string, definition: Part, output: Record<string, unknown>, input: unknown = {}): RunCase => ({
  name,
  definition,
  input,
  expect: { status: 'completed', output },
});
const each = (more: Part = {}): Part => ({ mode: 'for_each', items: [1, 2, 3], ...more });
const loop = (config: Part, nodes: Part[], more: Part[] = [], extra: Part = {}): Part =>
  graph([node('l', 'loop', config, extra), ...nodes, out('v', '{{ nodes.l.output }}')], [...more, ...chain('l', 'v')]);
const nested = [
  node('m', 'loop', { mode: 'for_each', items: [1, 2] }, body),
  code('b', 'if (ctx.item === 2) throw new Error("two"); return 1', { parent: 'm' }),
];
export const nestedCases: RunCase[] = [
  {
    name: 'A failure in an inner loop: error.path names every level',
    definition: loop(each({ concurrency: 1 }), nested),
    expect: { status: 'failed', error: { nodeId: 'b', path: 'l[0].m[1].b' } },
  },
  done('An inner loop that fails is an item error of the outer', loop(each({ onItemError: 'skip' }), nested), { v: [] }),
  done(
    'continue in a body: null, and the error is seen by the next node',
    loop(each(), [broken('b', { ...body, onError: { mode: 'continue' } }), calc('c', '$exists(nodes.b.error.code)', body)], chain('b', 'c')),
    { v: [true, true, true] },
  ),
  done(
    'A disabled sink of a body passes its source',
    loop(each(), [calc('b', 'item * 2', body), calc('c', '0', { ...body, disabled: true })], chain('b', 'c')),
    { v: [2, 4, 6] },
  ),
  done(
    'Results keep item order whatever ends first',
    loop({ mode: 'for_each', items: [300, 1, 100], concurrency: 3 }, [calc('b', '(item; item)', body)]),
    { v: [300, 1, 100] },
  ),
  done('A loop with onError continue gives null', loop(each(), [broken('b', body)], [], { onError: { mode: 'continue' } }), { v: null }),
  done(
    'result may read what was skipped: null',
    loop(each({ result: '{{ nodes.b.output }}' }), [check('c', 'item = 2', body), calc('b', 'item', body)], [edge('c', 'true', 'b')]),
    { v: [null, 2, null] },
  ),
  done(
    'while in a for_each: loops.<id>.iteration and item of the outer',
    loop(each(), [
      node('w', 'loop', { mode: 'while', condition: op('{{ iteration }}', 'lt', 2), maxIterations: 5 }, body),
      calc('b', 'loops.l.item * 10 + loops.w.iteration', { parent: 'w' }),
    ]),
    { v: [11, 21, 31] },
  ),
  done(
    'while: previous is null at first',
    loop({ mode: 'while', condition: op('{{ iteration }}', 'lt', 2), maxIterations: 5 }, [
      code('b', 'return (ctx.previous ?? null) === null ? "none" : ctx.previous + "+"', body),
    ]),
    { v: 'none+' },
  ),
  done(
    'A body node with join all is skipped, the sink gives null',
    loop(
      each(),
      [check('c', 'item > 1', body), calc('a', '1', body), calc('b', 'item', { ...body, join: 'all' })],
      [edge('c', 'true', 'a'), ...chain('a', 'b'), edge('c', 'false', 'b')],
    ),
    { v: [null, null, null] },
  ),
  done('index and item in code', loop(each(), [code('b', 'return [ctx.item, ctx.index, ctx.loops.l.item]', body)]), {
    v: [
      [1, 0, 1],
      [2, 1, 2],
      [3, 2, 3],
    ],
  }),
  done(
    'forEach in a body: its own item is the innermost',
    loop(
      { mode: 'for_each', items: ['a', 'b'] },
      [
        node('p', 'prompt', { model: 'demo/echo', forEach: [1, 2], messages: [{ role: 'user', content: '{{ loops.l.item }}{{ item }}' }] }, body),
        calc('b', '$join(nodes.p.output.text, ",")', body),
      ],
      chain('p', 'b'),
    ),
    { v: ['a1,a2', 'b1,b2'] },
  ),
];
