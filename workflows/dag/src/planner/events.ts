/** Answers of work in flight: steps, items of `forEach` nodes, fused groups, and stopped openings. */
import { childPath } from './paths.ts';
import { loopWorkEnded, stoppedFromOutside } from './loops.ts';
import { sourcesOf } from './refs.ts';
import { isSettledNode, passThrough } from './rules.ts';
import { fail, settle } from './scope.ts';
import { skipUnstarted } from './stop.ts';
import { planNode, sayRow, workPath, type Scope, type Turn } from './turn.ts';
import type { GroupNodeResult, PlanEvent } from './types.ts';
import { parkEnded } from './waits.ts';

type Ended = Extract<PlanEvent, { kind: 'completed' | 'failed' | 'cancelled' }>;

/** The end of a step, or of a whole group that gave no results. */
export function workEnded(turn: Turn, scope: Scope, id: string, group: number | null, event: Ended): void {
  const state = scope.state.nodes[id];
  if (state?.status !== 'running' || (group ?? undefined) !== state.group) return;
  if (state.park) return parkEnded(turn, scope, id, endOfPark(event));
  if (state.loop) return event.kind === 'completed' ? undefined : loopWorkEnded(turn, scope, id, event.kind === 'failed' ? event.error : null);
  if (event.kind === 'completed') settle(turn, scope, id, { status: 'completed', port: event.port ?? 'out' });
  else if (event.kind === 'failed') fail(turn, scope, id, event.error);
  else cancelled(turn, scope, id);
  if (group !== null) skipRest(turn, scope, group);
}

/** The results of a fused group, in the order in which its nodes ran. What is missing was not run: it is judged as if it stood alone. */
export function groupSettled(turn: Turn, scope: Scope, group: number, results: GroupNodeResult[]): void {
  const members = turn.plan.groups[group] ?? [];
  const head = members[0] ?? '';
  const state = scope.state.nodes[head];
  if (state?.status !== 'running' || state.group !== group) return;
  for (const result of results) {
    if (!members.includes(result.nodeId) || isSettledNode(scope.state.nodes[result.nodeId])) continue;
    applyResult(turn, scope, result);
  }
  if (scope.state.nodes[head]?.status === 'running') {
    fail(turn, scope, head, { code: 'step.no-result', message: 'The group of steps ended without a result for its first step.', attempt: 1 });
  }
  skipRest(turn, scope, group);
}

function endOfPark(event: Ended): Parameters<typeof parkEnded>[3] {
  if (event.kind === 'cancelled') return 'cancelled';
  return event.kind === 'failed' ? { error: event.error } : { port: event.port ?? 'out' };
}

function applyResult(turn: Turn, scope: Scope, result: GroupNodeResult): void {
  const { nodeId } = result;
  const node = planNode(turn, nodeId);
  if (result.status === 'skipped') return settle(turn, scope, nodeId, { status: 'skipped' });
  if (node.disabled) {
    return settle(turn, scope, nodeId, passThrough(node, childPath(scope.path, nodeId), sourcesOf(turn, scope, node)));
  }
  if (result.status === 'completed') return settle(turn, scope, nodeId, { status: 'completed', port: result.port ?? 'out' });
  fail(turn, scope, nodeId, result.error ?? { code: 'step.failed', message: 'The step failed without saying why.', attempt: 1 });
}

function cancelled(turn: Turn, scope: Scope, id: string): void {
  if (!scope.state.nodes[id]?.stopping) return fail(turn, scope, id, stoppedFromOutside);
  settle(turn, scope, id, { status: 'cancelled' });
  sayRow(turn, scope, { nodeId: id, path: workPath(scope, id), status: 'cancelled' });
}

/** In a stopped run's own graph, the rest of an answered group was never started. */
function skipRest(turn: Turn, scope: Scope, group: number): void {
  if (!scope.state.stopping || scope.within !== null) return;
  for (const id of turn.plan.groups[group] ?? []) skipUnstarted(turn, scope, id);
}
