/** What a command tells an activity about values: which edges are live, and where the values it reads stand. */
import { childPath } from './paths.ts';
import { edgeMark, isSettledNode, viewOf, type Mark } from './rules.ts';
import type { PlanEdge, PlanNode, ReadRef, SourceRef } from './types.ts';
import type { Scope, Turn } from './turn.ts';

/** The edges into a node, in the definition's order, each with its mark. */
export function marksOf(turn: Turn, scope: Scope, id: string): { at: number; edge: PlanEdge; mark: Mark }[] {
  const found: { at: number; edge: PlanEdge; mark: Mark }[] = [];
  for (const at of turn.index.into.get(id) ?? []) {
    const edge = turn.plan.edges[at];
    if (edge) found.push({ at, edge, mark: markOf(turn, scope, edge) });
  }
  return found;
}

function markOf(turn: Turn, scope: Scope, edge: PlanEdge): Mark {
  const mark = markByRules(turn, scope, edge);
  return mark === 'dead' && turn.state.alone && !turn.only?.has(edge.from) ? 'nothing' : mark;
}

function markByRules(turn: Turn, scope: Scope, edge: PlanEdge): Mark {
  if (!turn.index.node.has(edge.from)) return edge.from === turn.state.trigger ? 'live' : 'dead';
  if (isLeftOut(turn, edge.from)) return 'nothing';
  return edgeMark(edge, scope.state.nodes[edge.from]);
}

/** True for a node that a test run with `only` does not run, and whose output is not given either. */
export function isLeftOut(turn: Turn, id: string): boolean {
  return turn.only !== null && !turn.only.has(id) && !turn.state.given[id];
}

/** Live incoming edges that carry a value; a merge of mode `first` has one, the edge that won. */
export function sourcesOf(turn: Turn, scope: Scope, node: PlanNode, won?: number): SourceRef[] {
  const sources: SourceRef[] = [];
  for (const { at, edge, mark } of marksOf(turn, scope, node.id)) {
    if (mark !== 'live' || (won !== undefined && at !== won)) continue;
    const state = scope.state.nodes[edge.from];
    if (!state) sources.push({ id: edge.from, path: '', as: 'input', port: edge.fromPort });
    else {
      const view = viewOf(edge.from, childPath(scope.path, edge.from), state);
      if (view) sources.push({ ...view, port: edge.fromPort });
    }
  }
  return sources;
}

/**
 * The values behind `ids` that are settled and visible from this scope. `inside` also sees the bodies of the loops the scope is in, which is
 * what a body node and a loop's `result` do.
 */
export function readsOf(turn: Turn, scope: Scope, ids: Iterable<string>): ReadRef[] {
  const reads: ReadRef[] = [];
  for (const id of ids) {
    const home = homeOf(turn, scope, id);
    const state = home?.state.nodes[id];
    if (!home || !isSettledNode(state)) continue;
    const view = viewOf(id, childPath(home.path, id), state);
    if (view) reads.push(view);
  }
  return reads;
}

function homeOf(turn: Turn, scope: Scope, id: string): Scope | null {
  const node = turn.index.node.get(id);
  if (!node) return null;
  let at: Scope | null = scope;
  while (at && (at.within?.loopId ?? null) !== node.parent) at = at.within?.parent ?? null;
  return at;
}
