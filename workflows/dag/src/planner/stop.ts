/** Stopping: start nothing more, ask what is in flight to end, and wait for its answers. */
import { childPath, groupPath } from './paths.ts';
import { byText } from './plan-index.ts';
import type { LoopState } from './state.ts';
import { endStopped, stopPark } from './park.ts';
import { itemScope, loopOf, planNode, say, sayRow, workPath, type Scope, type Turn } from './turn.ts';

/** Stops a scope and everything inside it. Never-started nodes are skipped (rule 6). */
export function stopScope(turn: Turn, scope: Scope): void {
  if (scope.state.stopping) return;
  scope.state.stopping = true;
  scope.state.ready = [];
  scope.todo.clear();
  turn.dirty.add(scope);
  for (const [id, state] of Object.entries(scope.state.nodes).sort(([a], [b]) => byText(a, b))) {
    if (state.status !== 'running' || state.stopping) continue;
    scope.state.nodes[id] = { ...state, stopping: true };
    if (state.loop) stopLoop(turn, scope, id, 'cancelled');
    else if (state.park?.phase === 'parked') stopPark(turn, scope, id);
    else cancelWork(turn, scope, id, state.group === undefined ? workPath(scope, id) : groupPath(scope.path, state.group));
  }
  if (scope.within !== null) return;
  for (const id of turn.index.scope.get('') ?? []) if (!isInRunningGroup(turn, scope, id)) skipUnstarted(turn, scope, id);
}

/** A member of a fused group in flight may be running right now; the group's answer tells. */
function isInRunningGroup(turn: Turn, scope: Scope, id: string): boolean {
  const group = planNode(turn, id).group;
  const head = group === null ? undefined : turn.plan.groups[group]?.[0];
  const state = head === undefined ? undefined : scope.state.nodes[head];
  return group !== null && state?.status === 'running' && state.group === group;
}

/** Stops a loop in flight; the first reason stays, but for a lower index that failed meanwhile (rule 7). */
export function stopLoop(turn: Turn, scope: Scope, id: string, end: NonNullable<LoopState['end']>): void {
  const loop = loopOf(turn, scope, id);
  if (!loop) return;
  if (loop.end !== undefined) {
    if (end !== 'cancelled' && loop.end !== 'cancelled' && end.index < loop.end.index && loop.end.index >= 0) loop.end = end;
    return;
  }
  loop.end = end;
  if (loop.phase === 'opening' || loop.chunk) cancelWork(turn, scope, id, childPath(scope.path, id));
  const open = Object.keys(loop.open)
    .map(Number)
    .sort((a, b) => a - b);
  for (const index of open) {
    const item = itemScope(turn, scope, id, index);
    if (item) stopScope(turn, item);
  }
  // In a pause nothing of it may be in flight: then there is no answer to wait for.
  if (loop.phase === 'items' && !loop.chunk && open.length === 0 && end === 'cancelled') endStopped(turn, scope, id);
}

/** Settles a node that has not started as skipped, with a row in the run's own graph only. */
export function skipUnstarted(turn: Turn, scope: Scope, id: string): boolean {
  const state = scope.state.nodes[id];
  if (state && state.status !== 'queued') return false;
  scope.state.nodes[id] = { status: 'skipped' };
  scope.state.left -= 1;
  if (state) scope.state.ready = scope.state.ready.filter((other) => other !== id);
  if (scope.within === null) sayRow(turn, scope, { nodeId: id, path: id, status: 'skipped' });
  return true;
}

function cancelWork(turn: Turn, scope: Scope, id: string, path: string): void {
  say(turn, scope, id, { kind: 'cancel', path });
}
