/** A run drawn over the draft: states, times, cost by node id. Pure. */
import type { NodeSummary, Run } from '@hub/contract';
import type { Definition, DefinitionEdge } from '@hub/dag';
import { readDefinition } from '../../run/definition.ts';
import { type EdgeState, edgeState, nodeViews, type NodeView } from '../../run/model.ts';
import { isSettled, type State, toState } from '../../ui/state.tsx';

export interface RunOverlay {
  id: string;
  state: State;
  settled: boolean;
  startedAt: string | null;
  completedAt: string | null;
  costUsd: number;
  error: { message: string; nodeId: string | null } | null;
  draft: boolean;
  version: number | null;
  summaries: NodeSummary[];
  views: ReadonlyMap<string, NodeView>;
}

/** What the canvas shows of a run, for the nodes that the draft still has. */
export function overlayOf(definition: Definition, run: Run, summaries: NodeSummary[]): RunOverlay {
  const state = toState(run.status);
  return {
    id: run.id,
    state,
    settled: isSettled(state),
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    costUsd: run.totals.costUsd,
    error: run.error ? { message: run.error.message, nodeId: run.error.nodeId } : null,
    draft: (run as { draft?: boolean; test?: boolean }).draft === true || (run as { test?: boolean }).test === true || run.version === null,
    version: run.version,
    summaries,
    views: viewsOf(definition, summaries, state),
  };
}

export function viewsOf(definition: Definition, summaries: NodeSummary[], state: State): ReadonlyMap<string, NodeView> {
  return new Map(nodeViews(readDefinition(definition), summaries, state).map((view) => [view.id, view]));
}

export function edgeStateIn(run: RunOverlay, edge: DefinitionEdge): EdgeState {
  return edgeState(run.views.get(edge.from), edge.fromPort ?? 'out', run.views.get(edge.to), run.settled);
}

/** How many items went along an edge; null where that says nothing. */
export function countOf(run: RunOverlay, edge: DefinitionEdge): number | null {
  const view = run.views.get(edge.to);
  return view && view.itemCount > 0 ? view.itemCount : null;
}
