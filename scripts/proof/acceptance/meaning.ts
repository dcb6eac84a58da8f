/** 03 "Meaning" 1 to 6 and 10: joins, disabled, retry, onError, onFailure, outputs. */
import { broken, calc, chain, check, code, edge, graph, http, node, out, type RunCase } from './cases.ts';

const branch = { onError: { mode: 'branch' } };
const diamond = (join: string): object =>
  graph(
    [check('c', 'true'), calc('a', '1'), calc('b', '2'), out('v', '{{ [nodes.a.output, nodes.b.output] }}', { join })],
    [edge('c', 'true', 'a'), edge('c', 'false', 'b'), ...chain('a', 'v'), ...chain('b', 'v')],
  );

const joins: RunCase[] = [
  {
    name: 'join any runs it if at least one edge is live',
    definition: diamond('any'),
    expect: { status: 'completed', output: { v: [1] }, nodes: { a: 'completed', b: 'skipped', v: 'completed' } },
  },
  {
    name: 'join all only if all are; else it is skipped',
    definition: diamond('all'),
    expect: { status: 'completed', output: {}, exact: true, nodes: { v: 'skipped' } },
  },
  {
    name: 'A skipped node makes its outgoing edges dead, on and on',
    definition: graph([check('c', 'false'), calc('a', '1'), calc('b', '2'), out('v', 3)], [edge('c', 'true', 'a'), ...chain('a', 'b', 'v')]),
    expect: { status: 'completed', output: {}, exact: true, nodes: { a: 'skipped', b: 'skipped', v: 'skipped' } },
  },
];

const disabled: RunCase[] = [
  {
    name: 'disabled passes through: the output of its only live source',
    definition: graph([calc('a', '1'), calc('off', '9', { disabled: true }), out('v', '{{ nodes.off.output }}')], chain('a', 'off', 'v')),
    expect: { status: 'completed', output: { v: 1 } },
  },
  {
    name: 'disabled with several live sources gives null',
    definition: graph(
      [calc('a', '1'), calc('b', '2'), calc('off', '9', { disabled: true }), out('v', '{{ nodes.off.output }}')],
      [...chain('a', 'off', 'v'), ...chain('b', 'off')],
    ),
    expect: { status: 'completed', output: { v: null } },
  },
  {
    name: 'A disabled condition takes true, a disabled switch default',
    definition: graph(
      [
        check('c', 'false', { disabled: true }),
        node('s', 'switch', { cases: [{ port: 'p', when: { all: [] } }] }, { disabled: true }),
        out('yes', 1),
        out('no', 1),
        out('p', 1),
        out('other', 1),
      ],
      [edge('c', 'true', 'yes'), edge('c', 'false', 'no'), edge('s', 'p', 'p'), edge('s', 'default', 'other')],
    ),
    expect: { status: 'completed', output: { yes: 1, other: 1 }, exact: true },
  },
  {
    name: 'A disabled loop skips its body; a disabled output names nothing',
    definition: graph(
      [
        calc('a', '[1]'),
        node('l', 'loop', { mode: 'for_each', items: [1, 2] }, { disabled: true }),
        calc('body', 'item', { parent: 'l' }),
        out('v', '{{ nodes.l.output }}'),
        out('off', 1, { disabled: true }),
      ],
      [...chain('a', 'l', 'v'), ...chain('a', 'off')],
    ),
    expect: { status: 'completed', output: { v: [1] }, exact: true },
  },
];

const fast = { initialMs: 1, maxMs: 2 };
const retries = (stub: string): RunCase[] => [
  {
    name: 'What reaches outside is tried three times by default',
    definition: graph([http('h', `${stub}/?failures=2&key=r1`, { retry: fast }), out('v', '{{ nodes.h.output.body.n }}')], chain('h', 'v')),
    expect: { status: 'completed', output: { v: 3 }, attempts: { h: 3 } },
  },
  {
    name: 'Retry ends after maxAttempts',
    definition: graph([http('h', `${stub}/?failures=9&key=r2`, { retry: { maxAttempts: 2, ...fast } })]),
    expect: { status: 'failed', error: { nodeId: 'h', code: 'http.status-503' }, attempts: { h: 2 } },
  },
  {
    name: '404 is never retried',
    definition: graph([http('h', `${stub}/?failures=9&status=404&key=r3`, { retry: fast })]),
    expect: { status: 'failed', error: { code: 'http.status-404' }, attempts: { h: 1 } },
  },
  {
    name: 'What code throws is not retried without retry',
    definition: graph([broken('b')]),
    expect: { status: 'failed', error: { nodeId: 'b' }, attempts: { b: 1 } },
  },
  {
    name: 'What code throws is retried when retry is given',
    definition: graph([broken('b', { retry: { maxAttempts: 3, ...fast } })]),
    expect: { status: 'failed', error: { nodeId: 'b' }, attempts: { b: 3 } },
  },
  {
    name: 'A wrong expression is never retried',
    definition: graph([calc('b', '1 + "a"', { retry: { maxAttempts: 3, ...fast } })]),
    expect: { status: 'failed', attempts: { b: 1 } },
  },
  {
    name: 'A non-idempotent action is repeated where the call surely did nothing (503)',
    definition: graph(
      [
        node(
          'p',
          'action',
          { connector: 'http', action: 'request', params: { method: 'POST', url: `${stub}/?failures=1&key=r4`, body: {} } },
          { retry: fast },
        ),
        out('v', '{{ nodes.p.output.body.n }}'),
      ],
      chain('p', 'v'),
    ),
    expect: { status: 'completed', output: { v: 2 }, attempts: { p: 2 } },
  },
  {
    name: 'timeoutMs limits one attempt: step.timeout',
    definition: graph([http('h', `${stub}/?ms=3000&key=r5`, { timeoutMs: 300, retry: { maxAttempts: 2, ...fast } })]),
    expect: { status: 'failed', error: { code: 'step.timeout', nodeId: 'h' }, attempts: { h: 2 } },
  },
  {
    name: 'timeoutMs on code',
    definition: graph([code('h', 'for (;;) {}', { timeoutMs: 500 })]),
    expect: { status: 'failed', error: { code: 'step.timeout', nodeId: 'h' }, attempts: { h: 1 } },
  },
];

