/** Questions about the graph that edits and keys ask. Pure. */
import type { Definition, DefinitionEdge, DefinitionNode } from '@hub/dag';

export const startId = '__start';

export function edgeId({ from, fromPort, to }: DefinitionEdge): string {
  return `${from} ${fromPort ?? 'out'} ${to}`;
}

export function sameEdge(a: DefinitionEdge, b: DefinitionEdge): boolean {
  return edgeId(a) === edgeId(b);
}

export function nodeOf(definition: Definition, id: string): DefinitionNode | undefined {
  return definition.nodes.find((node) => node.id === id);
}

/** True where `to` can be reached from `from`. */
export function reaches(definition: Definition, from: string, to: string): boolean {
  const next = Map.groupBy(definition.edges ?? [], (edge) => edge.from);
  const [seen, open] = [new Set<string>(), [from]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(next.get(at) ?? []).map((edge) => edge.to));
  }
  return false;
}

/** Why an edge cannot be drawn, in a sentence; null where it can. */
export function whyNoEdge(definition: Definition, edge: DefinitionEdge): string | null {
  const to = nodeOf(definition, edge.to);
  if (!to) return 'Connect to a step.';
  const trigger = definition.triggers?.some(({ id }) => id === edge.from) ?? false;
  if (trigger) return to.parent === undefined ? null : 'A trigger starts steps outside of loops only.';
  const from = nodeOf(definition, edge.from);
  if (!from) return 'Connect from a step.';
  if (from.id === to.id) return 'A step cannot come after itself. To repeat steps, put them into a loop.';
  if ((from.parent ?? '') !== (to.parent ?? '')) return 'An edge cannot cross the border of a loop. Connect to the loop itself.';
  if (reaches(definition, to.id, from.id)) return 'This would make a circle. To repeat steps, put them into a loop.';
  if ((definition.edges ?? []).some((other) => sameEdge(other, edge))) return 'These are connected already.';
  return null;
}

/** Ids of nodes that nothing leads to, outside of loops: the run begins with them. */
export function roots(definition: Definition): string[] {
  const entered = new Set((definition.edges ?? []).map((edge) => edge.to));
  return definition.nodes.filter((node) => node.parent === undefined && !entered.has(node.id)).map(({ id }) => id);
}

/** A node with everything in its body. */
export function withBody(definition: Definition, ids: Iterable<string>): Set<string> {
  const found = new Set(ids);
  for (let grown = true; grown; ) {
    const inner = definition.nodes.filter((node) => node.parent !== undefined && found.has(node.parent) && !found.has(node.id));
    for (const node of inner) found.add(node.id);
    grown = inner.length > 0;
  }
  return found;
}

/** Nodes whose output this one may read, nearest first; what is around its loops too. */
export function upstream(definition: Definition, id: string): DefinitionNode[] {
  const before = Map.groupBy(definition.edges ?? [], (edge) => edge.to);
  const order: string[] = [];
  const visit = (start: string): void => {
    const open = (before.get(start) ?? []).map((edge) => edge.from);
    for (let at = open.shift(); at !== undefined; at = open.shift()) {
      if (order.includes(at)) continue;
      order.push(at);
      open.push(...(before.get(at) ?? []).map((edge) => edge.from));
    }
  };
  for (let at: string | undefined = id; at !== undefined; at = nodeOf(definition, at)?.parent) visit(at);
  return order.flatMap((each) => (each === id ? [] : (nodeOf(definition, each) ?? [])));
}

/** The loops around a node, innermost first. */
export function loopsOf(definition: Definition, id: string): DefinitionNode[] {
  const found: DefinitionNode[] = [];
  for (let at = nodeOf(definition, id)?.parent; at !== undefined && !found.some((loop) => loop.id === at); ) {
    const loop = nodeOf(definition, at);
    if (!loop) break;
    found.push(loop);
    at = loop.parent;
  }
  return found;
}
