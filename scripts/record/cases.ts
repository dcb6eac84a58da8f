/** What the replay gate records: every kind the engine runs x how it can go. `stub` is the address of the far end. */
import { chain, graph, http, output, transform, type RecordCase } from './case.ts';
import { waitCases } from './wait-cases.ts';

const quickRetry = { retry: { maxAttempts: 3, initialMs: 1, maxMs: 5 } };

/** All cases, in a stable order. */
export function recordCases(stub: string): RecordCase[] {
  return [
    ...plainCases(stub),
    ...quickCases(stub),
    ...joinCases(stub),
    ...loopCases(stub),
    ...itemCases(stub),
    ...failureCases(stub),
    ...waitCases(stub),
    ...longCases(stub),
  ];
}

function plainCases(stub: string): RecordCase[] {
  const prompt = { id: 'ask', type: 'prompt', config: { model: 'demo/echo', messages: [{ role: 'user', content: 'Say {{ input.word }}' }] } };
  const post = {
    id: 'send',
    type: 'action',
    config: { connector: 'http', action: 'request', params: { method: 'PUT', url: `${stub}/work?ms=1`, body: { a: 1 } } },
  };
  const code = { id: 'calc', type: 'code', config: { source: 'return ctx.input.n * 2' } };
  const choose = {
    id: 'choose',
    type: 'switch',
    config: {
      cases: [
        { port: 'big', when: { left: '{{ input.n }}', op: 'gt', right: 10 } },
        { port: 'small', when: { left: '{{ input.n }}', op: 'lte', right: 10 } },
      ],
    },
  };
  return [
    {
      name: 'data-source-ok',
      definition: graph([http('read', `${stub}/work?ms=1`), output('result', '{{ nodes.read.output.status }}')], chain('read', 'result')),
    },
    { name: 'action-ok', definition: graph([post, output('result', '{{ nodes.send.output.status }}')], chain('send', 'result')) },
    {
      name: 'prompt-ok',
      definition: graph([prompt, output('result', '{{ nodes.ask.output.text }}')], chain('ask', 'result')),
      input: { word: 'paper' },
    },
    {
      name: 'transform-ok',
      definition: graph(
        [transform('one', 'input.n + 1'), transform('two', 'nodes.one.output * 2'), output('result', '{{ nodes.two.output }}')],
        chain('one', 'two', 'result'),
      ),
      input: { n: 1 },
    },
    { name: 'code-ok', definition: graph([code, output('result', '{{ nodes.calc.output }}')], chain('calc', 'result')), input: { n: 4 } },
    {
      name: 'condition-ok',
      definition: graph(
        [
          { id: 'check', type: 'condition', config: { left: '{{ input.n }}', op: 'gt', right: 3 } },
          http('yes', `${stub}/work?ms=1`),
          http('no', `${stub}/work?ms=1`),
        ],
        [
          { from: 'check', fromPort: 'true', to: 'yes' },
          { from: 'check', fromPort: 'false', to: 'no' },
        ],
      ),
      input: { n: 4 },
    },
    {
      name: 'switch-ok',
      definition: graph(
        [choose, http('big', `${stub}/work?ms=1`), transform('small', '1')],
        [
          { from: 'choose', fromPort: 'big', to: 'big' },
          { from: 'choose', fromPort: 'small', to: 'small' },
        ],
      ),
      input: { n: 4 },
    },
  ];
}

/** Short reads that the worker has seen end quickly: tried as local activities, and what becomes of a try that does not end well. */
function quickCases(stub: string): RecordCase[] {
  const ids = ['one', 'two', 'three'];
  const definition = graph(
    [...ids.map((id) => http(id, `{{ input.${id} }}`, quickRetry)), output('result', '{{ nodes.three.output.status }}')],
    chain(...ids, 'result'),
  );
  const wide = graph(
    [
      ...ids.map((id) => http(id, `{{ input.${id} }}`)),
      ...ids.map((id) => transform(`after_${id}`, '1')),
      ...ids.map((id) => http(`then_${id}`, '{{ input.one }}')),
    ],
    ids.flatMap((id) => chain(id, `after_${id}`, `then_${id}`)),
  );
  const quick = `${stub}/work?ms=1`;
  const good = { one: quick, two: quick, three: quick };
  const warm = { times: 4, input: good };
  return [
    { name: 'quick-ok', definition, warm, input: good },
    { name: 'quick-slow', definition, warm, input: { ...good, two: `${stub}/work?ms=1500` } },
    { name: 'quick-retry', definition, warm, input: { ...good, two: `${stub}/flaky?key=quick` } },
    { name: 'quick-fail', definition, warm, input: { ...good, two: 'http://[' } },
    { name: 'quick-wide', definition: wide, warm, input: { ...good, two: `${stub}/work?ms=1500`, three: `${stub}/work?ms=30` } },
    { name: 'quick-cancel', definition, warm, input: { ...good, two: `${stub}/work?ms=60000` }, cancelAt: 1 },
  ];
}

