/** Questions about a state that change nothing. */
import { childPath, groupPath, itemPath, parsePath } from './paths.ts';
import { byText, indexOf } from './plan-index.ts';
import type { LoopState, NodeState, RunState, ScopeState } from './state.ts';
import type { NodeStatus, Plan } from './types.ts';

export interface NodeLine {
  nodeId: string;
  label: string;
  status: NodeStatus;
  /** Items of a loop in flight. */
  items?: { done: number; count: number };
}

/** The nodes of the run's own graph by id, for an operator's table. */
export function nodeTable(plan: Plan, state: RunState): NodeLine[] {
  return (indexOf(plan).scope.get('') ?? []).map((nodeId) => {
    const at = state.root.nodes[nodeId];
    const label = indexOf(plan).node.get(nodeId)?.label ?? nodeId;
    const items = at?.loop && at.loop.phase !== 'opening' ? { items: progress(at.loop) } : {};
    const status = at?.park?.phase === 'parked' ? 'waiting' : (at?.status ?? 'queued');
    return { nodeId, label, status, ...items };
  });
}

/** True once `finish` was commanded. */
export function isSettled(state: RunState): boolean {
  return state.finished;
}

/** True where what stands at a path has ended; false where it is under way or has not begun. */
export function isOver(state: RunState, path: string): boolean {
  const parsed = parsePath(path);
  if (!parsed?.nodeId) return true;
  let scope: ScopeState = state.root;
  for (const { id, index } of parsed.steps) {
    const node = scope.nodes[id];
    if (!node || node.status === 'queued') return false;
    if (node.status !== 'running' || !node.loop || node.loop.phase === 'closing') return true;
    const item = node.loop.open[index];
    if (!item) return index < node.loop.cursor;
    scope = item;
  }
  const status = scope.nodes[parsed.nodeId]?.status;
  return status !== undefined && status !== 'queued' && status !== 'running';
}

/** Paths of everything in flight but what is parked: steps, items, groups (`l[2]#3`), and loops that are opening, being checked or closing. */
export function inFlight(state: RunState): string[] {
  const found: string[] = [];
  walk(state.root, '', found);
  return found;
}

/** Finished items and all items of the loop in flight at `path`; null where there is none. */
export function itemsDone(state: RunState, path: string): { done: number; count: number } | null {
  const parsed = parsePath(path);
  if (!parsed?.nodeId || parsed.item) return null;
  let scope: ScopeState | undefined = state.root;
  for (const { id, index } of parsed.steps) scope = scope?.nodes[id]?.loop?.open[index];
  const loop = scope?.nodes[parsed.nodeId]?.loop;
  return loop ? progress(loop) : null;
}

function progress(loop: LoopState): { done: number; count: number } {
  return { done: loop.cursor - Object.keys(loop.open).length, count: loop.count };
}

function walk(scope: ScopeState, scopePath: string, found: string[], selfId?: string): void {
  for (const [id, state] of Object.entries(scope.nodes).sort(([a], [b]) => byText(a, b))) {
    if (state.status !== 'running' || state.park?.phase === 'parked') continue;
    if (state.loop) walkLoop(state.loop, childPath(scopePath, id), id, found);
    else found.push(workPathOf(scopePath, id, state, selfId));
  }
}

function workPathOf(scopePath: string, id: string, state: NodeState, selfId: string | undefined): string {
  if (state.group !== undefined) return groupPath(scopePath, state.group);
  return id === selfId ? scopePath : childPath(scopePath, id);
}

function walkLoop(loop: LoopState, path: string, id: string, found: string[]): void {
  if (loop.phase !== 'items' || loop.chunk) found.push(path);
  for (const [index, item] of Object.entries(loop.open)) {
    if (item.closing) found.push(itemPath(path, Number(index)));
    else walk(item, itemPath(path, Number(index)), found, id);
  }
}
