/** The parts of waiting that stand below starting and stopping: a node is opened, put among the parked, taken from them, stopped. */
import { readsOf, sourcesOf } from './refs.ts';
import { planNode, say, sayRow, waitsOf, workPath, type Scope, type Turn } from './turn.ts';

export const remindKey = 'remind:';
export const limitKey = 'limit:';

/** Begins a node that parks. */
export function openPark(turn: Turn, scope: Scope, id: string): void {
  const node = planNode(turn, id);
  const path = workPath(scope, id);
  scope.state.nodes[id] = { status: 'running', park: { phase: 'opening' } };
  const reads = readsOf(turn, scope, node.reads);
  say(turn, scope, id, { kind: 'park', path, nodeId: id, frames: scope.frames, reads, sources: sourcesOf(turn, scope, node) });
  if (node.timeoutMs > 0) say(turn, scope, id, { kind: 'start-timer', key: limitKey + path, ms: node.timeoutMs });
}

/** Puts it among the parked, in its place, and starts its clock. */
export function putParked(turn: Turn, scope: Scope, id: string): void {
  const waits = waitsOf(turn);
  const park = scope.state.nodes[id]?.park;
  if (!park?.facts || park.since === undefined) return;
  const path = workPath(scope, id);
  waits.parked = [...waits.parked, { path, since: park.since, facts: park.facts }].sort((a, b) => a.since - b.since);
  scope.state.parked = (scope.state.parked ?? 0) + 1;
  turn.dirty.add(scope);
  if (park.facts.at !== undefined) say(turn, scope, id, { kind: 'start-timer-at', key: path, at: park.facts.at });
}

/** Takes it from the parked and stops its clocks; of what never was among them nothing changes. */
export function takeParked(turn: Turn, scope: Scope, id: string): void {
  const waits = waitsOf(turn);
  const path = workPath(scope, id);
  const entry = waits.parked.find((other) => other.path === path);
  if (!entry) return;
  waits.parked = waits.parked.filter((other) => other !== entry);
  scope.state.parked = (scope.state.parked ?? 1) - 1;
  if (entry.facts.at !== undefined) say(turn, scope, id, { kind: 'stop-timer', key: path });
  if (entry.facts.remindMs !== undefined) say(turn, scope, id, { kind: 'stop-timer', key: remindKey + path });
}

/** Stops a parked node: a child is told, everything else ends here. */
export function stopPark(turn: Turn, scope: Scope, id: string): void {
  const state = scope.state.nodes[id];
  if (state?.park?.phase !== 'parked') return;
  takeParked(turn, scope, id);
  if (planNode(turn, id).timeoutMs > 0) say(turn, scope, id, { kind: 'stop-timer', key: limitKey + workPath(scope, id) });
  const child = state.park.facts?.child;
  if (child !== undefined) return cancelChild(turn, scope, id, child);
  endStopped(turn, scope, id);
}

/** Ends a node of a stopped scope of which nothing is in flight. */
export function endStopped(turn: Turn, scope: Scope, id: string): void {
  scope.state.nodes[id] = { status: 'cancelled' };
  scope.state.busy -= 1;
  scope.state.left -= 1;
  turn.dirty.add(scope);
  sayRow(turn, scope, { nodeId: id, path: workPath(scope, id), status: 'cancelled' });
}

/** Tells the child run to stop, once; its answer is awaited. */
export function cancelChild(turn: Turn, scope: Scope, id: string, child: string): void {
  const state = scope.state.nodes[id];
  if (!state?.park || state.park.told) return;
  scope.state.nodes[id] = { ...state, park: { ...state.park, told: true } };
  say(turn, scope, id, { kind: 'cancel-child', path: workPath(scope, id), nodeId: id, frames: scope.frames, child });
}