/** Branches that come together, nodes passed by, more ready nodes than may run. */
function joinCases(stub: string): RecordCase[] {
  return [
    {
      name: 'merge-all',
      definition: graph(
        [
          http('a', `${stub}/work?ms=5`),
          http('b', `${stub}/work?ms=20`),
          { id: 'both', type: 'merge', join: 'all', config: { mode: 'append' } },
          output('result', '{{ nodes.both.output }}'),
        ],
        [
          { from: 'a', to: 'both' },
          { from: 'b', to: 'both' },
          { from: 'both', to: 'result' },
        ],
      ),
    },
    {
      name: 'merge-first',
      definition: graph(
        [
          http('a', `${stub}/work?ms=5`),
          http('b', `${stub}/work?ms=60`),
          { id: 'both', type: 'merge', config: { mode: 'first' } },
          http('after', `${stub}/work?ms=1`),
        ],
        [
          { from: 'a', to: 'both' },
          { from: 'b', to: 'both' },
          { from: 'both', to: 'after' },
        ],
      ),
    },
    {
      name: 'disabled',
      definition: graph(
        [transform('one', 'input.n'), transform('two', '0', { disabled: true }), output('result', '{{ nodes.two.output }}')],
        chain('one', 'two', 'result'),
      ),
      input: { n: 9 },
    },
    {
      name: 'wide',
      definition: graph(
        Array.from({ length: 6 }, (_, n) => http(`call${n}`, `${stub}/work?ms=${5 + n}`)),
        [],
        { maxParallel: 2 },
      ),
    },
  ];
}

function loopCases(stub: string): RecordCase[] {
  const each = { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ input.items }}', concurrency: 2 } };
  const inner = { id: 'inner', type: 'loop', parent: 'each', config: { mode: 'for_each', items: '{{ item.parts }}', concurrency: 2 } };
  const items = { items: [1, 2, 3, 4, 5] };
  return [
    {
      name: 'for-each',
      definition: graph(
        [each, http('call', `${stub}/work?ms=2&n={{ item }}`, { parent: 'each' }), output('result', '{{ nodes.each.output }}')],
        chain('each', 'result'),
      ),
      input: items,
    },
    {
      name: 'for-each-result',
      definition: graph(
        [
          { ...each, config: { ...each.config, result: '{{ nodes.twice.output }}' } },
          transform('twice', 'item * 2', { parent: 'each' }),
          transform('side', 'index', { parent: 'each' }),
          output('result', '{{ nodes.each.output }}'),
        ],
        chain('each', 'result'),
      ),
      input: items,
    },
    {
      name: 'loop-in-loop',
      definition: graph([each, inner, http('call', `${stub}/work?ms=2&n={{ item }}`, { parent: 'inner' })], []),
      input: { items: [{ parts: [1, 2] }, { parts: [] }, { parts: [3] }] },
    },
    {
      name: 'for-each-node',
      definition: graph(
        [
          http('call', `${stub}/work?ms=2&n={{ item }}`, {
            config: {
              connector: 'http',
              action: 'request',
              params: { method: 'GET', url: `${stub}/work?ms=2&n={{ item }}` },
              forEach: '{{ input.items }}',
              concurrency: 3,
            },
          }),
          output('result', '{{ $count(nodes.call.output) }}'),
        ],
        chain('call', 'result'),
      ),
      input: items,
    },
    {
      name: 'loop-collect',
      definition: graph(
        [
          { ...each, config: { ...each.config, onItemError: 'collect' } },
          { id: 'odd', type: 'code', parent: 'each', config: { source: 'if (ctx.item % 2) throw new Error("odd"); return ctx.item' } },
          output('result', '{{ nodes.each.output }}'),
        ],
        chain('each', 'result'),
      ),
      input: items,
    },
    {
      name: 'loop-fail',
      definition: graph(
        [each, { id: 'odd', type: 'code', parent: 'each', config: { source: 'if (ctx.item === 3) throw new Error("three"); return ctx.item' } }],
        [],
      ),
      input: items,
    },
    { name: 'loop-cancel', definition: graph([each, http('call', `${stub}/work?ms=4000`, { parent: 'each' })], []), input: items, cancelAt: 2 },
  ];
}

