/**
 * Waiting (03, kinds wait, approval, subworkflow; rules 11 and 12): a node is opened by an activity, then it is parked here, at no cost, until a
 * message, its time or a stop releases it. What is parked is in flight, but takes no place of `maxParallel`.
 */
import { cancelChild, limitKey, putParked, remindKey, stopPark, takeParked } from './park.ts';
import { readsOf, sourcesOf } from './refs.ts';
import { isOver } from './report.ts';
import { fail, settle } from './scope.ts';
import type { NodeState, ParkState, WaitsState } from './state.ts';
import { childScopes, planNode, say, sayRow, waitsOf, workPath, type Scope, type Turn } from './turn.ts';
import type { Message, ParkFacts, StepError } from './types.ts';

/** Finds the node that a path leads to, in what is open. */
type Find = (path: string) => { scope: Scope; nodeId: string } | null;

/** It is open and waits: a step may park as well, when it cannot go on by itself. */
export function parked(turn: Turn, scope: Scope, id: string, facts: ParkFacts): void {
  const state = scope.state.nodes[id];
  if (state?.status !== 'running' || state.loop || state.group !== undefined || (state.park && state.park.phase !== 'opening')) return;
  const waits = waitsOf(turn);
  waits.count += 1;
  const park: ParkState = { ...state.park, phase: 'parked', facts, since: waits.count };
  scope.state.nodes[id] = { ...state, park };
  if (state.stopping) return stopPark(turn, scope, id);
  if (park.late) return late(turn, scope, id);
  putParked(turn, scope, id);
  const path = workPath(scope, id);
  if (facts.remindMs !== undefined) say(turn, scope, id, { kind: 'start-timer', key: remindKey + path, ms: facts.remindMs });
  takeKept(turn, scope, id, facts);
}

/**
 * The message that released it had gone to another: an earlier decision, lost with its worker before the history had it, was carried out. It waits
 * on in its old place, and the message releases the one that had it.
 */
export function reopened(turn: Turn, scope: Scope, id: string, takenBy: string | undefined, find: Find): void {
  const state = scope.state.nodes[id];
  if (state?.park?.phase !== 'closing' || !state.park.facts) return;
  const { by, ...park } = state.park;
  scope.state.nodes[id] = { ...state, park: { ...park, phase: 'parked' } };
  if (by && takenBy !== undefined) handOn(turn, { ...by, path: takenBy }, find);
  if (state.stopping) return stopPark(turn, scope, id);
  if (state.park.late) return late(turn, scope, id);
  putParked(turn, scope, id);
  const { remindMs } = state.park.facts;
  if (remindMs !== undefined) say(turn, scope, id, { kind: 'start-timer', key: remindKey + workPath(scope, id), ms: remindMs });
  takeKept(turn, scope, id, state.park.facts);
}

/** Where the other is ending, its own answer says which message it had, and gives back the other one; one that has not begun takes it when it parks. */
function handOn(turn: Turn, message: Message & { path: string }, find: Find): void {
  const place = find(message.path);
  const phase = place?.scope.state.nodes[place.nodeId]?.park?.phase;
  const waits = waitsOf(turn);
  if (place && phase === 'parked') release(turn, place.scope, place.nodeId, message);
  else if (phase !== 'closing' && !isOver(turn.state, message.path)) waits.kept = [...waits.kept, message].sort((a, b) => a.n - b.n);
}

/** A message that was not needed after all is as if it had just come. */
export function giveBack(turn: Turn, message: Message, find: Find): void {
  deliver(turn, waitsOf(turn), message, find);
}

/** The oldest message that was kept for it, if there is one, releases it at once. */
function takeKept(turn: Turn, scope: Scope, id: string, facts: ParkFacts): void {
  const waits = waitsOf(turn);
  const path = workPath(scope, id);
  const at = waits.kept.findIndex((message) => fits(message, path, facts));
  const message = waits.kept[at];
  if (message === undefined) return;
  waits.kept = waits.kept.filter((_, index) => index !== at);
  release(turn, scope, id, message);
}

/** Something was said to the run. Each message counts once; what nobody takes is kept (rule: at most 1,000, held by the database). */
export function messageCame(turn: Turn, message: Message, find: Find): void {
  const waits = waitsOf(turn);
  if (!note(waits, message.n)) return;
  if (message.kind === 'pause') waits.paused = true;
  else if (message.kind !== 'resume') deliver(turn, waits, message, find);
}

/** Ends a pause: answers the timers that came due meanwhile, for the caller to act on. */
export function endPause(turn: Turn): string[] {
  const waits = waitsOf(turn);
  if (!waits.paused) return [];
  waits.paused = false;
  const { due } = waits;
  waits.due = [];
  return due;
}

function deliver(turn: Turn, waits: WaitsState, message: Message, find: Find): void {
  const entry = waits.parked.find(({ path, facts }) => fits(message, path, facts));
  const place = find(entry?.path ?? message.path ?? '');
  if (entry && place) return release(turn, place.scope, place.nodeId, message);
  // An answer to what is over has nobody to wait for; a signal may find a later step. An answer may also come before its step: the wait that it was
  // given to was opened by a decision that was lost with its worker, and will be opened again.
  const open = message.kind === 'signal' || (message.path !== undefined && !isOver(turn.state, message.path));
  if (open) waits.kept = [...waits.kept, message].sort((a, b) => a.n - b.n);
}

