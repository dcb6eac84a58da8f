/** The life of the nodes of one scope: ready, started, settled (03 "Meaning" 1 to 6). Loops add theirs in loops.ts. */
import { childPath } from './paths.ts';
import { byText } from './plan-index.ts';
import { isLeftOut, marksOf, readsOf, sourcesOf } from './refs.ts';
import { afterFailure, judge, passThrough, recoveredRow } from './rules.ts';
import type { Failure, NodeState } from './state.ts';
import { openPark } from './park.ts';
import { skipUnstarted, stopScope } from './stop.ts';
import { isPaused, planNode, say, sayRow, workPath, type Scope, type Turn } from './turn.ts';
import type { PlanNode, StepError } from './types.ts';

/**
 * Begins a scope: kept nodes of a retried run are completed (their rows are there), nodes left out of a test run are skipped, all others are
 * looked at; pinned ones too, which then stand in for their run, and are skipped where a run would be.
 */
export function beginScope(turn: Turn, scope: Scope): void {
  for (const id of turn.index.scope.get(scope.within?.loopId ?? '') ?? []) {
    const given = turn.state.given[id];
    if (given?.as === 'row')
      settle(turn, scope, id, { status: 'completed', port: given.port, ...(given.error === undefined ? {} : { error: given.error }) });
    else if (isLeftOut(turn, id)) skipUnstarted(turn, scope, id);
    else scope.todo.add(id);
  }
  turn.dirty.add(scope);
}

/** Judges every node whose edges may have changed, until nothing more follows from it; then starts what is ready and has a place. */
export function look(turn: Turn, scope: Scope): void {
  // Merges of mode `first` come last: a tie goes by order of edges, so all that settles at this moment must be known.
  const firsts = new Set<string>();
  for (let id = take(scope.todo) ?? take(firsts); id !== undefined; id = take(scope.todo) ?? take(firsts)) {
    if (scope.state.nodes[id]) continue;
    const node = planNode(turn, id);
    if (node.first && !node.disabled && scope.todo.size > 0) firsts.add(id);
    else judgeNode(turn, scope, node);
  }
  if (!scope.state.stopping) startReady(turn, scope);
}

function judgeNode(turn: Turn, scope: Scope, node: PlanNode): void {
  const found = marksOf(turn, scope, node.id);
  const verdict = judge(
    node,
    found.map((edge) => edge.mark),
  );
  if (verdict === 'wait') return;
  if (verdict === 'skip') {
    settle(turn, scope, node.id, { status: 'skipped' });
    if (scope.within === null) sayRow(turn, scope, { nodeId: node.id, path: node.id, status: 'skipped' });
    return;
  }
  if (node.disabled) return passNode(turn, scope, node);
  const given = turn.state.given[node.id];
  if (given) return pinNode(turn, scope, node.id, given.port);
  const won = node.first ? found.find((edge) => edge.mark === 'live')?.at : undefined;
  scope.state.nodes[node.id] = won === undefined ? { status: 'queued' } : { status: 'queued', won };
  scope.state.ready.push(node.id);
}

function passNode(turn: Turn, scope: Scope, node: PlanNode): void {
  const path = childPath(scope.path, node.id);
  const state = passThrough(node, path, sourcesOf(turn, scope, node));
  settle(turn, scope, node.id, state);
  sayRow(turn, scope, {
    nodeId: node.id,
    path,
    status: 'completed',
    disabled: true,
    ...(state.port === undefined ? {} : { port: state.port }),
    ...(state.value ? { value: { id: node.id, ...state.value } } : {}),
  });
}

/** A pinned node does not run: its output is given (03, Meaning 14). */
function pinNode(turn: Turn, scope: Scope, id: string, port: string): void {
  const path = childPath(scope.path, id);
  settle(turn, scope, id, { status: 'completed', port, value: { path, as: 'pinned' } });
  sayRow(turn, scope, { nodeId: id, path, status: 'completed', port, pinned: true, value: { id, path, as: 'pinned' } });
}

function startReady(turn: Turn, scope: Scope): void {
  if (scope.state.ready.length === 0 || isPaused(turn)) return;
  const running = scope.state.busy - (scope.state.parked ?? 0);
  const places = scope.within === null ? turn.plan.settings.maxParallel - running : Infinity;
  const ready = [...scope.state.ready].sort(byText);
  const now = ready.slice(0, Math.max(0, places));
  scope.state.ready = ready.slice(now.length);
  for (const id of now) start(turn, scope, planNode(turn, id));
}

