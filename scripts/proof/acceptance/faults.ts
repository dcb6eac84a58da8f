/** 03 rule 13 and the shape of a definition: what publish and save refuse. */
import { calc, chain, check, code, edge, graph, node, op, out, type RefusedCase, type ShapeCase } from './cases.ts';

const echo = { model: 'demo/echo', messages: [{ role: 'user', content: 'x' }] };
const loop = (id: string): Record<string, unknown> => node(id, 'loop', { mode: 'for_each', items: [1] });
const at = (name: string, definition: object, ...refused: RefusedCase['refused']): RefusedCase => ({ name, definition, refused });
/** One node `a` whose config is wrong somewhere below `path`. */
const config = (name: string, type: string, given: Record<string, unknown>, path = '', more: Record<string, unknown> = {}): RefusedCase =>
  at(name, graph([node('a', type, given, more), node('z', 'transform', { expression: '1' })]), { node: 'a', path: `/nodes/0${path}` });

const shape = { left: 1, op: 'eq', right: 1 };
export const refusedCases: RefusedCase[] = [
  at('empty graph', graph([]), { path: '/nodes' }),
  at('cycle', graph([calc('a', '1'), calc('b', '1')], [...chain('a', 'b'), ...chain('b', 'a')]), { path: '/' }),
  at('a node to itself', graph([calc('a', '1')], chain('a', 'a')), { path: '/' }),
  at('unknown port', graph([calc('a', '1'), calc('b', '1')], [edge('a', 'nowhere', 'b')]), { path: '/edges/0' }),
  at('out of a condition is no port of it', graph([check('a', 'true'), calc('b', '1')], chain('a', 'b')), { path: '/edges/0' }),
  at('unknown node', graph([calc('a', '1')], chain('a', 'gone')), { path: '/edges/0' }),
  at('unknown type', graph([node('a', 'magic', {})]), { node: 'a', path: '/nodes/0/type' }),
  config('unknown connector', 'data_source', { connector: 'magic', action: 'x', params: {} }, '/config'),
  config('unknown action', 'data_source', { connector: 'http', action: 'x', params: {} }, '/config'),
  at('duplicate id', graph([calc('a', '1'), calc('a', '2')]), { node: 'a', path: '/nodes/1' }),
  at('a node and a trigger with one id', graph([calc('a', '1')], [], { triggers: [{ id: 'a', type: 'manual' }] }), { path: '/' }),
  at('loop without body', graph([loop('l')]), { node: 'l', path: '/nodes/0' }),
  at('edge across a loop border', graph([loop('l'), calc('b', '1', { parent: 'l' }), calc('c', '1')], chain('b', 'c')), { path: '/edges/0' }),
  at('edge between a loop and its own body', graph([loop('l'), calc('b', '1', { parent: 'l' })], chain('l', 'b')), { path: '/edges/0' }),
  at('a parent that is no loop', graph([calc('a', '1'), calc('b', '1', { parent: 'a' })]), { node: 'b', path: '/nodes/1/parent' }),
  config('expression that does not parse', 'transform', { expression: '1 +' }, '/config/expression'),
  config('$eval is off', 'transform', { expression: '$eval("1 + 1")' }, '/config/expression'),
  config('an empty template', 'output', { name: 'x', value: 'a {{ }}' }, '/config/value'),
  config('a template without end', 'output', { name: 'x', value: '{{ input.n' }, '/config/value'),
  at('reference to a node that is not upstream', graph([calc('a', 'nodes.b.output'), calc('b', '1')]), {
    node: 'a',
    path: '/nodes/0/config/expression',
    code: 'expression.not-upstream',
  }),
  at('reference to a node that is not there', graph([calc('a', 'nodes.gone.output'), calc('b', '1')]), {
    node: 'a',
    path: '/nodes/0/config/expression',
  }),
  at('reference into a loop from outside', graph([loop('l'), calc('b', '1', { parent: 'l' }), out('v', '{{ nodes.b.output }}')], chain('l', 'v')), {
    node: 'v',
    path: '/nodes/2/config/value',
    code: 'expression.not-upstream',
  }),
  config('{{ in code.source', 'code', { source: 'return "{{ input.n }}"' }, '/config/source'),
  config('x["..."] in an expression', 'transform', { expression: 'input["odd key"]' }, '/config/expression'),
  config('code that does not parse', 'code', { source: 'return (' }, '/config/source'),
  config(
    'switch: ports unique',
    'switch',
    {
      cases: [
        { port: 'p', when: shape },
        { port: 'p', when: shape },
      ],
    },
    '/config/cases',
  ),
  config('switch: a port is not default', 'switch', { cases: [{ port: 'default', when: shape }] }, '/config/cases/0/port'),
  config('switch: a port is not error', 'switch', { cases: [{ port: 'error', when: shape }] }, '/config/cases/0/port'),
  config('switch: a port has the id pattern', 'switch', { cases: [{ port: 'Big One', when: shape }] }, '/config/cases/0/port'),
  config('merge: an unknown mode', 'merge', { mode: 'mix' }, '/config'),
  config('merge combine needs key', 'merge', { mode: 'combine' }, '/config'),
  config('condition: an unknown operator', 'condition', op(1, 'almost', 2), '/config'),
  config('condition: an operator without its right side', 'condition', op(1, 'gt'), '/config'),
  config('transform: an unknown preset', 'transform', { preset: 'shuffle', source: [] }, '/config'),
  config('loop: concurrency at most 100', 'loop', { mode: 'for_each', items: [], concurrency: 101 }, '/config/concurrency'),
  config('an unknown field of a config', 'output', { name: 'x', value: 1, extra: 1 }, '/config'),
  config(
    'params by the action own schema',
    'data_source',
    { connector: 'http', action: 'request', params: { method: 'FETCH', url: 'https://a.example' } },
    '/config/params/method',
  ),
  config(
    'a secret in a definition is refused',
    'data_source',
    {
      connector: 'http',
      action: 'request',
      params: { url: 'https://a.example', headers: { Authorization: 'Bearer sk-live-0123456789abcdef0123456789' } },
    },
    '/config/params',
  ),
  config('continue is refused on kinds without out', 'condition', { expression: 'true' }, '/onError', { onError: { mode: 'continue' } }),
  config('branch without an edge from error', 'transform', { expression: '1' }, '', { onError: { mode: 'branch' } }),
  at('an edge from error without branch', graph([calc('a', '1'), calc('b', '1')], [edge('a', 'error', 'b')]), { path: '/' }),
  config('retry on a loop', 'loop', { mode: 'for_each', items: [] }, '/retry', { retry: { maxAttempts: 2 } }),
  config('retry.initialMs >= 1', 'transform', { expression: '1' }, '/retry/initialMs', { retry: { initialMs: 0 } }),
  config('a fallback that does not fit a condition', 'condition', { expression: 'true' }, '/onError', {
    onError: { mode: 'fallback', value: { result: 'yes' } },
  }),
  config('a fallback that does not fit a switch', 'switch', { cases: [{ port: 'p', when: shape }] }, '/onError', {
    onError: { mode: 'fallback', value: { port: 'q' } },
  }),
  at('output in a loop body', graph([loop('l'), out('b', 1, { parent: 'l' })]), { node: 'b', path: '/nodes/1' }),
  at('for_each with several sinks must set result', graph([loop('l'), calc('b', '1', { parent: 'l' }), calc('c', '1', { parent: 'l' })]), {
    node: 'l',
    path: '/nodes/0',
  }),
  at('a kind this version does not run', graph([node('w', 'batch_prompt', { items: [1], messages: [{ role: 'user', content: 'x' }] })]), {
    node: 'w',
    path: '/nodes/0',
  }),
  at(
    'all at once: a node that does not parse hides nothing of the graph',
    graph(
      [node('a', 'merge', {}), calc('b', '1 +'), calc('c', 'nodes.d.output'), calc('d', '1'), node('e', 'prompt', { ...echo, temperature: 'hot' })],
      [...chain('a', 'gone'), edge('b', 'nope', 'c')],
    ),
    { node: 'a', path: '/nodes/0/config' },
    { node: 'b', path: '/nodes/1/config/expression' },
    { node: 'c', path: '/nodes/2/config/expression', code: 'expression.not-upstream' },
    { node: 'e', path: '/nodes/4/config/temperature' },
    { path: '/edges/0' },
    { path: '/edges/1' },
  ),
];

const fine = graph([calc('a', '1')]);
export const shapeCases: ShapeCase[] = [
  { name: 'save: no object', definition: 'text' },
  { name: 'save: schemaVersion is required', definition: { nodes: [], edges: [] } },
  { name: 'save: schemaVersion 2', definition: { ...fine, schemaVersion: 2 } },
  { name: 'save: nodes is required', definition: { schemaVersion: 1 } },
  { name: 'save: an unknown top field', definition: { ...fine, extra: 1 } },
  { name: 'save: an unknown node field', definition: graph([calc('a', '1', { colour: 'red' })]) },
  { name: 'save: a wrongly typed node field', definition: graph([calc('a', '1', { disabled: 'yes' })]) },
  { name: 'save: a node without config', definition: graph([{ id: 'a', type: 'transform' }]) },
  { name: 'save: an unknown edge field', definition: graph([calc('a', '1'), calc('b', '1')], [{ from: 'a', to: 'b', weight: 1 }]) },
  { name: 'save: an edge without to', definition: graph([calc('a', '1')], [{ from: 'a' }]) },
  { name: 'save: over 1 MB', definition: graph([code('a', `return ${JSON.stringify('x'.repeat(1_100_000))}`)]) },
];
