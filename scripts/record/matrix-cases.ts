/** What the replay gate records in rows and columns: every kind the engine runs x {ok, retry, cancel, continue-as-new, approval, loop, branch, while, nested}. */
import { chain, graph, output, type RecordCase } from './case.ts';

/** Runs continue as new from so many events on, so that a short one does. */
export const matrixContinueAfter = 50;

interface Kind {
  name: string;
  /** The node `k`, with its config and whatever it needs beside it. */
  make: (more?: object) => object[];
  /** The port that is taken. */
  port?: string;
  /** What lets a run go on that waits in it, outside of loops. */
  says?: NonNullable<RecordCase['says']>;
  /** May not stand in a body, or waits there for a person. */
  alone?: true;
  /** It cannot have a retry of its own. */
  noRetry?: true;
  child?: object;
}

const node = (id: string, type: string, config: object, more: object = {}): object => ({ id, type, config, ...more });
const call = (url: string): object => ({ connector: 'http', action: 'request', params: { method: 'PUT', url } });
const read = (url: string): object => ({ connector: 'http', action: 'request', params: { method: 'GET', url } });
const code = (id: string, more: object = {}): object => node(id, 'code', { source: 'return 1' }, more);
const each = (id: string, items: string, more: object = {}): object =>
  node(id, 'loop', { mode: 'for_each', items, concurrency: 2, result: '{{ index }}' }, more);

function kinds(stub: string): Kind[] {
  const one =
    (type: string, config: object) =>
    (more: object = {}): object[] => [node('k', type, config, more)];
  const approve = { when: 'approval', call: 'nodes/k/answer', body: { decision: 'approved', messageId: 'k' } };
  return [
    { name: 'data-source', make: one('data_source', read(`${stub}/work?ms=1`)) },
    { name: 'action', make: one('action', call(`${stub}/work?ms=1`)) },
    { name: 'prompt', make: one('prompt', { model: 'demo/echo', messages: [{ role: 'user', content: 'Say it' }] }) },
    { name: 'transform', make: one('transform', { expression: '1 + 1' }) },
    { name: 'code', make: one('code', { source: 'return 2' }) },
    { name: 'condition', make: one('condition', { left: 1, op: 'eq', right: 1 }), port: 'true' },
    { name: 'switch', make: one('switch', { cases: [{ port: 'big', when: { left: 1, op: 'lt', right: 2 } }] }), port: 'big' },
    { name: 'merge', make: one('merge', { mode: 'append' }) },
    { name: 'loop', make: (more) => [each('k', '{{ [1..2] }}', more), code('in_k', { parent: 'k' })], noRetry: true },
    { name: 'subworkflow', make: one('subworkflow', { workflowId: '{{child}}', input: {} }), noRetry: true, child: graph([output('v', 7)], []) },
    { name: 'wait', make: one('wait', { for: '250ms' }), noRetry: true },
    { name: 'approval', make: one('approval', { title: 'Go on?' }), port: 'approved', says: [approve], noRetry: true, alone: true },
    { name: 'evaluate', make: one('evaluate', { value: 'text', scorers: [{ type: 'length', min: 1 }] }) },
    { name: 'notify', make: one('notify', { channel: 'email', to: ['a@example.com'], subject: 'Done', body: 'It is done' }) },
    { name: 'respond', make: one('respond', { body: { ok: true } }), alone: true },
    { name: 'output', make: one('output', { name: 'k', value: 1 }), alone: true },
  ];
}

/** All of them, by kind and column. */
export function matrixCases(stub: string): RecordCase[] {
  return kinds(stub).flatMap((kind) => [...plain(kind, stub), ...bodies(kind)].map((one) => ({ ...one, name: `${kind.name}.${one.name}` })));
}

