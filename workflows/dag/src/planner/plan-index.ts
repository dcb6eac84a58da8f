/** What the planner looks up in a plan, derived once. */
import type { Plan, PlanNode } from './types.ts';

export interface PlanIndex {
  node: Map<string, PlanNode>;
  /** Indices in `plan.edges` of the edges into a node, in the definition's order. */
  into: Map<string, number[]>;
  /** Ids of the nodes behind a node's outgoing edges. */
  after: Map<string, string[]>;
  /** Node ids of each scope, sorted: key '' for the run's own graph, else the loop's id. */
  scope: Map<string, string[]>;
}

// A cache of derived facts only, keyed by the plan object itself: it can change no decision, so replay is safe.
const known = new WeakMap<Plan, PlanIndex>();

/** The plan's adjacency and scopes; linear in the plan's size the first time, then free. */
export function indexOf(plan: Plan): PlanIndex {
  const old = known.get(plan);
  if (old) return old;
  const index: PlanIndex = { node: new Map(), into: new Map(), after: new Map(), scope: new Map([['', []]]) };
  for (const node of plan.nodes) {
    index.node.set(node.id, node);
    index.into.set(node.id, []);
    index.after.set(node.id, []);
    put(index.scope, node.parent ?? '', node.id);
  }
  for (const [at, edge] of plan.edges.entries()) {
    index.into.get(edge.to)?.push(at);
    index.after.get(edge.from)?.push(edge.to);
  }
  for (const ids of index.scope.values()) ids.sort(byText);
  known.set(plan, index);
  return index;
}

/** Code-unit order: the same on every machine, whatever its locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function put(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
