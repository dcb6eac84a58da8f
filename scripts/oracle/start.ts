// What is settled before anything runs: nodes a test run leaves out (rule 14), and what a retry kept of the run before.
import { complete, skip } from './ending.ts';
import type { NodeState, Run } from './state.ts';
import type { Definition } from './types.ts';

export function settleFromTheStart(run: Run): void {
  const taken = takenByTest(run);
  for (const state of run.root.nodes) if (taken !== undefined && !taken.has(state.node.id)) skip(run, state, 'test');
  for (const [nodeId, kept] of run.options.kept?.nodes ?? []) {
    const state = run.root.nodes.find((candidate) => candidate.node.id === nodeId);
    if (state !== undefined) keep(run, state, kept.port ?? 'out', kept.value ?? null);
  }
}

function keep(run: Run, state: NodeState, port: string, value: NodeState['value']): void {
  state.seeded = true;
  complete(run, state, port, value);
}

/** The nodes of the run's own graph that a test run touches; undefined where it is none. Pinned ones take part: they give their output. */
function takenByTest({ options, definition }: Run): ReadonlySet<string> | undefined {
  if (options.only !== undefined) return new Set([options.only, ...Object.keys(options.pinned ?? {})]);
  if (options.upTo !== undefined) return new Set([options.upTo, ...upstreamOf(definition, options.upTo)]);
  return undefined;
}

/** Every node from which this one can be reached over edges of any port. */
export function upstreamOf(definition: Definition, nodeId: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string): void => {
    for (const edge of definition.edges ?? []) {
      if (edge.to !== id || found.has(edge.from)) continue;
      found.add(edge.from);
      visit(edge.from);
    }
  };
  visit(nodeId);
  return found;
}