function plain({ make, port, says = [], noRetry, child }: Kind, stub: string): RecordCase[] {
  const after = { from: 'k', ...(port === undefined ? {} : { fromPort: port }), to: 'end' };
  const with_ = child === undefined ? {} : { child };
  const quick = { retry: { maxAttempts: 3, initialMs: 1, maxMs: 5 } };
  const flaky = node('flaky', 'data_source', read(`${stub}/flaky?key={{ run.id }}`), quick);
  const ask = { when: 'approval', call: 'nodes/ask/answer', body: { decision: 'approved', messageId: 'ask' } };
  const body = [node('b1', 'action', call(`${stub}/work?ms=0`), { parent: 'many' }), code('b2', { parent: 'many' })];
  return [
    { name: 'ok', definition: graph([...make(), code('end')], [after]), says, ...with_ },
    {
      name: 'retry',
      definition: graph([flaky, ...make(noRetry ? {} : quick), code('end')], [...chain('flaky', 'k'), after]),
      says,
      ...with_,
    },
    {
      name: 'cancel',
      definition: graph([node('slow', 'data_source', read(`${stub}/work?ms=60000`)), ...make(), code('end')], [after]),
      cancelAt: 1,
      ...with_,
    },
    {
      name: 'continue-as-new',
      definition: graph([each('many', '{{ [1..7] }}'), ...body, ...make(), code('end')], [...chain('b1', 'b2'), ...chain('many', 'k'), after]),
      says,
      ...with_,
    },
    {
      name: 'approval',
      definition: graph(
        [node('ask', 'approval', { title: 'Go on?' }), ...make(), code('end')],
        [{ from: 'ask', fromPort: 'approved', to: 'k' }, after],
      ),
      says: [ask, ...says],
      ...with_,
    },
    {
      name: 'branch',
      definition: graph(
        [
          node('if', 'condition', { left: 1, op: 'eq', right: 1 }),
          ...make(),
          code('other'),
          node('both', 'merge', { mode: 'append' }),
          ...make().map((one) => ({ ...one, ...renamed(one) })),
          code('end'),
        ],
        [
          { from: 'if', fromPort: 'true', to: 'k' },
          { from: 'if', fromPort: 'false', to: 'other' },
          ...(port === undefined ? chain('k', 'both') : [{ from: 'k', fromPort: port, to: 'both' }]),
          ...chain('other', 'both', 'end'),
          // Its twin stands where nothing leads to: it is skipped.
          ...chain('other', 'k_twin'),
        ],
      ),
      says,
      ...with_,
    },
  ];
}

function renamed(one: object): object {
  const { id, parent } = one as { id: string; parent?: string };
  return { id: `${id}_twin`, ...(parent === undefined ? {} : { parent: `${parent}_twin` }) };
}

/** In a body: of `for_each`, of `while`, of a loop in a loop. */
function bodies({ make, port, alone, child, name }: Kind): RecordCase[] {
  const with_ = child === undefined ? {} : { child };
  if (alone) {
    // Beside a loop instead: it may not stand in one, or a person would have to come each time.
    const says = name === 'approval' ? [{ when: 'approval', call: 'nodes/k/answer', body: { decision: 'approved', messageId: 'k' } }] : [];
    return [
      {
        name: 'loop',
        definition: graph(
          [each('l', '{{ [1..3] }}'), code('b', { parent: 'l' }), code('c', { parent: 'l' }), ...make()],
          [...chain('b', 'c'), ...chain('l', 'k')],
        ),
        says,
      },
    ];
  }
  const inside = (parent: string): object[] => make({ parent });
  const after = { from: 'k', ...(port === undefined ? {} : { fromPort: port }), to: 'b' };
  const repeat = node('l', 'loop', {
    mode: 'while',
    condition: { left: '{{ iteration }}', op: 'lt', right: 2 },
    maxIterations: 5,
    result: '{{ iteration }}',
  });
  return [
    { name: 'loop', definition: graph([each('l', '{{ [1..3] }}'), ...inside('l'), code('b', { parent: 'l' })], [after]), ...with_ },
    { name: 'while', definition: graph([repeat, ...inside('l'), code('b', { parent: 'l' })], [after]), ...with_ },
    {
      name: 'nested',
      definition: graph([each('o', '{{ [1..2] }}'), each('l', '{{ [1..2] }}', { parent: 'o' }), ...inside('l'), code('b', { parent: 'l' })], [after]),
      ...with_,
    },
  ];
}
