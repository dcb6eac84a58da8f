/** Loops: opening, items, conditions, results (03 "Meaning" 7 and 8). Memory is a cursor, what is open, and exceptions. */
import { childPath, itemPath } from './paths.ts';
import { byText } from './plan-index.ts';
import { isLeftOut, readsOf, sourcesOf } from './refs.ts';
import { isSettledNode } from './rules.ts';
import { beginScope, fail, settle } from './scope.ts';
import type { Failure, IterationState } from './state.ts';
import { stopLoop } from './stop.ts';
import { isPaused, loopOf, planNode, say, sayRow, type Scope, type Turn } from './turn.ts';
import type { IterationNote, LoopPlan, PlanNode, StepError } from './types.ts';

type LoopNode = PlanNode & { loop: LoopPlan };

/** Items of one chunk (02). */
const chunkItems = 250;

/** The items are stored, or for `while` and `until` the loop's row is open. */
export function loopOpened(turn: Turn, scope: Scope, id: string, count: number): void {
  const loop = loopOf(turn, scope, id);
  if (loop?.phase !== 'opening') return;
  const node = loopNode(turn, id);
  loop.phase = 'items';
  if (loop.end !== undefined) return endLoop(turn, scope, node);
  loop.count = count;
  proceed(turn, scope, node);
}

/** A condition was answered: `while` asks before an iteration, `until` after it. */
export function loopChecked(turn: Turn, scope: Scope, id: string, holds: boolean): void {
  const loop = loopOf(turn, scope, id);
  if (loop?.phase !== 'checking') return;
  const node = loopNode(turn, id);
  loop.phase = 'items';
  if (loop.end !== undefined) return endLoop(turn, scope, node);
  if (holds === (node.loop.mode === 'until')) return closeLoop(turn, scope, node);
  if (loop.cursor < node.loop.maxIterations) return isPaused(turn) ? undefined : startItem(turn, scope, node);
  if (node.loop.onMax === 'continue') return closeLoop(turn, scope, node);
  const message = `The loop reached its ${node.loop.maxIterations} iterations. Raise maxIterations, mend its condition, or set onMax to "continue".`;
  fail(turn, scope, id, { code: 'loop.max-iterations', message, attempt: 1 });
}

/** An iteration's `result` was evaluated and stored. */
export function iterationClosed(turn: Turn, item: Scope, error: StepError | undefined): void {
  if (!item.within?.item.closing) return;
  const { parent, loopId } = item.within;
  item.state.busy = 0;
  if (error) item.within.item.failure ??= { ...error, nodeId: loopId, path: item.path };
  endItem(turn, item, loopNode(turn, loopId), parent);
}

/** The loop's output is gathered, or could not be. */
export function loopClosed(turn: Turn, scope: Scope, id: string, error: StepError | undefined): void {
  if (loopOf(turn, scope, id)?.phase !== 'closing') return;
  if (error) fail(turn, scope, id, error);
  else settle(turn, scope, id, { status: 'completed', port: 'out' });
}

/** The time-out of the whole loop (rule 4). */
export function loopTimedOut(turn: Turn, scope: Scope, id: string): void {
  const message = `The loop did not end within its ${planNode(turn, id).timeoutMs} ms. Raise timeoutMs, or the loop's concurrency.`;
  const failure: Failure = { code: 'step.timeout', message, attempt: 1, nodeId: id, path: childPath(scope.path, id) };
  stopLoop(turn, scope, id, { index: -1, failure });
  const loop = loopOf(turn, scope, id);
  // Held back by a pause, nothing of it may be in flight that could answer.
  if (loop?.phase === 'items' && !loop.chunk && Object.keys(loop.open).length === 0) endLoop(turn, scope, loopNode(turn, id));
}

/** A chunk of items is over, as far as `next`. */
export function chunkEnded(turn: Turn, scope: Scope, id: string, next: number, failure: Failure | undefined): void {
  const loop = loopOf(turn, scope, id);
  if (!loop?.chunk) return;
  delete loop.chunk;
  loop.cursor = Math.max(loop.cursor, next);
  const node = loopNode(turn, id);
  if (failure) stopLoop(turn, scope, id, { index: next - 1, failure });
  if (loop.end !== undefined) endLoop(turn, scope, node);
  else proceed(turn, scope, node);
}

