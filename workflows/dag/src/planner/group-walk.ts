/** How the activity side walks through a fused group: the planner's own rules on a slice of the plan, node after node. */
import { childPath } from './paths.ts';
import { byText } from './plan-index.ts';
import { afterFailure, edgeMark, isSettledNode, judge, passThrough, recoveredRow, viewOf } from './rules.ts';
import type { NodeState } from './state.ts';
import type { GroupNodeResult, PendingRow, PlanEdge, PlanNode, ReadRef, SourceRef, StepError } from './types.ts';

export interface GroupSlice {
  /** The group's nodes in the group's order; the first is its entry. */
  nodes: PlanNode[];
  /** Edges inside the group, in the definition's order. */
  edges: PlanEdge[];
  /** Scope the group runs in ('' for the run's own graph). */
  scope: string;
  /** Live edges into the entry. */
  sources: SourceRef[];
}

export interface GroupStep {
  /** Run this node now; null: the walk is over (all settled, or a node failed unhandled). */
  next: { node: PlanNode; sources: SourceRef[]; reads: ReadRef[] } | null;
  /** Nodes settled without running since the results given: append them, in this order, to the results. */
  passed: (GroupNodeResult & { disabled?: true; value?: ReadRef })[];
}

/**
 * Given what ran so far (raw outcomes: `failed` even where `onError` recovers; the rule is applied here), says what to run next. After an
 * unhandled failure the walk ends: the planner decides about the rest. `reads` are the group's own settled nodes, as the next one sees them.
 */
export function walkGroup(slice: GroupSlice, results: GroupNodeResult[]): GroupStep {
  const states = new Map<string, NodeState>();
  const passed: GroupStep['passed'] = [];
  const byId = new Map(slice.nodes.map((node) => [node.id, node]));
  for (const result of results) {
    const node = byId.get(result.nodeId);
    if (!node) continue;
    const { state, handled } = stateOf(slice, states, node, result);
    states.set(node.id, state);
    if (!handled) return { next: null, passed };
  }
  for (let moved = true; moved; ) {
    moved = false;
    for (const node of slice.nodes) {
      if (states.has(node.id)) continue;
      const edges = slice.edges.filter((edge) => edge.to === node.id);
      const isEntry = node === slice.nodes[0];
      const verdict = isEntry
        ? 'run'
        : judge(
            node,
            edges.map((edge) => edgeMark(edge, states.get(edge.from))),
          );
      if (verdict === 'wait') continue;
      const sources = isEntry ? slice.sources : sourcesIn(slice, states, node);
      if (verdict === 'run' && !node.disabled) return { next: { node, sources, reads: viewsIn(slice, states) }, passed };
      const path = childPath(slice.scope, node.id);
      const state: NodeState = verdict === 'skip' ? { status: 'skipped' } : passThrough(node, path, sources);
      states.set(node.id, state);
      passed.push(passedOf(node.id, state));
      moved = true;
    }
  }
  return { next: null, passed };
}

/** What is left to say of a group that ran for one item of a chunk, where the planner itself keeps no scope for the item. */
export interface GroupEnd {
  /** Its settled nodes, as a loop's `result` sees them. */
  views: ReadRef[];
  /** The failure that no `onError` handled. */
  failure: (StepError & { nodeId: string; path: string }) | null;
  /** Verdicts on nodes whose failure `onError` turned into a completion. */
  recovered: PendingRow[];
}

/** Judges the results of a whole walk by the planner's own rules. */
export function endOfGroup(slice: GroupSlice, results: GroupNodeResult[]): GroupEnd {
  const states = new Map<string, NodeState>();
  const end: GroupEnd = { views: [], failure: null, recovered: [] };
  const byId = new Map(slice.nodes.map((node) => [node.id, node]));
  for (const result of results) {
    const node = byId.get(result.nodeId);
    if (!node) continue;
    const { state, handled } = stateOf(slice, states, node, result);
    states.set(node.id, state);
    const path = childPath(slice.scope, node.id);
    if (!handled && state.error) end.failure ??= { ...state.error, nodeId: node.id, path };
    if (result.status === 'failed' && state.status === 'completed') end.recovered.push(recoveredRow(node.id, path, state));
  }
  end.views = viewsIn(slice, states);
  return end;
}

function passedOf(nodeId: string, state: NodeState): GroupStep['passed'][number] {
  if (state.status === 'skipped') return { nodeId, status: 'skipped' };
  const value = state.value ? { value: { id: nodeId, ...state.value } } : {};
  return { nodeId, status: 'completed', disabled: true, ...(state.port === undefined ? {} : { port: state.port }), ...value };
}

function stateOf(slice: GroupSlice, states: Map<string, NodeState>, node: PlanNode, result: GroupNodeResult): { state: NodeState; handled: boolean } {
  const path = childPath(slice.scope, node.id);
  if (result.status === 'skipped') return { state: { status: 'skipped' }, handled: true };
  if (node.disabled) {
    const sources = node === slice.nodes[0] ? slice.sources : sourcesIn(slice, states, node);
    return { state: passThrough(node, path, sources), handled: true };
  }
  if (result.status === 'completed') return { state: { status: 'completed', port: result.port ?? 'out' }, handled: true };
  return afterFailure(node, path, result.error ?? { code: 'step.failed', message: 'The step failed.', attempt: 1 });
}

function sourcesIn(slice: GroupSlice, states: Map<string, NodeState>, node: PlanNode): SourceRef[] {
  const sources: SourceRef[] = [];
  for (const edge of slice.edges) {
    const state = states.get(edge.from);
    if (edge.to !== node.id || !state || edgeMark(edge, state) !== 'live') continue;
    const view = viewOf(edge.from, childPath(slice.scope, edge.from), state);
    if (view) sources.push({ ...view, port: edge.fromPort });
    if (node.first) break;
  }
  return sources;
}

function viewsIn(slice: GroupSlice, states: Map<string, NodeState>): ReadRef[] {
  const views: ReadRef[] = [];
  for (const [id, state] of states) {
    const view = isSettledNode(state) ? viewOf(id, childPath(slice.scope, id), state) : null;
    if (view) views.push(view);
  }
  return views.sort((a, b) => byText(a.id, b.id));
}
