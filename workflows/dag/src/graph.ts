/** The graph of a definition, made so that it can be asked even where parts of it are wrong. */
import type { Definition, DefinitionNode } from './definition.ts';
import { kindOf } from './kinds/index.ts';
import { own } from './pointer.ts';

export interface Graph {
  /** First node of each id. */
  node: Map<string, DefinitionNode>;
  /** Its index in `definition.nodes`. */
  at: Map<string, number>;
  /** Ids of the nodes with an edge into / out of a node (triggers left out). */
  before: Map<string, string[]>;
  after: Map<string, string[]>;
  /** Nodes with an edge from a trigger. */
  triggered: Set<string>;
  /** Ids of a loop's body; '' for the run's own graph. */
  body: Map<string, string[]>;
}

export function graphOf(definition: Definition): Graph {
  const graph: Graph = { node: new Map(), at: new Map(), before: new Map(), after: new Map(), triggered: new Set(), body: new Map([['', []]]) };
  for (const [at, node] of definition.nodes.entries()) {
    if (graph.node.has(node.id)) continue;
    graph.node.set(node.id, node);
    graph.at.set(node.id, at);
    add(graph.body, node.parent ?? '', node.id);
  }
  for (const edge of definition.edges ?? []) {
    if (!graph.node.has(edge.to)) continue;
    if (!graph.node.has(edge.from)) graph.triggered.add(edge.to);
    if (!graph.node.has(edge.from)) continue;
    add(graph.after, edge.from, edge.to);
    add(graph.before, edge.to, edge.from);
  }
  return graph;
}

/** The loops around a node, innermost first; ends where a parent repeats. */
export function loopsAround(graph: Graph, id: string): string[] {
  const found: string[] = [];
  for (let at = graph.node.get(id)?.parent; at !== undefined && !found.includes(at) && at !== id; at = graph.node.get(at)?.parent) found.push(at);
  return found;
}

/** What a node may read: its ancestors by edges, and in a body those of its loops (03, Expressions). */
export function upstreamOf(graph: Graph, id: string): Set<string> {
  const found = new Set<string>();
  for (const start of [id, ...loopsAround(graph, id)]) {
    const next = [...(graph.before.get(start) ?? [])];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      next.push(...(graph.before.get(at) ?? []));
    }
  }
  found.delete(id);
  return found;
}

/** The body's nodes without an edge to another one: an iteration's result is that of the only one. */
export function sinksOf(graph: Graph, loop: string): string[] {
  return (graph.body.get(loop) ?? []).filter((id) => (graph.after.get(id) ?? []).length === 0);
}

/** Nodes in an order in which every edge points forward, ties by the definition's order; `cycle` holds what cannot be ordered. */
export function orderOf(graph: Graph): { order: string[]; cycle: string[] } {
  const waits = new Map([...graph.node.keys()].map((id) => [id, (graph.before.get(id) ?? []).length]));
  const order = [...waits].filter(([, count]) => count === 0).map(([id]) => id);
  for (const id of order) {
    for (const next of graph.after.get(id) ?? []) {
      const left = (waits.get(next) ?? 0) - 1;
      waits.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  const done = new Set(order);
  return {
    order,
    cycle: onCycle(
      graph,
      [...graph.node.keys()].filter((id) => !done.has(id)),
    ),
  };
}

/** Of the nodes that could not be ordered, those that really are on a cycle (the others only follow one). */
function onCycle(graph: Graph, left: string[]): string[] {
  const rest = new Set(left);
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const id of rest) {
      if ((graph.after.get(id) ?? []).some((next) => rest.has(next))) continue;
      rest.delete(id);
      shrunk = true;
    }
  }
  return [...rest];
}

/** A node's ports out, with `error` where it branches; null for an unknown type. */
export function portsOf(node: DefinitionNode): string[] | null {
  const kind = kindOf(node.type);
  if (!kind) return null;
  const ports = kind.ports(node.config);
  return own(node.onError, 'mode') === 'branch' ? [...ports, 'error'] : ports;
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
