/**
 * One call of the planner: what it may change (copies only; the caller's state is never touched), what it found to do, and the scopes it
 * has open. A scope is the run's own graph or one iteration of a loop.
 */
import { childPath, compareFrames, itemPath } from './paths.ts';
import { byText, indexOf, type PlanIndex } from './plan-index.ts';
import { tellShown } from './shown.ts';
import type { IterationState, LoopState, RunState, ScopeState, WaitsState } from './state.ts';
import type { Command, LoopFrame, PendingRow, Plan, PlanNode } from './types.ts';

export interface Scope {
  path: string;
  frames: LoopFrame[];
  state: ScopeState;
  /** Null for the run's own graph. */
  within: { parent: Scope; loopId: string; index: number; item: IterationState } | null;
  /** Nodes whose readiness must be looked at. */
  todo: Set<string>;
  /** True once its end was handled in this turn. */
  ended: boolean;
}

interface Placed {
  frames: LoopFrame[];
  nodeId: string;
  command: Command;
}

export interface Turn {
  plan: Plan;
  index: PlanIndex;
  state: RunState;
  only: Set<string> | null;
  /** Open scopes by path. */
  scopes: Map<string, Scope>;
  /** Loops already copied in this turn. */
  owned: Set<LoopState>;
  /** Scopes with something to look at. */
  dirty: Set<Scope>;
  rows: { frames: LoopFrame[]; row: PendingRow }[];
  commands: Placed[];
  finish: Command | null;
  /** The run's waits, copied in this turn; null until they are touched. */
  waits: WaitsState | null;
}

/** Begins a turn on a copy of `state`. */
export function openTurn(plan: Plan, state: RunState): Turn {
  const copy = { ...state };
  return {
    plan,
    index: indexOf(plan),
    state: copy,
    only: copy.only === null ? null : new Set(copy.only),
    scopes: new Map(),
    owned: new Set(),
    dirty: new Set(),
    rows: [],
    commands: [],
    finish: null,
    waits: null,
  };
}

/** The run's waits, as a copy that may be changed. */
export function waitsOf(turn: Turn): WaitsState {
  if (turn.waits) return turn.waits;
  const none: WaitsState = { parked: [], kept: [], seen: { upTo: 0, more: [] }, count: 0, paused: false, due: [], shown: null };
  turn.waits = { ...(turn.state.waits ?? none) };
  turn.state.waits = turn.waits;
  return turn.waits;
}

/** True while the run is paused: nothing new starts. */
export function isPaused(turn: Turn): boolean {
  return turn.state.waits?.paused === true;
}

/** The planner's answer: rows first, then by scope and node id, `finish` last. */
export function closeTurn(turn: Turn): { state: RunState; commands: Command[] } {
  const commands: Command[] = [];
  if (turn.rows.length > 0) {
    turn.rows.sort((a, b) => compareFrames(a.frames, b.frames) || byText(a.row.nodeId, b.row.nodeId));
    commands.push({ kind: 'write-rows', rows: turn.rows.map((placed) => placed.row) });
  }
  turn.commands.sort((a, b) => compareFrames(a.frames, b.frames) || byText(a.nodeId, b.nodeId));
  for (const placed of turn.commands) commands.push(placed.command);
  if (turn.state.waits && !turn.finish && turn.state.undo === undefined) commands.push(...tellShown(turn.plan, turn.state, waitsOf(turn)));
  if (turn.finish) commands.push(turn.finish);
  return { state: turn.state, commands };
}

export function say(turn: Turn, scope: Scope, nodeId: string, command: Command): void {
  turn.commands.push({ frames: scope.frames, nodeId, command });
}

export function sayRow(turn: Turn, scope: Scope, row: PendingRow): void {
  turn.rows.push({ frames: scope.frames, row });
}

/** The run's own graph, as a copy that may be changed. */
export function rootScope(turn: Turn): Scope {
  const open = turn.scopes.get('');
  if (open) return open;
  const state = copyScope(turn.state.root);
  turn.state.root = state;
  return remember(turn, { path: '', frames: [], state, within: null, todo: new Set(), ended: false });
}

/** The loop in flight at `id`, as a copy that may be changed; null where it is not in flight. */
export function loopOf(turn: Turn, scope: Scope, id: string): LoopState | null {
  const state = scope.state.nodes[id];
  if (state?.status !== 'running' || !state.loop) return null;
  if (turn.owned.has(state.loop)) return state.loop;
  const loop: LoopState = { ...state.loop, open: { ...state.loop.open } };
  turn.owned.add(loop);
  scope.state.nodes[id] = { ...state, loop };
  return loop;
}

/** One open iteration of a loop, as a copy that may be changed; null where it is not open. */
export function itemScope(turn: Turn, parent: Scope, loopId: string, index: number): Scope | null {
  const loopPath = childPath(parent.path, loopId);
  const path = itemPath(loopPath, index);
  const open = turn.scopes.get(path);
  if (open) return open.ended ? null : open;
  if (!parent.state.nodes[loopId]?.loop?.open[index]) return null;
  const loop = loopOf(turn, parent, loopId);
  const old = loop?.open[index];
  if (!loop || !old) return null;
  const item: IterationState = copyScope(old);
  loop.open[index] = item;
  const frames = [...parent.frames, { loop: loopId, path: loopPath, index }];
  return remember(turn, { path, frames, state: item, within: { parent, loopId, index, item }, todo: new Set(), ended: false });
}

/** The open iterations of the loops in a scope, in order of loop id and index. */
export function childScopes(turn: Turn, scope: Scope): Scope[] {
  const loops = Object.keys(scope.state.nodes)
    .filter((id) => scope.state.nodes[id]?.loop)
    .sort(byText);
  return loops.flatMap((id) => {
    const open = Object.keys(scope.state.nodes[id]?.loop?.open ?? {})
      .map(Number)
      .sort((a, b) => a - b);
    return open.flatMap((index) => itemScope(turn, scope, id, index) ?? []);
  });
}

/** Path of a node's own work: an item of a `forEach` node is the iteration itself. */
export function workPath(scope: Scope, id: string): string {
  return scope.within?.loopId === id ? scope.path : childPath(scope.path, id);
}

export function planNode(turn: Turn, id: string): PlanNode {
  const node = turn.index.node.get(id);
  if (!node) throw new Error(`The plan has no node ${id}.`);
  return node;
}

function copyScope<T extends ScopeState>(old: T): T {
  return { ...old, nodes: { ...old.nodes }, ready: [...old.ready] };
}

function remember(turn: Turn, scope: Scope): Scope {
  turn.scopes.set(scope.path, scope);
  return scope;
}
