/** The unseen cases of publish (03, rule 13). */
import { calc, chain, check, code, edge, graph, node, out, type RefusedCase } from './cases.ts';
import { each, inL, loop, type Part } from './unseen-kit.ts';

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