/** Items that share an activity: some are left to themselves, some wait for a person; and a body whose sink is passed by. */
function itemCases(stub: string): RecordCase[] {
  const each = { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ input.items }}', concurrency: 2 } };
  const items = { items: [1, 2, 3, 4, 5] };
  return [
    {
      name: 'loop-sink-disabled',
      definition: graph(
        [
          each,
          http('call', `${stub}/work?ms=2&n={{ item }}`, { parent: 'each' }),
          transform('off', '0', { parent: 'each', disabled: true }),
          output('result', '{{ nodes.each.output.body.n }}'),
        ],
        [...chain('call', 'off'), ...chain('each', 'result')],
      ),
      input: items,
    },
    {
      name: 'items-left',
      definition: graph(
        [
          each,
          http('call', `${stub}/flaky?key={{ run.id }}-{{ item > 1 ? 2 : 1 }}`, {
            parent: 'each',
            retry: { maxAttempts: 4, initialMs: 7000, backoff: 'fixed' },
          }),
        ],
        [],
      ),
      input: { items: [1, 2, 2, 2, 2] },
    },
    {
      name: 'items-unknown',
      definition: graph(
        [
          { ...each, config: { ...each.config, onItemError: 'skip' } },
          {
            id: 'send',
            type: 'action',
            parent: 'each',
            config: { connector: 'http', action: 'request', params: { method: 'POST', url: `${stub}/work?ms={{ item }}`, body: 1 } },
            timeoutMs: 500,
          },
        ],
        [],
      ),
      input: { items: [1, 4000, 1, 1] },
      says: [
        {
          when: 'unknown-outcome',
          call: 'nodes/send/answer',
          body: { path: 'each[1].send', decision: 'done', output: { status: 200 }, messageId: 'done' },
        },
      ],
    },
  ];
}

function failureCases(stub: string): RecordCase[] {
  const broken = (more: object = {}): object => ({ id: 'broken', type: 'code', config: { source: 'throw new Error("broken on purpose")' }, ...more });
  return [
    { name: 'retry-then-fail', definition: graph([broken(quickRetry)], []) },
    {
      name: 'retry-then-ok',
      definition: graph([http('flaky', `${stub}/flaky?key={{ run.id }}`, { retry: { maxAttempts: 4, initialMs: 1, maxMs: 5 } })], []),
    },
    {
      name: 'on-error-branch',
      definition: graph(
        [broken({ onError: { mode: 'branch' } }), transform('mend', 'nodes.broken.error.code')],
        [{ from: 'broken', fromPort: 'error', to: 'mend' }],
      ),
    },
    {
      name: 'on-error-fallback',
      definition: graph(
        [broken({ onError: { mode: 'fallback', value: 7 } }), output('result', '{{ nodes.broken.output }}')],
        chain('broken', 'result'),
      ),
    },
    {
      name: 'on-error-continue',
      definition: graph([broken({ onError: { mode: 'continue' } }), output('result', '{{ nodes.broken.output }}')], chain('broken', 'result')),
    },
    { name: 'stop-cancels', definition: graph([broken(), http('slow', `${stub}/work?ms=4000`)], []) },
    {
      name: 'finish-goes-on',
      definition: graph([broken(), transform('after', '1'), http('other', `${stub}/work?ms=30`)], chain('broken', 'after'), { onFailure: 'finish' }),
    },
    {
      name: 'cancel',
      definition: graph([http('slow', `${stub}/work?ms=4000`), http('next', `${stub}/work?ms=1`)], chain('slow', 'next')),
      cancelAt: 1,
    },
    { name: 'run-timeout', definition: graph([http('slow', `${stub}/work?ms=4000`)], [], { timeoutMs: 1000 }) },
  ];
}

/** Long enough to continue as new (2,000 events): two steps in the body, so that each item is by itself. */
function longCases(stub: string): RecordCase[] {
  const each = { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ [1..400] }}', concurrency: 1 } };
  const asked = { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ [1..400] }}', concurrency: 1 } };
  // Tries leave one event each.
  const many = { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ [1..1200] }}', concurrency: 1 } };
  return [
    {
      name: 'continue-as-new-waits',
      definition: graph(
        [
          asked,
          http('call', `${stub}/work?ms=0&n={{ item }}`, { parent: 'each', type: 'action' }),
          transform('n', 'index', { parent: 'each' }),
          { id: 'w', type: 'wait', config: { signal: 'go', timeout: '1h' } },
          output('result', '{{ nodes.w.output.payload }}'),
        ],
        [...chain('call', 'n'), ...chain('w', 'result')],
      ),
      says: [{ when: 'signal', call: 'signals/go', body: { payload: 1, messageId: 'go' } }],
    },
    {
      name: 'continue-as-new',
      definition: graph(
        [
          each,
          http('call', `${stub}/work?ms=0&n={{ item }}`, { parent: 'each', type: 'action' }),
          transform('n', 'index', { parent: 'each' }),
          output('result', '{{ $count(nodes.each.output) }}'),
        ],
        [...chain('call', 'n'), ...chain('each', 'result')],
      ),
    },
    {
      name: 'continue-as-new-quick',
      definition: graph(
        [
          many,
          http('call', `${stub}/work?ms=0&n={{ item }}`, { parent: 'each' }),
          transform('n', 'index', { parent: 'each' }),
          output('result', '{{ $count(nodes.each.output) }}'),
        ],
        [...chain('call', 'n'), ...chain('each', 'result')],
      ),
    },
  ];
}
