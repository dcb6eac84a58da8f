/**
 * The rules of 03 "Meaning" 1 to 5 for one node, shared word for word by the planner and by the walk through a fused group
 * (group-walk.ts), so that fused and unfused runs cannot differ.
 */
import type { NodeState } from './state.ts';
import type { PendingRow, PlanEdge, PlanNode, ReadRef, SourceRef, StepError } from './types.ts';

/** `nothing`: live, but its source was left out of a test run, so it carries no value. */
export type Mark = 'live' | 'nothing' | 'dead' | 'open';

/** True when the node has reached a state that it never leaves. */
export function isSettledNode(state: NodeState | undefined): state is NodeState {
  return state !== undefined && state.status !== 'queued' && state.status !== 'running';
}

/** Rule 1. */
export function edgeMark(edge: PlanEdge, source: NodeState | undefined): Mark {
  if (!isSettledNode(source)) return 'open';
  return source.port === edge.fromPort ? 'live' : 'dead';
}

/** Rule 2, and rule 9 for a merge of mode `first`, which alone does not wait. */
export function judge(node: PlanNode, marks: Mark[]): 'wait' | 'run' | 'skip' {
  if (marks.length === 0) return 'run';
  const live = marks.filter((mark) => mark === 'live' || mark === 'nothing').length;
  const open = marks.includes('open');
  if (node.first && !node.disabled) return live > 0 ? 'run' : open ? 'wait' : 'skip';
  if (open) return 'wait';
  return (node.join === 'all' ? live === marks.length : live > 0) ? 'run' : 'skip';
}

/** Rule 3: the port a disabled node takes. */
export function disabledPort(node: PlanNode): string {
  return disabledPorts[node.type] ?? 'out';
}
const disabledPorts: Partial<Record<PlanNode['type'], string>> = { condition: 'true', switch: 'default', approval: 'approved' };

/** Rule 3: a disabled node passes on what its only live edge carries; null if there are several, or none. */
export function passThrough(node: PlanNode, path: string, sources: SourceRef[]): NodeState {
  const port = disabledPort(node);
  const only = sources.length === 1 ? sources[0] : undefined;
  if (!only) return { status: 'completed', port, value: { path, as: 'null' } };
  if (only.port === 'error' && only.error) return { status: 'completed', port, value: { path: only.path, as: 'error', error: only.error } };
  return { status: 'completed', port, value: { path: only.path, as: only.as } };
}

/** Rule 5: what a node that failed for good settles as. `handled` is false where the failure must be told to the scope. */
export function afterFailure(node: PlanNode, path: string, error: StepError): { state: NodeState; handled: boolean } {
  switch (node.onError) {
    case 'continue':
      return { state: { status: 'completed', port: 'out', error, value: { path, as: 'null' } }, handled: true };
    case 'fallback':
      return { state: { status: 'completed', port: node.fallbackPort, error, value: { path, as: 'fallback' } }, handled: true };
    case 'branch':
      return { state: { status: 'failed', port: 'error', error }, handled: true };
    case 'fail':
      return { state: { status: 'failed', error }, handled: false };
  }
}

/** The row that tells of a failure which `onError` turned into a completion (rule 5). */
export function recoveredRow(nodeId: string, path: string, { port, error, value }: NodeState): PendingRow {
  return {
    nodeId,
    path,
    status: 'completed',
    port: port ?? 'out',
    ...(value?.as === 'fallback' ? { recovered: true } : {}),
    ...(error ? { error } : {}),
    ...(value ? { value: { id: nodeId, ...value } } : {}),
  };
}

/**
 * How others see a settled node: null where it has no entry (skipped, cancelled, or failed without being handled). A branched failure has
 * an error and no output.
 */
export function viewOf(id: string, path: string, state: NodeState): ReadRef | null {
  if (state.status === 'failed' && state.port === 'error' && state.error) return { id, path, as: 'null', error: state.error };
  if (state.status !== 'completed') return null;
  if (state.value?.as === 'error') return { id, ...state.value };
  const at = state.value ?? { path, as: 'row' as const };
  return state.error ? { id, path: at.path, as: at.as, error: state.error } : { id, path: at.path, as: at.as };
}