function start(turn: Turn, scope: Scope, node: PlanNode): void {
  const { id } = node;
  const won = scope.state.nodes[id]?.won;
  const path = childPath(scope.path, id);
  const frames = scope.frames;
  scope.state.busy += 1;
  if (node.loop) {
    scope.state.nodes[id] = { status: 'running', loop: { phase: 'opening', count: 0, cursor: 0, open: {}, notes: [] } };
    say(turn, scope, id, { kind: 'open-loop', path, nodeId: id, frames, reads: readsOf(turn, scope, node.reads) });
    if (node.loop.body === 'nodes' && node.timeoutMs > 0) say(turn, scope, id, { kind: 'start-timer', key: path, ms: node.timeoutMs });
    return;
  }
  if (node.work === 'park') return openPark(turn, scope, id);
  const sources = sourcesOf(turn, scope, node, won);
  const group = wholeGroup(turn, scope, node);
  if (group !== null) {
    const ids = new Set(group.flatMap((member) => planNode(turn, member).reads));
    scope.state.nodes[id] = { status: 'running', group: node.group ?? 0 };
    say(turn, scope, id, {
      kind: 'run-group',
      group: node.group ?? 0,
      scope: scope.path,
      frames,
      reads: readsOf(turn, scope, [...ids].sort(byText)),
      sources,
    });
    return;
  }
  scope.state.nodes[id] = { status: 'running' };
  say(turn, scope, id, { kind: 'run-step', path, nodeId: id, frames, reads: readsOf(turn, scope, node.reads), sources });
}

/** The group this node begins, if it can run as one: no member given, left out or settled already. */
function wholeGroup(turn: Turn, scope: Scope, node: PlanNode): string[] | null {
  const group = node.group === null ? undefined : turn.plan.groups[node.group];
  if (!group || group[0] !== node.id) return null;
  const free = (id: string): boolean => !turn.state.given[id] && !isLeftOut(turn, id) && (id === node.id || !scope.state.nodes[id]);
  return group.every(free) ? group : null;
}

/** Puts a node in its last state. */
export function settle(turn: Turn, scope: Scope, id: string, state: NodeState): void {
  const old = scope.state.nodes[id];
  if (old?.status === 'running') scope.state.busy -= 1;
  if (old?.status === 'queued') scope.state.ready = scope.state.ready.filter((other) => other !== id);
  scope.state.nodes[id] = state;
  scope.state.left -= 1;
  turn.dirty.add(scope);
  if (state.status === 'completed' && scope.within === null && namesOutput(turn, id)) turn.state.outputs = [...turn.state.outputs, id];
  // The edges of a `forEach` node are not those of its items.
  const isItem = scope.within?.loopId === id;
  if (!scope.state.stopping && !isItem) for (const target of turn.index.after.get(id) ?? []) scope.todo.add(target);
}

function namesOutput(turn: Turn, id: string): boolean {
  return !planNode(turn, id).disabled && turn.plan.outputs.some((output) => output.nodeId === id);
}

/** A node failed for good. `from` names the failing node inside, where it is a loop that failed (rule 6). */
export function fail(turn: Turn, scope: Scope, id: string, error: StepError, from?: Failure): void {
  const node = planNode(turn, id);
  const path = workPath(scope, id);
  const ownLoop = scope.state.nodes[id]?.loop !== undefined;
  const failure: Failure = from ?? { ...error, nodeId: id, path };
  // An item of a `forEach` node is a body: its failure is `onItemError`'s, and only the whole node's is `onError`'s.
  const isItem = scope.within?.loopId === id;
  const end = isItem ? { state: { status: 'failed' as const, error }, handled: false } : afterFailure(node, path, error);
  settle(turn, scope, id, end.state);
  if (end.state.status === 'completed') sayRow(turn, scope, recoveredRow(id, path, end.state));
  else if (ownLoop) sayRow(turn, scope, { nodeId: id, path, status: 'failed', error, ...(end.handled ? { port: 'error' } : {}) });
  if (!end.handled) scopeFailed(turn, scope, id, failure);
}

function scopeFailed(turn: Turn, scope: Scope, id: string, failure: Failure): void {
  if (scope.within) {
    scope.within.item.failure ??= failure;
    stopScope(turn, scope);
    return;
  }
  if (turn.state.stopped !== null) return;
  turn.state.failure ??= failure;
  if (turn.plan.settings.onFailure === 'finish') return skipDownstream(turn, scope, id);
  turn.state.stopped = 'failed';
  stopScope(turn, scope);
}

/** `finish`: everything downstream by any path is skipped, whatever its `join` (rule 6). */
function skipDownstream(turn: Turn, scope: Scope, id: string): void {
  const seen = new Set<string>();
  const next = [...(turn.index.after.get(id) ?? [])];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    skipUnstarted(turn, scope, at);
    next.push(...(turn.index.after.get(at) ?? []));
  }
}

function take(set: Set<string>): string | undefined {
  for (const id of set) {
    set.delete(id);
    return id;
  }
  return undefined;
}
