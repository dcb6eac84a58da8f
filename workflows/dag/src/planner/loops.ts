/** Loops: opening, items, conditions, results (03 "Meaning" 7 and 8). Memory is a cursor, what is open, and exceptions. */
import { childPath, itemPath } from './paths.ts';
import { byText } from './plan-index.ts';
import { isLeftOut, readsOf, sourcesOf } from './refs.ts';
import { isSettledNode } from './rules.ts';
import { beginScope, fail, settle } from './scope.ts';
import type { Failure, IterationState, LoopState } from './state.ts';
import { stopLoop } from './stop.ts';
import { isPaused, loopOf, planNode, say, sayRow, type Scope, type Turn } from './turn.ts';
import type { IterationNote, LeftItem, LoopPlan, PlanEvent, PlanNode, SourceRef, StepError } from './types.ts';
import { parked } from './waits.ts';

type LoopNode = PlanNode & { loop: LoopPlan };

/** Items of one chunk (02): of a pure body, and at most of one that is a step. */
const chunkItems = 250;
const stepItems = 1_000;
/** Exceptions that are remembered; more of a loop are kept in the database, with the next write. */
const mostNotes = 200;

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

/** A chunk of items is over, as far as `next`; items that are left go on by themselves. */
export function chunkEnded(turn: Turn, scope: Scope, id: string, event: Extract<PlanEvent, { kind: 'chunk-ended' }>): void {
  const loop = loopOf(turn, scope, id);
  if (!loop?.chunk) return;
  delete loop.chunk;
  loop.cursor = Math.max(loop.cursor, event.next);
  if (event.slow) loop.slow = true;
  const node = loopNode(turn, id);
  if (event.failure) {
    const { index = event.next - 1, ...failure } = event.failure;
    stopLoop(turn, scope, id, { index, failure });
  }
  for (const left of event.left ?? []) {
    if (loop.end === undefined) takeUp(turn, scope, node, left);
    else sayRow(turn, scope, { nodeId: stepOf(node), path: stepPath(scope, node, left.index), status: 'cancelled' });
  }
  if (loop.end !== undefined) endLoop(turn, scope, node);
  else proceed(turn, scope, node);
}

/** An item that a chunk left: it keeps its place, and is in flight also in a pause. */
function takeUp(turn: Turn, scope: Scope, node: LoopNode, { index, parked: facts, afterMs = 0, failed = 0 }: LeftItem): void {
  const inner = openItem(turn, scope, node, index);
  if (!inner) return;
  const step = planNode(turn, stepOf(node));
  inner.state.nodes[step.id] = { status: 'running' };
  inner.state.busy = 1;
  inner.state.left = 1;
  if (facts) return parked(turn, inner, step.id, facts);
  const reads = node.loop.body === 'self' ? readsOf(turn, scope, step.reads) : readsOf(turn, inner, step.reads);
  const path = stepPath(scope, node, index);
  const after = { ms: afterMs, failed };
  say(turn, inner, step.id, { kind: 'run-step', path, nodeId: step.id, frames: inner.frames, reads, sources: itemSources(turn, scope, node), after });
}

export const stoppedFromOutside: StepError = { code: 'step.cancelled', message: 'The step was stopped from outside, not by its run.', attempt: 1 };

/** The loop's own work (opening, a condition, gathering) failed, or was stopped (`error` null) before it answered. */
export function loopWorkEnded(turn: Turn, scope: Scope, id: string, error: StepError | null): void {
  const loop = loopOf(turn, scope, id);
  if (!loop || (loop.phase === 'items' && !loop.chunk)) return;
  loop.phase = 'items';
  delete loop.chunk;
  // A loop that is stopping ends as it was told to; only a failure that comes late is told as it is.
  if (loop.end !== undefined && (error === null || loop.end !== 'cancelled')) return endLoop(turn, scope, loopNode(turn, id));
  const failed = error ?? stoppedFromOutside;
  if (Object.keys(loop.open).length === 0) return fail(turn, scope, id, failed);
  // Items that a chunk had left are still in flight.
  stopLoop(turn, scope, id, { index: -1, failure: { ...failed, nodeId: id, path: childPath(scope.path, id) } });
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
  if (note && loop.end === undefined) {
    if (loop.notes.length < mostNotes) loop.notes = [...loop.notes, note].sort((a, b) => a.index - b.index);
    else keepNote(turn, parent, node, note, item.path);
  }
  if (loop.end !== undefined) endLoop(turn, parent, node);
  else proceed(turn, parent, node);
}

