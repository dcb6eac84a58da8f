/** Recorded: what parks. */
import { chain, graph, http, output, type RecordCase } from './case.ts';

const wait = (id: string, config: object, more: object = {}): object => ({ id, type: 'wait', config, ...more });
const ask = (id: string, config: object = {}, more: object = {}): object => ({
  id,
  type: 'approval',
  config: { title: 'Go on?', ...config },
  ...more,
});
const each = (config: object = {}): object => ({
  id: 'each',
  type: 'loop',
  config: { mode: 'for_each', items: '{{ [1..3] }}', concurrency: 3, ...config },
});
const go = (n: number): { when: string; call: string; body: object } => ({
  when: 'signal',
  call: 'signals/go',
  body: { payload: n, messageId: `go-${n}` },
});
const yes = (nodeId = 'ok'): { when: string; call: string; body: object } => ({
  when: 'approval',
  call: `nodes/${nodeId}/answer`,
  body: { decision: 'approved', path: ':path', messageId: ':path' },
});
const sub = { id: 'sub', type: 'subworkflow', config: { workflowId: '{{child}}', input: {} } };
const cancel = { when: '', call: 'cancel' };

/** Everything that parks: ok, time-out, cancel, in a loop. */
export function waitCases(stub: string): RecordCase[] {
  return [...waits(), ...approvals(), ...others(stub)];
}

function waits(): RecordCase[] {
  return [
    { name: 'wait-for', definition: graph([wait('w', { for: '200ms' }), output('result', '{{ nodes.w.output }}')], chain('w', 'result')) },
    { name: 'wait-past', definition: graph([wait('w', { until: '2001-01-01' }), output('result', '1')], chain('w', 'result')) },
    {
      name: 'wait-signal',
      definition: graph([wait('w', { signal: 'go' }), output('result', '{{ nodes.w.output.payload }}')], chain('w', 'result')),
      says: [go(1)],
    },
    {
      name: 'wait-signal-timeout',
      definition: graph([wait('w', { signal: 'go', timeout: '200ms' }), output('late', '1')], [{ from: 'w', fromPort: 'timeout', to: 'late' }]),
    },
    { name: 'wait-limit', definition: graph([wait('w', { signal: 'go' }, { timeoutMs: 200 })], []) },
    { name: 'wait-cancel', definition: graph([wait('w', { signal: 'go', timeout: '1h' })], []), says: [{ ...cancel, when: 'signal' }] },
    {
      name: 'wait-loop',
      definition: graph(
        [each(), wait('w', { signal: 'go' }, { parent: 'each' }), output('result', '{{ nodes.each.output }}')],
        chain('each', 'result'),
      ),
      says: [go(1), go(2), go(3)],
    },
  ];
}

function approvals(): RecordCase[] {
  return [
    {
      name: 'approval-ok',
      definition: graph(
        [ask('ok', { remindEvery: '1m' }), output('result', '{{ nodes.ok.output.decision }}')],
        [{ from: 'ok', fromPort: 'approved', to: 'result' }],
      ),
      says: [yes()],
    },
    {
      name: 'approval-timeout',
      definition: graph([ask('ok', { timeout: '200ms' }), output('late', '1')], [{ from: 'ok', fromPort: 'timeout', to: 'late' }]),
    },
    { name: 'approval-cancel', definition: graph([ask('ok', { timeout: '1h' })], []), says: [{ ...cancel, when: 'approval' }] },
    { name: 'approval-loop', definition: graph([each(), ask('ok', {}, { parent: 'each' })], []), says: [yes(), yes(), yes()] },
  ];
}

function others(stub: string): RecordCase[] {
  return [
    {
      name: 'subworkflow-ok',
      child: graph([output('v', '1')], []),
      definition: graph([sub, output('result', '{{ nodes.sub.output }}')], chain('sub', 'result')),
    },
    {
      name: 'subworkflow-failed',
      child: graph([{ id: 'x', type: 'code', config: { source: 'throw new Error("no")' } }], []),
      definition: graph([sub], []),
    },
    {
      name: 'subworkflow-cancel',
      child: graph([wait('w', { signal: 'never' })], []),
      definition: graph([sub], []),
      says: [{ ...cancel, when: 'child' }],
    },
    { name: 'subworkflow-loop', child: graph([output('v', '1')], []), definition: graph([each(), { ...sub, parent: 'each' }], []) },
    {
      name: 'unknown-outcome',
      definition: graph(
        [
          {
            id: 'send',
            type: 'action',
            config: { connector: 'http', action: 'request', params: { method: 'POST', url: `${stub}/work?ms=4000`, body: 1 } },
            timeoutMs: 300,
          },
        ],
        [],
      ),
      says: [{ when: 'unknown-outcome', call: 'nodes/send/answer', body: { decision: 'done', output: { status: 200 }, messageId: 'done' } }],
    },
    {
      name: 'pause',
      definition: graph([wait('w', { signal: 'go' }), http('call', `${stub}/work?ms=1`)], chain('w', 'call')),
      says: [
        { when: 'signal', call: 'pause' },
        { when: 'pause', call: 'signals/go', body: { messageId: 'go' } },
        { when: 'pause', call: 'resume' },
      ],
    },
  ];
}