/** Its own time, its reminder, or its limit. True: the timer was one of a node that parks. */
export function parkTimer(turn: Turn, key: string, find: Find): boolean {
  const place = find(key.replace(/^(remind|limit):/, ''));
  const park = place?.scope.state.nodes[place.nodeId]?.park;
  if (!place || !park) return key.includes(':');
  const { scope, nodeId } = place;
  if (key.startsWith(limitKey)) return (limitOver(turn, scope, nodeId), true);
  if (park.phase !== 'parked' || !park.facts) return true;
  if (!key.startsWith(remindKey)) return (release(turn, scope, nodeId, 'timer'), true);
  const path = workPath(scope, nodeId);
  say(turn, scope, nodeId, { kind: 'remind', path, nodeId, frames: scope.frames });
  if (park.facts.remindMs !== undefined) say(turn, scope, nodeId, { kind: 'start-timer', key, ms: park.facts.remindMs });
  return true;
}

function limitOver(turn: Turn, scope: Scope, id: string): void {
  const state = scope.state.nodes[id];
  if (!state?.park || state.stopping) return;
  scope.state.nodes[id] = { ...state, park: { ...state.park, late: true } };
  if (state.park.phase === 'parked') late(turn, scope, id);
}

/** The limit of the whole (rule 4): a child is cancelled first. */
function late(turn: Turn, scope: Scope, id: string): void {
  const child = scope.state.nodes[id]?.park?.facts?.child;
  takeParked(turn, scope, id);
  if (child !== undefined) return cancelChild(turn, scope, id, child);
  failPark(turn, scope, id, lateError(turn, id));
}

function lateError(turn: Turn, id: string): StepError {
  const { timeoutMs } = planNode(turn, id);
  return { code: 'step.timeout', message: `The step waited longer than its timeoutMs of ${timeoutMs} ms. Raise it, or answer sooner.`, attempt: 1 };
}

/** The activity of a parked node answered. */
export function parkEnded(turn: Turn, scope: Scope, id: string, end: { port: string } | { error: StepError } | 'cancelled'): void {
  const state = scope.state.nodes[id];
  if (!state?.park) return;
  const path = workPath(scope, id);
  if (planNode(turn, id).timeoutMs > 0) say(turn, scope, id, { kind: 'stop-timer', key: limitKey + path });
  const waits = waitsOf(turn);
  waits.kept = waits.kept.filter((message) => message.path !== path);
  if (end === 'cancelled') {
    if (state.park.late && !state.stopping) return failPark(turn, scope, id, lateError(turn, id));
    settle(turn, scope, id, { status: 'cancelled' });
    return sayRow(turn, scope, { nodeId: id, path, status: 'cancelled' });
  }
  if ('error' in end) return failPark(turn, scope, id, end.error);
  settle(turn, scope, id, { status: 'completed', port: end.port });
}

function failPark(turn: Turn, scope: Scope, id: string, error: StepError): void {
  const branches = planNode(turn, id).onError === 'branch' && scope.within?.loopId !== id;
  sayRow(turn, scope, { nodeId: id, path: workPath(scope, id), status: 'failed', error, ...(branches ? { port: 'error' } : {}) });
  fail(turn, scope, id, error);
}

/** Lets a parked node go on, by a message or by its time. */
function release(turn: Turn, scope: Scope, id: string, by: Message | 'timer'): void {
  const state = scope.state.nodes[id];
  const facts = state?.park?.facts;
  if (state?.park?.phase !== 'parked' || !facts) return;
  takeParked(turn, scope, id);
  const path = workPath(scope, id);
  const { frames } = scope;
  if (by !== 'timer' && by.again) {
    const node = planNode(turn, id);
    scope.state.nodes[id] = without(state);
    const [reads, sources] = [readsOf(turn, scope, node.reads), sourcesOf(turn, scope, node)];
    return say(turn, scope, id, { kind: 'run-step', path, nodeId: id, frames, reads, sources, forgiven: facts.lost ?? 0 });
  }
  scope.state.nodes[id] = { ...state, park: { ...state.park, phase: 'closing', ...(by === 'timer' ? {} : { by }) } };
  say(turn, scope, id, { kind: 'release', path, nodeId: id, frames, by: by === 'timer' ? by : by.n });
}

function without(state: NodeState): NodeState {
  const { park: _, ...rest } = state;
  return rest;
}

/** A message without a key reaches any wait of its name; one with a key only a wait with the same. */
function fits(message: Message, path: string, facts: ParkFacts): boolean {
  if (message.path !== undefined && message.path !== path) return false;
  if (message.kind === 'signal') {
    return facts.signal?.name === message.name && (message.key === undefined || message.key === null || message.key === facts.signal?.key);
  }
  return message.path === path && (message.kind === 'child') === (facts.reason === 'child');
}

/** Remembers a message; false where it was seen before. */
function note(waits: WaitsState, n: number): boolean {
  const { upTo, more } = waits.seen;
  if (n <= upTo || more.includes(n)) return false;
  const rest = [...more, n].sort((a, b) => a - b);
  let last = upTo;
  while (rest[0] === last + 1) last = rest.shift() ?? last;
  waits.seen = { upTo: last, more: rest };
  return true;
}

/** Every scope that is open, outermost first, as copies that may be changed. */
export function openScopes(turn: Turn, from: Scope): Scope[] {
  return [from, ...childScopes(turn, from).flatMap((inner) => openScopes(turn, inner))];
}
