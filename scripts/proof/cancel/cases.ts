/** One workflow per kind of work that a cancel may meet. */
import { chain, graph, output } from '../../record/case.ts';
import type { HubClient } from '../lib/hub.ts';

export interface CancelCase {
  name: string;
  definition: object;
  /** Published first; `{{child}}` stands for it. */
  child?: object;
  /** Done once it has begun, before the cancel. */
  before?: (hub: HubClient, run: string) => Promise<void>;
}

const node = (id: string, type: string, config: object, more: object = {}): object => ({ id, type, config, ...more });
const longMs = 120_000;

/** Every case has a call behind it: were it made, it would be an effect after the cancel. */
export function cancelCases(stub: string): CancelCase[] {
  const after = node('after', 'action', { connector: 'http', action: 'request', params: { method: 'PUT', url: `${stub}/work?n=1` } });
  const two = (first: object, more: object[] = [], edges: object[] = []): object =>
    graph([first, ...more, after, output('result', '{{ nodes.after.output }}')], [...chain('w', 'after', 'result'), ...edges], {
      maxConcurrentRuns: 1_000,
    });
  const call = (method: string, url: string): object => ({ connector: 'http', action: 'request', params: { method, url } });
  const slow = call('PUT', `${stub}/work?ms=${longMs}`);
  const items = '{{ [1..20] }}';
  return [
    { name: 'a call that may be repeated', definition: two(node('w', 'action', slow, { timeoutMs: longMs })) },
    { name: 'a call that may not', definition: two(node('w', 'action', call('POST', `${stub}/work?ms=${longMs}`), { timeoutMs: longMs })) },
    { name: 'a read', definition: two(node('w', 'data_source', call('GET', `${stub}/work?ms=${longMs}`), { timeoutMs: longMs })) },
    {
      name: 'the pause before a retry',
      definition: two(
        node('w', 'action', call('PUT', `${stub}/flaky?key={{ run.id }}`), { retry: { maxAttempts: 5, initialMs: 60_000, maxMs: 60_000 } }),
      ),
    },
    {
      name: 'a model call',
      definition: two(node('w', 'prompt', { model: 'demo/slow-120000', messages: [{ role: 'user', content: 'x' }] }, { timeoutMs: longMs })),
    },
    { name: 'code', definition: two(node('w', 'code', { source: 'for (;;);' }, { timeoutMs: 10_000, retry: { maxAttempts: 20, initialMs: 1 } })) },
    { name: 'items of one step', definition: two(node('w', 'action', { ...slow, forEach: items, concurrency: 2 }, { timeoutMs: longMs })) },
    {
      name: 'a loop of steps',
      definition: two(
        node('w', 'loop', { mode: 'for_each', items, concurrency: 2, result: '{{ item }}' }),
        [node('c', 'action', slow, { parent: 'w', timeoutMs: longMs }), node('d', 'transform', { expression: 'item' }, { parent: 'w' })],
        chain('c', 'd'),
      ),
    },
    { name: 'a wait for a signal', definition: two(node('w', 'wait', { signal: 'go' })) },
    { name: 'a wait for a time', definition: two(node('w', 'wait', { for: '1h' })) },
    {
      name: 'an approval',
      definition: graph(
        [node('w', 'approval', { title: 'Go on?' }), after, output('result', '{{ nodes.after.output }}')],
        [{ from: 'w', fromPort: 'approved', to: 'after' }, ...chain('after', 'result')],
        { maxConcurrentRuns: 1_000 },
      ),
    },
    {
      name: 'a subworkflow',
      child: graph([node('w', 'wait', { for: '1h' }), output('v', '{{ 7 }}')], chain('w', 'v'), { maxConcurrentRuns: 1_000 }),
      definition: two(node('w', 'subworkflow', { workflowId: '{{child}}', input: {} })),
    },
    {
      name: 'a paused run',
      definition: two(node('w', 'wait', { signal: 'go' })),
      before: async (hub, run) => void (await hub.call('POST', `/runs/${run}/pause`)),
    },
  ];
}

/** Three inserts and a loop of three, then a wait, and behind it a failure: what it did is undone. */
export function undoDefinition(credentialId: string, compensate = 'both'): object {
  const insert = (id: string, step: string, more: object = {}): object =>
    node(
      id,
      'action',
      {
        connector: 'postgres',
        action: 'insert-rows',
        credentialId,
        params: { table: 'effects', rows: [{ run: '{{ run.id }}', step }], returning: ['id'] },
      },
      more,
    );
  return graph(
    [
      insert('a', 'a'),
      insert('b', 'b'),
      node('each', 'loop', { mode: 'for_each', items: '{{ [1..3] }}', concurrency: 2, result: '{{ item }}' }),
      insert('c', 'c{{ item }}', { parent: 'each' }),
      node('told', 'transform', { expression: 'item' }, { parent: 'each' }),
      insert('kept', 'kept', { onError: { mode: 'continue' } }),
      node('hold', 'wait', { signal: 'go' }),
      node('last', 'code', { source: "throw new Error('as asked')" }),
      output('result', '{{ nodes.a.output }}'),
    ],
    [...chain('a', 'b', 'each', 'kept', 'hold', 'last', 'result'), ...chain('c', 'told')],
    { maxConcurrentRuns: 1_000, compensate },
  );
}

/** How many rows each of these runs writes. */
export const rowsPerRun = 6;