const errors: RunCase[] = [
  {
    name: 'continue: completed with null, nodes.x.error is set',
    definition: graph(
      [
        broken('b', { onError: { mode: 'continue' } }),
        out('v', [
          '{{ nodes.b.output }}',
          '{{ $contains(nodes.b.error.message, "planned") }}',
          '{{ nodes.b.error.attempt }}',
          '{{ $exists(nodes.b.error.code) }}',
        ]),
      ],
      chain('b', 'v'),
    ),
    expect: { status: 'completed', output: { v: [null, true, 1, true] }, nodes: { b: 'completed' } },
  },
  {
    name: 'fallback: completed with value, nodes.x.error is set with the last attempt',
    definition: graph(
      [
        broken('b', { retry: { maxAttempts: 2, ...fast }, onError: { mode: 'fallback', value: 42 } }),
        out('v', '{{ [nodes.b.output, nodes.b.error.attempt] }}'),
      ],
      chain('b', 'v'),
    ),
    expect: { status: 'completed', output: { v: [42, 2] } },
  },
  {
    name: 'branch: stays failed, counted as handled; error live, out dead',
    definition: graph(
      [broken('b', branch), out('bad', '{{ $contains(nodes.b.error.message, "planned") }}'), out('good', 1)],
      [edge('b', 'error', 'bad'), ...chain('b', 'good')],
    ),
    expect: { status: 'completed', output: { bad: true }, exact: true, nodes: { b: 'failed', good: 'skipped' } },
  },
  {
    name: 'branch: where nothing fails error is dead',
    definition: graph([calc('b', '1', branch), out('bad', 1), out('good', 1)], [edge('b', 'error', 'bad'), ...chain('b', 'good')]),
    expect: { status: 'completed', output: { good: 1 }, exact: true, nodes: { bad: 'skipped' } },
  },
  {
    name: 'fallback on a condition: its port is read from result',
    definition: graph(
      [check('c', '1 + "a"', { onError: { mode: 'fallback', value: { result: false } } }), out('yes', 1), out('no', 1)],
      [edge('c', 'true', 'yes'), edge('c', 'false', 'no')],
    ),
    expect: { status: 'completed', output: { no: 1 }, exact: true },
  },
];

const ends = (stub: string): RunCase[] => [
  {
    name: 'onFailure stop: cancels what runs and starts nothing more; output holds what was given',
    definition: graph(
      [out('early', 1), http('slow', `${stub}/?ms=8000`), out('after', 1), calc('a', '$exists(1)'), broken('b'), out('never', 1)],
      [...chain('early', 'b'), ...chain('slow', 'after'), ...chain('b', 'never')],
    ),
    expect: {
      status: 'failed',
      error: { nodeId: 'b', path: 'b' },
      output: { early: 1 },
      exact: true,
      nodes: { slow: 'cancelled', after: 'skipped', never: 'skipped', b: 'failed' },
    },
  },
  {
    name: 'onFailure finish: skips every node downstream whatever its join, the rest finishes',
    definition: graph(
      [broken('b'), http('slow', `${stub}/?ms=300`), out('after', 1), out('down', 1), out('both', 1, { join: 'any' })],
      [...chain('slow', 'after'), ...chain('b', 'down'), ...chain('b', 'both'), ...chain('slow', 'both')],
      { settings: { onFailure: 'finish' } },
    ),
    expect: {
      status: 'failed',
      error: { nodeId: 'b' },
      output: { after: 1 },
      exact: true,
      nodes: { slow: 'completed', down: 'skipped', both: 'skipped' },
    },
  },
  {
    name: 'settings.timeoutMs ends the run: timed_out',
    definition: graph([http('slow', `${stub}/?ms=20000`), out('v', 1)], chain('slow', 'v'), { settings: { timeoutMs: 1500 } }),
    expect: { status: 'timed_out', nodes: { slow: 'cancelled', v: 'skipped' } },
  },
  {
    name: 'Of two outputs with one name the later wins',
    definition: graph(
      [node('a', 'output', { name: 'x', value: 1 }), calc('m', '1'), node('b', 'output', { name: 'x', value: 2 })],
      chain('a', 'm', 'b'),
    ),
    expect: { status: 'completed', output: { x: 2 }, exact: true },
  },
  {
    name: 'An edge may start at a trigger: live when that trigger started the run, else dead',
    definition: graph([out('mine', '{{ trigger.id }}'), out('other', 1)], [...chain('one', 'mine'), ...chain('two', 'other')], {
      triggers: [
        { id: 'one', type: 'api' },
        { id: 'two', type: 'manual' },
      ],
    }),
    expect: { status: 'completed', output: { mine: 'one' }, exact: true, nodes: { other: 'skipped' } },
  },
];

/** All of this file; `stub` is the far end. */
export const meaningCases = (stub: string): RunCase[] => [...joins, ...disabled, ...retries(stub), ...errors, ...ends(stub)];
