/** One workflow per kind of wait, with what lets it go on and what it then gives. */
import { chain, graph, output } from '../../record/case.ts';
import type { HubClient } from '../lib/hub.ts';

export interface ParkedCase {
  name: string;
  definition: object;
  /** Published first; `{{child}}` stands for it. */
  child?: object;
  /** `statusReason` of the run when it is parked. */
  reason: string;
  /** Done while it is parked, before the first release. */
  before?: (hub: HubClient, run: string) => Promise<void>;
  resume: (hub: HubClient, run: string) => Promise<void>;
  output: Record<string, unknown>;
  /** It continues as new after the last release, so it changes its engine. */
  moves?: true;
}

const node = (id: string, type: string, config: object, more: object = {}): object => ({ id, type, config, ...more });
const side = ['a', 'b', 'c'].map((id) => node(id, 'code', { source: `return '${id}'` }));
const sides = ['a', 'b', 'c'].map((to) => ({ from: 'w', to }));

const signal =
  (name: string, count = 1) =>
  async (hub: HubClient, run: string): Promise<void> => {
    for (let n = 0; n < count; n += 1) await hub.call('POST', `/runs/${run}/signals/${name}`, { payload: n, messageId: `${name}-${n}` });
  };

async function approve(hub: HubClient, run: string): Promise<void> {
  const { items } = await hub.call<{ items: { nodeId: string; path: string }[] }>('GET', `/approvals?status=pending&runId=${run}`);
  for (const { nodeId, path } of items) {
    await hub.call('POST', `/runs/${run}/nodes/${nodeId}/answer`, { decision: 'approved', path, messageId: path });
  }
}

/** Ten kinds of wait; after each, three steps side by side, whose order is what the later releases change. */
export function parkedCases(stub: string): ParkedCase[] {
  return [...waits(), ...approvals(), ...others(stub)];
}

function waits(): ParkedCase[] {
  const told = output('result', '{{ nodes.w.output.payload }}');
  const after = [...sides, { from: 'w', to: 'result' }];
  const forSignal = (config: object): object => graph([node('w', 'wait', { signal: 'go', ...config }), ...side, told], after);
  return [
    { name: 'signal', definition: forSignal({}), reason: 'signal', resume: signal('go'), output: { result: 0 } },
    { name: 'signal with a limit', definition: forSignal({ timeout: '30d' }), reason: 'signal', resume: signal('go'), output: { result: 0 } },
    {
      name: 'timer',
      definition: graph([node('w', 'wait', { for: '45s' }), ...side, output('result', '{{ nodes.b.output }}')], [...sides, ...chain('b', 'result')]),
      reason: 'timer',
      resume: async () => undefined,
      output: { result: 'b' },
    },
    {
      name: 'signals in a loop',
      definition: graph(
        [
          node('w', 'loop', { mode: 'for_each', items: '{{ [1..3] }}', concurrency: 3, result: '{{ nodes.s.output.payload + 1 }}' }),
          node('s', 'wait', { signal: 'go' }, { parent: 'w' }),
          ...side,
          output('result', '{{ $sum(nodes.w.output) }}'),
        ],
        after,
      ),
      reason: 'signal',
      resume: signal('go', 3),
      output: { result: 6 },
    },
    {
      name: 'paused',
      definition: forSignal({}),
      reason: 'signal',
      before: async (hub, run) => void (await hub.call('POST', `/runs/${run}/pause`)),
      resume: async (hub, run) => {
        await signal('go')(hub, run);
        await hub.call('POST', `/runs/${run}/resume`);
      },
      output: { result: 0 },
    },
  ];
}

function approvals(): ParkedCase[] {
  const ask = (id: string, more: object = {}): object => node(id, 'approval', { title: 'Go on?', remindEvery: '1d' }, more);
  const loop = node('w', 'loop', { mode: 'for_each', items: '{{ [1..3] }}', concurrency: 3, result: '{{ nodes.ok.output.decision }}' });
  return [
    {
      name: 'approval',
      definition: graph(
        [ask('w'), ...side, output('result', '{{ nodes.w.output.decision }}')],
        [...sides, { from: 'w', to: 'result' }].map((edge) => ({ ...edge, fromPort: 'approved' })),
      ),
      reason: 'approval',
      resume: approve,
      output: { result: 'approved' },
    },
    {
      name: 'approvals in a loop',
      definition: graph(
        [loop, ask('ok', { parent: 'w' }), ...side, output('result', '{{ $count(nodes.w.output) }}')],
        [...sides, ...chain('w', 'result')],
      ),
      reason: 'approval',
      resume: approve,
      output: { result: 3 },
    },
  ];
}

function others(stub: string): ParkedCase[] {
  return [
    {
      name: 'subworkflow',
      child: graph([node('w', 'wait', { for: '45s' }), output('v', '{{ 7 }}')], chain('w', 'v')),
      definition: graph(
        [node('w', 'subworkflow', { workflowId: '{{child}}', input: {} }), ...side, output('result', '{{ nodes.w.output.v }}')],
        [...sides, ...chain('w', 'result')],
      ),
      reason: 'child',
      resume: async () => undefined,
      output: { result: 7 },
    },
    {
      name: 'unknown outcome',
      definition: graph(
        [
          node(
            'w',
            'action',
            { connector: 'http', action: 'request', params: { method: 'POST', url: `${stub}/work?ms=4000`, body: 1 } },
            { timeoutMs: 300 },
          ),
          ...side,
          output('result', '{{ nodes.w.output.status }}'),
        ],
        [...sides, ...chain('w', 'result')],
      ),
      reason: 'unknown-outcome',
      resume: async (hub, run) =>
        void (await hub.call('POST', `/runs/${run}/nodes/w/answer`, { decision: 'done', output: { status: 200 }, messageId: 'done' })),
      output: { result: 200 },
    },
    {
      name: 'long after a signal',
      definition: graph(
        [
          node('s', 'wait', { signal: 'go' }),
          node('w', 'loop', { mode: 'for_each', items: '{{ [1..40] }}', concurrency: 5, result: '{{ item }}' }),
          // A body of two steps: a single one would share an activity with the others.
          ...['c', 'd'].map((id) => node(id, 'code', { source: 'return ctx.item' }, { parent: 'w' })),
          output('result', '{{ $sum(nodes.w.output) }}'),
        ],
        [...chain('s', 'w'), ...chain('c', 'd'), ...chain('w', 'result')],
      ),
      reason: 'signal',
      resume: signal('go'),
      output: { result: 820 },
      moves: true,
    },
  ];
}