/** So that the planner's memory stays small however many items fail: it crosses continue-as-new as one payload. */
function keepNote(turn: Turn, scope: Scope, node: LoopNode, { index, outcome, error, value }: IterationNote, path: string): void {
  const loop = loopOf(turn, scope, node.id);
  if (!loop) return;
  loop.stored = true;
  const text = outcome === 'dropped' ? null : outcome === 'error' ? JSON.stringify({ error: error ?? null }) : undefined;
  const kept = { loop: childPath(scope.path, node.id), index, ...(text === undefined ? {} : { text }) };
  sayRow(turn, scope, { nodeId: node.id, path, status: 'completed', kept, ...(value ? { value } : {}) });
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
  if (runsItems(turn, node, loop) && loop.cursor < loop.count) return isPaused(turn) ? undefined : startItems(turn, scope, node);
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

/** Whether one activity runs many items of this loop: never where a test run gives or leaves out its step. One item alone is a step like any other. */
function runsItems(turn: Turn, node: LoopNode, loop: LoopState): boolean {
  const { step } = node.loop;
  return step !== undefined && !loop.slow && loop.count > 1 && !turn.state.given[step] && !isLeftOut(turn, step);
}

function startItems(turn: Turn, scope: Scope, node: LoopNode): void {
  const loop = loopOf(turn, scope, node.id);
  if (!loop) return;
  const places = node.loop.concurrency - Object.keys(loop.open).length;
  if (places <= 0) return;
  loop.chunk = true;
  const from = loop.cursor;
  const to = Math.min(loop.count, from + stepItems);
  const step = stepOf(node);
  const reads = readsOf(turn, scope, [...new Set([...node.reads, ...planNode(turn, step).reads])].sort(byText));
  const path = childPath(scope.path, node.id);
  const sources = itemSources(turn, scope, node);
  say(turn, scope, node.id, { kind: 'run-items', path, nodeId: node.id, step, from, to, places, frames: scope.frames, reads, sources });
}

/** The step of a body that is one; of a `forEach` node itself. */
function stepOf(node: LoopNode): string {
  return node.loop.step ?? node.id;
}

function stepPath(scope: Scope, node: LoopNode, index: number): string {
  const item = itemPath(childPath(scope.path, node.id), index);
  return node.loop.body === 'self' ? item : childPath(item, stepOf(node));
}

/** Edges lead to a `forEach` node itself, never into a body. */
function itemSources(turn: Turn, scope: Scope, node: LoopNode): SourceRef[] {
  return node.loop.body === 'self' ? sourcesOf(turn, scope, node) : [];
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
  const inner = openItem(turn, scope, node, index);
  if (!inner) return;
  if (node.loop.body === 'nodes') return beginScope(turn, inner);
  inner.state.nodes[node.id] = { status: 'running' };
  inner.state.busy = 1;
  inner.state.left = 1;
  const { path, frames } = inner;
  const reads = readsOf(turn, scope, node.reads);
  say(turn, inner, node.id, { kind: 'run-step', path, nodeId: node.id, frames, reads, sources: sourcesOf(turn, scope, node) });
}

function openItem(turn: Turn, scope: Scope, node: LoopNode, index: number): Scope | null {
  const loop = loopOf(turn, scope, node.id);
  if (!loop) return null;
  const loopPath = childPath(scope.path, node.id);
  const path = itemPath(loopPath, index);
  const frames = [...scope.frames, { loop: node.id, path: loopPath, index }];
  const body = turn.index.scope.get(node.id) ?? [];
  const item: IterationState = { nodes: {}, ready: [], busy: 0, left: body.length };
  loop.open[index] = item;
  const inner: Scope = { path, frames, state: item, within: { parent: scope, loopId: node.id, index, item }, todo: new Set(), ended: false };
  turn.scopes.set(path, inner);
  return inner;
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
  const inChunks = chunkGroup(turn, node) !== null || (node.loop.step !== undefined && loop.count > 1);
  const stored = inChunks || loop.stored ? { stored: true as const } : {};
  say(turn, scope, node.id, { kind: 'close-loop', path, nodeId: node.id, frames: scope.frames, count, sink: node.loop.sink, notes, ...stored });
}

/** Ends a stopped loop once nothing of it is in flight. */
function endLoop(turn: Turn, scope: Scope, node: LoopNode): void {
  const loop = loopOf(turn, scope, node.id);
  const end = loop?.end;
  if (!loop || end === undefined || loop.chunk || Object.keys(loop.open).length > 0) return;
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
