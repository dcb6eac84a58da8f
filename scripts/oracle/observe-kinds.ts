// Which rules a run met: rule 8, the kinds that wait, and how the run was started and disturbed. It only looks.
import { liveEdges } from './edges.ts';
import type { When } from './observe.ts';
import { opens, parks } from './state.ts';
import type { LoopState, NodeState, Run } from './state.ts';

const furtherKinds = new Set(['wait', 'approval', 'subworkflow', 'evaluate', 'notify', 'respond', 'batch_prompt']);

export function observeRounds(state: NodeState, loop: LoopState, when: When): void {
  const { mode } = loop.rounds as NonNullable<LoopState['rounds']>;
  const itself = state.previous !== undefined;
  const hasInitial = state.node.config['initial'] !== undefined;
  const began = loop.previous.length;
  when('round-none', itself && loop.next === 0);
  when('round-none-initial', itself && loop.next === 0 && hasInitial);
  when('round-while', itself && mode === 'while' && began > 1);
  when('round-until', itself && mode === 'until' && began > 1);
  when('round-until-once', itself && mode === 'until' && began === 1);
  when('round-initial-is-previous', began > 0 && hasInitial);
  when('round-failure-fails-loop', loop.stopping);
  when('round-sink-skipped', loop.previous.slice(1).includes(null));
  when('round-inside-loop', state.scope.owner !== undefined);
}

export function observeKind(run: Run, state: NodeState, when: When): void {
  const { node, status, scope } = state;
  const ran = state.startedTick >= 0 && state.error === undefined;
  const ended = ran && status === 'completed';
  const limited = state.error?.code === 'step.timeout' && (node.type === 'loop' || node.type === 'subworkflow') && node.timeoutMs !== undefined;
  const inBody = scope.owner !== undefined;
  const isWait = node.type === 'wait';
  const isApproval = node.type === 'approval';
  when('loop-time-limit', limited && node.type === 'loop' && state.error?.path === state.path && state.loop !== undefined);
  when('subworkflow-time-limit', limited && node.type === 'subworkflow');
  when('time-limit-handled', limited && (node.onError?.mode ?? 'fail') !== 'fail');
  when('new-kind-on-error', state.error !== undefined && furtherKinds.has(node.type) && (node.onError?.mode ?? 'fail') !== 'fail');
  when('loop-inside-round', opens(node) && scope.owner !== undefined && scope.owner.loop.loop?.rounds !== undefined && state.startedTick >= 0);
  when('wait-open-fails', parks(node) && state.error !== undefined);
  when('wait-elapses', isWait && ended && node.config['signal'] === undefined);
  when('wait-signal', isWait && ended && node.config['signal'] !== undefined && state.port === 'out');
  when('wait-timeout', isWait && ended && state.port === 'timeout');
  when('wait-inside-loop', isWait && ended && inBody);
  when('approval-approved', isApproval && ended && state.port === 'approved');
  when('approval-rejected', isApproval && ended && state.port === 'rejected');
  when('approval-timeout', isApproval && ended && state.port === 'timeout');
  when('approval-inside-loop', isApproval && ended && inBody);
  when('approval-inside-rounds', isApproval && ended && scope.owner?.loop.loop?.rounds !== undefined);
  when('approval-two-deep', isApproval && ended && scope.owner?.loop.scope.owner !== undefined);
  when('evaluate-failed-port', node.type === 'evaluate' && ended && state.port === 'failed');
  when('evaluate-passes', node.type === 'evaluate' && ended && state.port === 'out' && node.config['gate'] !== undefined);
  when('notify-runs', node.type === 'notify' && ended);
  when('respond-runs', node.type === 'respond' && ended);
  when('batch-runs', node.type === 'batch_prompt' && ended);
  if (node.type !== 'subworkflow') return;
  const detached = node.config['wait'] === false;
  when('subworkflow-completes', ended && !detached);
  when('subworkflow-fails', state.error?.code === 'subworkflow.failed' && !detached);
  when('subworkflow-cancel-passed-down', run.childrenCancelled.includes(state.path) && status === 'cancelled');
  when('subworkflow-detached', detached && state.startedTick >= 0);
  when('subworkflow-inside-loop', ended && inBody);
}

export function observeStart(run: Run, when: When): void {
  const { only, upTo, pinned, kept } = run.options;
  const target = run.root.nodes.find(({ node }) => node.id === only);
  when('test-only', target !== undefined && target.startedTick >= 0);
  when('test-only-pinned-source', target !== undefined && pinned !== undefined && liveEdges(run, target).length > 0);
  const tested = run.root.nodes.filter(({ skippedBy }) => skippedBy === 'test');
  when('test-up-to', upTo !== undefined && tested.length > 0);
  when('test-up-to-skipped', upTo !== undefined && run.root.nodes.some(({ skippedBy }) => skippedBy === 'edges'));
  if (kept === undefined) return;
  when('retry-keeps-nodes', kept.nodes.size > 0);
  for (const [path, items] of kept.items) {
    const state = run.root.nodes.find((candidate) => candidate.path === path);
    if (state?.loop === undefined || items.length === 0) continue;
    when(state.loop.rounds === undefined ? 'retry-keeps-items' : 'retry-keeps-rounds', true);
  }
  when('retry-from-node', run.options.retry?.fromNode !== undefined && run.options.retry.iteration === undefined);
  when('retry-iteration', run.options.retry?.iteration !== undefined);
  when('retry-outputs', run.options.retry?.outputs !== undefined);
}
