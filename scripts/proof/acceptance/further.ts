/** 03, the second reading: what the sentences say where two of them meet. */
import { broken, calc, chain, check, edge, graph, http, node, out, table, type RunCase } from './cases.ts';

type Part = Record<string, unknown>;
const branch = { onError: { mode: 'branch' } };
const done = (name: string, definition: Part, output: Record<string, unknown>, input: unknown = {}): RunCase => ({
  name,
  definition,
  input,
  expect: { status: 'completed', output },
});
const triggers = {
  triggers: [
    { id: 'start', type: 'manual' },
    { id: 'other', type: 'api' },
  ],
};

const paths = table(
  'A plain path gives what JSONata gives',
  [
    ['{{ input.list[0].x }}', 1],
    ['{{ input.list.x[0] }}', [1, 2]],
    ['{{ (input.list.x)[0] }}', 1],
    ['{{ input.list[-1].x }}', 2],
    ['{{ input.list[5].x }}', null],
    ['{{ input.list[0][0].x }}', 1],
    ['{{ input.obj.b[0] }}', 1],
    ['{{ input.obj.b[1] }}', null],
    ['{{ input.s[0] }}', '007'],
    ['{{ input.s.length }}', null],
    ['{{ input.list.length }}', null],
    ['{{ input.nested[0][0] }}', 1],
    ['{{ input.nul.x }}', null],
    ['{{ input.one }}', [{ x: 1 }]],
    ['{{ input.empty }}', []],
    ['{{ input.mixed.x }}', [1, 2, 3]],
    ['{{ input.toString }}', null],
    ['{{ input.obj.hasOwnProperty }}', null],
    ['{{ input.list[x = 2].x }}', 2],
    ['x{{ 0.1 + 0.2 }}', 'x0.30000000000000004'],
    ['{{ input.s = "}}" }}', false],
    ['{{ $eq }}', null],
  ],
  {
    list: [{ x: 1 }, { x: 2 }],
    obj: { b: 1 },
    s: '007',
    nested: [[1, 2], [3]],
    nul: null,
    one: [{ x: 1 }],
    empty: [],
    mixed: [{ x: 1 }, { y: 9 }, { x: [2, 3] }],
  },
);

const edges: RunCase[] = [
  done(
    'A trigger edge passes the run input: append',
    graph(
      [calc('n', '1'), node('m', 'merge', { mode: 'append' }), out('v', '{{ nodes.m.output }}')],
      [...chain('start', 'm', 'v'), ...chain('n', 'm')],
      triggers,
    ),
    { v: [{ a: 1 }, 1] },
    { a: 1 },
  ),
  done(
    'A trigger edge passes the run input: object, the dead trigger left out',
    graph(
      [node('m', 'merge', { mode: 'object' }), out('v', '{{ nodes.m.output }}')],
      [...chain('start', 'm', 'v'), ...chain('other', 'm')],
      triggers,
    ),
    { v: { start: { a: 1 } } },
    { a: 1 },
  ),
  done(
    'A trigger edge passes the run input: through a disabled node',
    graph([calc('off', '9', { disabled: true }), out('v', '{{ nodes.off.output }}')], chain('start', 'off', 'v'), triggers),
    { v: { a: 1 } },
    { a: 1 },
  ),
  {
    name: 'join all over a trigger edge that is dead: skipped',
    definition: graph([calc('n', '1'), out('v', 1, { join: 'all' })], [...chain('n', 'v'), ...chain('other', 'v')], triggers),
    expect: { status: 'completed', nodes: { v: 'skipped' }, output: {}, exact: true },
  },
  {
    name: 'merge first with only dead edges is skipped',
    definition: graph(
      [check('c', 'false'), calc('a', '1'), node('m', 'merge', { mode: 'first' }), out('v', 1)],
      [edge('c', 'true', 'a'), ...chain('a', 'm', 'v')],
    ),
    expect: { status: 'completed', nodes: { m: 'skipped', v: 'skipped' } },
  },
  done(
    'A dead edge first, a live one later: first takes the live one',
    graph(
      [check('c', 'false'), calc('a', '1'), calc('b', '2'), node('m', 'merge', { mode: 'first' }), out('v', '{{ nodes.m.output }}')],
      [edge('c', 'true', 'a'), ...chain('a', 'm', 'v'), edge('c', 'false', 'b'), ...chain('b', 'm')],
    ),
    { v: 2 },
  ),
  done(
    'merge object under an error edge carries { code, message, attempt }',
    graph(
      [
        broken('b', branch),
        node('m', 'merge', { mode: 'object' }),
        out('v', '{{ $sort($keys(nodes.m.output.b)) }}'),
        out('n', '{{ nodes.m.output.b.attempt }}'),
      ],
      [edge('b', 'error', 'm'), ...chain('m', 'v'), ...chain('m', 'n')],
    ),
    { v: ['attempt', 'code', 'message'], n: 1 },
  ),
  done(
    'append flattens one level only',
    graph([calc('a', '[[1],[2,[3]]]'), node('m', 'merge', { mode: 'append' }), out('v', '{{ nodes.m.output }}')], chain('a', 'm', 'v')),
    { v: [[1], [2, [3]]] },
  ),
  done(
    'A disabled merge with one live source passes it',
    graph([calc('a', '5'), node('m', 'merge', { mode: 'append' }, { disabled: true }), out('v', '{{ nodes.m.output }}')], chain('a', 'm', 'v')),
    { v: 5 },
  ),
  done(
    'condition output is { result }, merge sees it by its port edges',
    graph(
      [check('c', 'true'), node('m', 'merge', { mode: 'append' }), out('v', '{{ nodes.m.output }}')],
      [edge('c', 'true', 'm'), edge('c', 'false', 'm'), ...chain('m', 'v')],
    ),
    { v: [{ result: true }] },
  ),
  {
    name: 'fallback on a switch: its port is read from port',
    definition: graph(
      [
        node('s', 'switch', { cases: [{ port: 'p', when: { expression: '1 + "a"' } }] }, { onError: { mode: 'fallback', value: { port: 'p' } } }),
        out('yes', 1),
        out('no', 1),
      ],
      [edge('s', 'p', 'yes'), edge('s', 'default', 'no')],
    ),
    expect: { status: 'completed', output: { yes: 1 }, exact: true },
  },
];

