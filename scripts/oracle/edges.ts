// Rules 1 and 2: when an edge is live or dead, when a node may run, and what an edge carries.
import { isSettled } from './state.ts';
import type { NodeState, Run, Scope } from './state.ts';
import type { Edge, Value } from './types.ts';

export type EdgeState = 'live' | 'dead' | 'waiting';

export function incomingOf(run: Run, state: NodeState): readonly Edge[] {
  return state.scope.owner?.isForEach ? [] : (run.incoming.get(state.node.id) ?? []);
}

/** Rule 1. `port` is set only on what completed, and on what failed with `branch`. */
export function edgeState(run: Run, scope: Scope, edge: Edge): EdgeState {
  if (run.triggerIds.has(edge.from)) return edge.from === run.trigger ? 'live' : 'dead';
  const source = sourceOf(scope, edge);
  if (!isSettled(source)) return 'waiting';
  return source.port === (edge.fromPort ?? 'out') ? 'live' : 'dead';
}

/** Rule 2, with the exception of `first` in rule 9. */
export function readiness(run: Run, state: NodeState): 'run' | 'skip' | 'wait' {
  if (state.scope === run.root && run.options.only !== undefined) return 'run'; // the others are skipped from the start
  const edges = incomingOf(run, state).map((edge) => edgeState(run, state.scope, edge));
  if (edges.length === 0) return 'run';
  const live = edges.filter((edge) => edge === 'live').length;
  if (isFirst(state) && live > 0) return 'run';
  if (edges.includes('waiting')) return 'wait';
  return (state.node.join === 'all' ? live === edges.length : live > 0) ? 'run' : 'skip';
}

/** A disabled `first` does nothing of its own, so it waits like any node. */
export function isFirst(state: NodeState): boolean {
  return state.node.type === 'merge' && state.node.config['mode'] === 'first' && !state.node.disabled;
}

/** The live edges of a node, in order of edges. */
export function liveEdges(run: Run, state: NodeState): readonly Edge[] {
  return incomingOf(run, state).filter((edge) => edgeState(run, state.scope, edge) === 'live');
}

/** What a live edge carries: the source's output, from `error` its error object, from a trigger the run's input. */
export function carried(run: Run, scope: Scope, edge: Edge): Value {
  if (run.triggerIds.has(edge.from)) return { $input: true };
  const source = sourceOf(scope, edge);
  return source.status === 'failed' ? { $error: source.path } : source.value;
}

/** In which event the edge became live; an edge from a trigger is so from the start. */
export function liveSince(run: Run, scope: Scope, edge: Edge): number {
  return run.triggerIds.has(edge.from) ? 0 : sourceOf(scope, edge).settledTick;
}

/** Every node of the same scope that can be reached from this one over edges of any port. */
export function downstreamOf(run: Run, state: NodeState): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (id: string): void => {
    for (const edge of run.definition.edges ?? []) {
      if (edge.from !== id || reached.has(edge.to)) continue;
      reached.add(edge.to);
      visit(edge.to);
    }
  };
  visit(state.node.id);
  return reached;
}

export function sourceOf(scope: Scope, edge: Edge): NodeState {
  const source = scope.nodes.find((candidate) => candidate.node.id === edge.from);
  if (source === undefined) throw new Error(`edge from ${edge.from} to ${edge.to} does not start in its own scope`);
  return source;
}