export const stoppedFromOutside: StepError = { code: 'step.cancelled', message: 'The step was stopped from outside, not by its run.', attempt: 1 };

/** The loop's own work (opening, a condition, gathering) failed, or was stopped (`error` null) before it answered. */
export function loopWorkEnded(turn: Turn, scope: Scope, id: string, error: StepError | null): void {
  const loop = loopOf(turn, scope, id);
  if (!loop || (loop.phase === 'items' && !loop.chunk)) return;
  loop.phase = 'items';
  delete loop.chunk;
  // A loop that is stopping ends as it was told to; only a failure that comes late is told as it is.
  if (loop.end !== undefined && (error === null || loop.end !== 'cancelled')) endLoop(turn, scope, loopNode(turn, id));
  else fail(turn, scope, id, error ?? stoppedFromOutside);
}

/** Nothing of an iteration's body is in flight any more, and nothing more will start. */
export function bodyOver(turn: Turn, item: Scope): void {
  if (!item.within || item.within.item.closing) return;
  const { parent, loopId, index } = item.within;
  const node = loopNode(turn, loopId);
  const needsResult = node.loop.body === 'nodes' && (node.loop.sink === null || node.loop.mode !== 'for_each');
  if (!needsResult || item.state.stopping) return endItem(turn, item, node, parent);
  item.within.item.closing = true;
  item.state.busy = 1;
  const ids = node.loop.sink === null ? node.reads : [...new Set([...node.reads, node.loop.sink])].sort();
  const path = childPath(parent.path, loopId);
  say(turn, item, loopId, { kind: 'close-iteration', path, nodeId: loopId, index, frames: item.frames, reads: readsOf(turn, item, ids) });
}

function endItem(turn: Turn, item: Scope, node: LoopNode, parent: Scope): void {
  const loop = loopOf(turn, parent, node.id);
  if (!loop || !item.within) return;
  const { index } = item.within;
  const { failure } = item.within.item;
  item.ended = true;
  turn.scopes.delete(item.path);
  delete loop.open[index];
  const failsLoop = failure && (node.loop.mode !== 'for_each' || node.loop.onItemError === 'fail');
  if (failsLoop) stopLoop(turn, parent, node.id, { index, failure });
  const note = failsLoop ? null : noteOf(item, node, index, failure);
  if (note && loop.end === undefined) loop.notes = [...loop.notes, note].sort((a, b) => a.index - b.index);
  if (loop.end !== undefined) {
    if (Object.keys(loop.open).length === 0) endLoop(turn, parent, node);
  } else proceed(turn, parent, node);
}

/** What an iteration's end leaves behind; null where its sink's row, or no row at all (null), says it. */
function noteOf(item: Scope, node: LoopNode, index: number, failure: Failure | undefined): IterationNote | null {
  if (failure) return node.loop.onItemError === 'skip' ? { index, outcome: 'dropped' } : { index, outcome: 'error', error: failure };
  const sink = node.loop.mode === 'for_each' ? node.loop.sink : null;
  const state = sink === null ? undefined : item.state.nodes[sink];
  if (sink === null || !isSettledNode(state) || !state.value) return null;
  return { index, outcome: 'value', value: { id: sink, ...state.value } };
}

/** Starts what may start now, or goes on to the loop's end. */
function proceed(turn: Turn, scope: Scope, node: LoopNode): void {
  const loop = loopOf(turn, scope, node.id);
  if (!loop || loop.chunk) return;
  const group = chunkGroup(turn, node);
  if (group !== null && loop.cursor < loop.count) return isPaused(turn) ? undefined : startChunk(turn, scope, node, group);
  if (node.loop.mode === 'for_each') {
    while (!isPaused(turn) && loop.cursor < loop.count && Object.keys(loop.open).length < node.loop.concurrency) startItem(turn, scope, node);
    if (loop.cursor >= loop.count && Object.keys(loop.open).length === 0) closeLoop(turn, scope, node);
  } else if (isPaused(turn)) return;
  else if (node.loop.mode === 'while' || loop.cursor > 0) askCondition(turn, scope, node);
  else startItem(turn, scope, node);
}

/** The group that computes this loop's items many at a time; null where a test run gives or leaves out a node of the body. */
function chunkGroup(turn: Turn, node: LoopNode): number | null {
  const { chunk } = node.loop;
  if (chunk === undefined) return null;
  const whole = (turn.plan.groups[chunk] ?? []).every((id) => !turn.state.given[id] && !isLeftOut(turn, id));
  return whole ? chunk : null;
}