const failures = (stub: string): RunCase[] => [
  {
    name: 'retry without fields means three attempts',
    definition: graph([broken('b', { retry: { initialMs: 1 } })]),
    expect: { status: 'failed', attempts: { b: 3 } },
  },
  {
    name: 'Repeating a GET after 500',
    definition: graph(
      [http('h', `${stub}/?failures=1&status=500&key=f1`, { retry: { initialMs: 1, maxMs: 2 } }), out('v', '{{ nodes.h.output.body.n }}')],
      chain('h', 'v'),
    ),
    expect: { status: 'completed', output: { v: 2 } },
  },
  {
    name: 'A 401 is never retried and keeps its code',
    definition: graph([http('h', `${stub}/?failures=9&status=401&key=f2`)]),
    expect: { status: 'failed', error: { code: 'http.status-401' }, attempts: { h: 1 } },
  },
  {
    name: 'A place that is not allowed is refused by the guard, once',
    definition: graph([http('h', 'http://169.254.169.254/latest/meta-data')]),
    expect: { status: 'failed', error: { nodeId: 'h' }, attempts: { h: 1 } },
  },
  {
    name: 'forEach: the failing node is named',
    definition: graph(
      [
        http('h', `${stub}/?failures=9&status=404&key=f3`, {}, {}),
        node('d', 'data_source', {
          connector: 'http',
          action: 'request',
          params: { url: `${stub}/?failures=9&status=404&key=f4{{ index }}` },
          forEach: [1, 2],
        }),
      ],
      [],
    ),
    expect: { status: 'failed', error: { code: 'http.status-404' } },
  },
  {
    name: 'finish: branch elsewhere goes on, the first error is the run error',
    definition: graph(
      [broken('a'), broken('b', branch), out('handled', 1), http('h', `${stub}/?ms=200`), out('late', 1)],
      [edge('b', 'error', 'handled'), ...chain('h', 'late')],
      { settings: { onFailure: 'finish' } },
    ),
    expect: { status: 'failed', error: { nodeId: 'a' }, output: { handled: 1, late: 1 } },
  },
  {
    name: 'strict in an output',
    definition: graph([out('v', 'x{{ input.gone }}', { strict: true })]),
    expect: { status: 'failed', error: { nodeId: 'v' } },
  },
  done('nodes.x.error of a node that went well is missing', graph([calc('a', '1'), out('v', '{{ $exists(nodes.a.error) }}')], chain('a', 'v')), {
    v: false,
  }),
];

/** All of this file; `stub` is the far end. */
export const furtherCases = (stub: string): RunCase[] => [paths, ...edges, ...failures(stub)];
