/** The planner's two verbs. Pure: no clock, no chance, no change to what it is given; the same events give the same answers on replay. */
import { groupSettled, workEnded } from './events.ts';
import { bodyOver, chunkEnded, goOn, iterationClosed, loopChecked, loopClosed, loopOpened, loopTimedOut } from './loops.ts';
import { parsePath } from './paths.ts';
import { byText, indexOf } from './plan-index.ts';
import { viewOf } from './rules.ts';
import { beginScope, look } from './scope.ts';
import type { RunState } from './state.ts';
import { stopScope } from './stop.ts';
import { closeTurn, isPaused, itemScope, openTurn, rootScope, waitsOf, type Scope, type Turn } from './turn.ts';
import type { Command, Message, Plan, PlanEvent, ReadRef, RunFailure, StartOptions } from './types.ts';
import { firstUndo, isUndoing, undoEnded } from './undo.ts';
import { endPause, giveBack, messageCame, openScopes, parked, parkTimer, reopened } from './waits.ts';

export interface Planned {
  state: RunState;
  /** In an order that depends on nothing but plan, state and event. */
  commands: Command[];
}

/** The first turn of a run. */
export function startRun(plan: Plan, options: StartOptions): Planned {
  const index = indexOf(plan);
  const given: RunState['given'] = {};
  for (const { nodeId, port, as, error } of options.given ?? [])
    if (index.node.has(nodeId)) given[nodeId] = { port, as, ...(error === undefined ? {} : { error }) };
  const state: RunState = {
    engine: 1,
    trigger: options.trigger,
    given,
    only: options.only ? withBodies(plan, options.only) : null,
    ...(options.only && options.alone ? { alone: true as const } : {}),
    root: { nodes: {}, ready: [], busy: 0, left: index.scope.get('')?.length ?? 0 },
    outputs: [],
    failure: null,
    stopped: null,
    finished: false,
  };
  const turn = openTurn(plan, state);
  const root = rootScope(turn);
  if (plan.settings.timeoutMs > 0)
    turn.commands.push({ frames: [], nodeId: '', command: { kind: 'start-timer', key: 'run', ms: plan.settings.timeoutMs } });
  beginScope(turn, root);
  // Kept outputs have no order of their own: the definition's.
  const order = plan.outputs.map(({ nodeId }) => nodeId);
  turn.state.outputs = order.filter((id) => turn.state.outputs.includes(id));
  return answer(turn);
}

/**
 * What follows from one event. Never changes `state`. An event for work that is not in flight (a late timer, an answer after the end) changes
 * nothing.
 */
export function advance(plan: Plan, state: RunState, event: PlanEvent): Planned {
  if (state.finished) return { state, commands: [] };
  const turn = openTurn(plan, state);
  apply(turn, event);
  return answer(turn);
}

function apply(turn: Turn, event: PlanEvent): void {
  if (event.kind === 'undone') return sayUndo(turn, undoEnded(turn.state, event.round, event.more));
  // Cancels, timers and messages come too late: all that was to be done was done, and is being undone.
  if (isUndoing(turn.state)) return;
  if (event.kind === 'cancel-run') return stopRun(turn, 'cancelled');
  if (event.kind === 'message') return hear(turn, event.message);
  if (event.kind === 'timer') return timerCame(turn, event.key);
  const place = locate(turn, event.path);
  if (!place) return;
  const { scope, nodeId } = place;
  switch (event.kind) {
    case 'completed':
    case 'failed':
    case 'cancelled': {
      const free = event.kind === 'cancelled' || event.unused ? scope.state.nodes[nodeId]?.park?.by : undefined;
      workEnded(turn, scope, nodeId, place.group, event);
      return free && giveBack(turn, free, (path) => locate(turn, path));
    }
    case 'group-settled':
      return place.group === null ? undefined : groupSettled(turn, scope, place.group, event.results);
    case 'loop-opened':
      return loopOpened(turn, scope, nodeId, event.count);
    case 'loop-checked':
      return loopChecked(turn, scope, nodeId, event.holds);
    case 'iteration-closed': {
      const item = itemScope(turn, scope, nodeId, event.index);
      return item ? iterationClosed(turn, item, event.error) : undefined;
    }
    case 'chunk-ended':
      return chunkEnded(turn, scope, nodeId, event);
    case 'loop-closed':
      return loopClosed(turn, scope, nodeId, event.error);
    case 'parked':
      return parked(turn, scope, nodeId, event.facts);
    case 'reopened':
      return reopened(turn, scope, nodeId, event.takenBy, (path) => locate(turn, path));
  }
}

/** Timers run on in a pause, and are acted on at its end (rule 11). */
function timerCame(turn: Turn, key: string): void {
  if (isPaused(turn)) {
    const waits = waitsOf(turn);
    waits.due = [...waits.due, key];
    return;
  }
  if (key === 'run') return stopRun(turn, 'timed_out');
  const find = (path: string): Place | null => locate(turn, path);
  if (parkTimer(turn, key, find)) return;
  const place = find(key);
  if (place?.scope.state.nodes[place.nodeId]?.loop) loopTimedOut(turn, place.scope, place.nodeId);
}