function startChunk(turn: Turn, scope: Scope, node: LoopNode, group: number): void {
  const loop = loopOf(turn, scope, node.id);
  if (!loop) return;
  loop.chunk = true;
  const from = loop.cursor;
  const to = Math.min(loop.count, from + chunkItems);
  const ids = new Set([...node.reads, ...(turn.plan.groups[group] ?? []).flatMap((member) => planNode(turn, member).reads)]);
  const reads = readsOf(turn, scope, [...ids].sort(byText));
  say(turn, scope, node.id, {
    kind: 'run-chunk',
    path: childPath(scope.path, node.id),
    nodeId: node.id,
    group,
    from,
    to,
    frames: scope.frames,
    reads,
  });
}

/** After a pause: starts what was held back in this loop. A condition is asked again, whatever it said before. */
export function goOn(turn: Turn, scope: Scope, id: string): void {
  const loop = loopOf(turn, scope, id);
  if (loop?.phase !== 'items' || loop.end !== undefined) return;
  const node = loopNode(turn, id);
  if (node.loop.mode === 'for_each' || Object.keys(loop.open).length === 0) proceed(turn, scope, node);
}

function startItem(turn: Turn, scope: Scope, node: LoopNode): void {
  const loop = loopOf(turn, scope, node.id);
  if (!loop) return;
  const index = loop.cursor;
  loop.cursor += 1;
  const loopPath = childPath(scope.path, node.id);
  const path = itemPath(loopPath, index);
  const frames = [...scope.frames, { loop: node.id, path: loopPath, index }];
  const body = turn.index.scope.get(node.id) ?? [];
  const item: IterationState = { nodes: {}, ready: [], busy: 0, left: body.length };
  loop.open[index] = item;
  const inner: Scope = { path, frames, state: item, within: { parent: scope, loopId: node.id, index, item }, todo: new Set(), ended: false };
  turn.scopes.set(path, inner);
  if (node.loop.body === 'nodes') return beginScope(turn, inner);
  item.nodes[node.id] = { status: 'running' };
  item.busy = 1;
  item.left = 1;
  const reads = readsOf(turn, scope, node.reads);
  say(turn, inner, node.id, { kind: 'run-step', path, nodeId: node.id, frames, reads, sources: sourcesOf(turn, scope, node) });
}

function askCondition(turn: Turn, scope: Scope, node: LoopNode): void {
  const loop = loopOf(turn, scope, node.id);
  if (!loop) return;
  loop.phase = 'checking';
  const index = node.loop.mode === 'while' ? loop.cursor : loop.cursor - 1;
  const path = childPath(scope.path, node.id);
  const frames = [...scope.frames, { loop: node.id, path, index }];
  say(turn, scope, node.id, { kind: 'check-loop', path, nodeId: node.id, index, frames, reads: readsOf(turn, scope, node.reads) });
}

function closeLoop(turn: Turn, scope: Scope, node: LoopNode): void {
  const loop = loopOf(turn, scope, node.id);
  if (!loop) return;
  loop.phase = 'closing';
  const count = node.loop.mode === 'for_each' ? loop.count : loop.cursor;
  const { notes } = loop;
  const path = childPath(scope.path, node.id);
  const stored = chunkGroup(turn, node) === null ? {} : { stored: true as const };
  say(turn, scope, node.id, { kind: 'close-loop', path, nodeId: node.id, frames: scope.frames, count, sink: node.loop.sink, notes, ...stored });
}

/** Ends a stopped loop once nothing of it is in flight. */
function endLoop(turn: Turn, scope: Scope, node: LoopNode): void {
  const end = loopOf(turn, scope, node.id)?.end;
  if (end === undefined) return;
  if (end !== 'cancelled') {
    const { code, message, attempt } = end.failure;
    return fail(turn, scope, node.id, { code, message, attempt }, end.failure);
  }
  settle(turn, scope, node.id, { status: 'cancelled' });
  sayRow(turn, scope, { nodeId: node.id, path: childPath(scope.path, node.id), status: 'cancelled' });
}

function loopNode(turn: Turn, id: string): LoopNode {
  const node = planNode(turn, id);
  if (!node.loop) throw new Error(`Node ${id} is not a loop.`);
  return { ...node, loop: node.loop };
}