function hear(turn: Turn, message: Message): void {
  messageCame(turn, message, (path) => locate(turn, path));
  if (message.kind !== 'resume' || !isPaused(turn)) return;
  // Timers first: what they stop must not begin in the same moment.
  for (const key of endPause(turn)) timerCame(turn, key);
  for (const scope of openScopes(turn, rootScope(turn))) {
    turn.dirty.add(scope);
    for (const id of Object.keys(scope.state.nodes).sort(byText)) if (!scope.state.stopping) goOn(turn, scope, id);
  }
}

interface Place {
  scope: Scope;
  nodeId: string;
  group: number | null;
}

/** Where a path leads; null where it leads to nothing that is open. */
function locate(turn: Turn, path: string): Place | null {
  const parsed = parsePath(path);
  if (!parsed) return null;
  let scope: Scope | null = rootScope(turn);
  for (const { id, index } of parsed.steps) {
    scope = itemScope(turn, scope, id, index);
    if (!scope) return null;
  }
  if (parsed.group !== null) return { scope, nodeId: turn.plan.groups[parsed.group]?.[0] ?? '', group: parsed.group };
  return parsed.nodeId === null ? null : { scope, nodeId: parsed.nodeId, group: null };
}

function stopRun(turn: Turn, why: 'cancelled' | 'timed_out'): void {
  turn.state.stopped ??= why;
  stopScope(turn, rootScope(turn));
}

/** Follows every consequence, inner scopes and outer ones, then sees whether the run is over. */
function answer(turn: Turn): Planned {
  for (const scope of turn.dirty) {
    turn.dirty.delete(scope);
    if (scope.ended) continue;
    if (!scope.state.stopping) look(turn, scope);
    const over = scope.state.stopping ? scope.state.busy === 0 : scope.state.left === 0;
    if (over && scope.within) bodyOver(turn, scope);
  }
  const root = turn.state.root;
  if (root.busy === 0 && root.left === 0 && !turn.state.finished && !isUndoing(turn.state)) {
    const status = turn.state.stopped ?? (turn.state.failure ? 'failed' : 'completed');
    const undo = firstUndo(turn.plan, turn.state, status);
    sayUndo(turn, undo);
    if (undo === null) {
      turn.state.finished = true;
      turn.finish = finishOf(turn, status);
    }
  }
  return closeTurn(turn);
}

function sayUndo(turn: Turn, command: Command | null): void {
  if (command !== null) turn.commands.push({ frames: [], nodeId: '', command });
}

function finishOf(turn: Turn, status: Extract<Command, { kind: 'finish' }>['status']): Command {
  return { kind: 'finish', status, error: errorOf(turn, status), outputs: outputsOf(turn) };
}

/** The first recorded failure, also where the run was cancelled or timed out afterwards. */
function errorOf(turn: Turn, status: string): RunFailure | null {
  const { failure } = turn.state;
  if (failure) return { code: failure.code, message: failure.message, nodeId: failure.nodeId, path: failure.path };
  if (status !== 'timed_out') return null;
  const message = `The run did not end within its ${turn.plan.settings.timeoutMs} ms. Raise settings.timeoutMs, or make its steps faster.`;
  return { code: 'run.timeout', message, nodeId: null, path: null };
}

/** Rule 10. Each name once. */
function outputsOf(turn: Turn): { name: string; ref: ReadRef }[] {
  const names = new Map(turn.plan.outputs.map(({ name, nodeId }) => [nodeId, name]));
  const named = new Map<string, ReadRef>();
  for (const id of turn.state.outputs) {
    const state = turn.state.root.nodes[id];
    const ref = state ? viewOf(id, id, state) : null;
    if (ref) named.set(names.get(id) ?? id, ref);
  }
  return [...named].map(([name, ref]) => ({ name, ref }));
}

/**
 * The trigger that a start counts as (03, Triggers): the one it names, else the first manual or api one, else the first; null where the
 * definition has none.
 */
export function startTrigger(triggers: Plan['triggers'], named?: string): string | null {
  if (named !== undefined) return triggers.some(({ id }) => id === named) ? named : null;
  return (triggers.find(({ type }) => type === 'manual' || type === 'api') ?? triggers[0])?.id ?? null;
}

/** A node of a body needs its loops; a loop named without any node of its body means the whole body. */
function withBodies(plan: Plan, only: string[]): string[] {
  const index = indexOf(plan);
  const all = new Set(only.filter((id) => index.node.has(id)));
  const addBody = (id: string): void => {
    const body = index.scope.get(id) ?? [];
    if (body.some((inner) => all.has(inner))) return;
    for (const inner of body) {
      all.add(inner);
      addBody(inner);
    }
  };
  for (const id of all) for (let at = index.node.get(id)?.parent; at; at = index.node.get(at)?.parent) all.add(at);
  for (const id of all) addBody(id);
  return [...all].sort();
}
