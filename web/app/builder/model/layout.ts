/** Tidy: dagre from left to right, the bodies of loops first. Loaded when first asked for. */
import dagre from '@dagrejs/dagre';
import { type Definition, type DefinitionNode, portsOf } from '@hub/dag';
import { cardWidth, footHeight, heightOf, isFolded, loopHeader, loopPad, type Place, stepRight } from './size.ts';

interface Size {
  width: number;
  height: number;
}

/** A place for every node, relative to its loop; edges in order of their ports, so that branches do not cross. */
export function tidy(definition: Definition): Record<string, Place> {
  const places: Record<string, Place> = {};
  const bodies = Map.groupBy(definition.nodes, (node) => node.parent ?? '');
  const layLevel = (parent: string, depth: number): Size => {
    const nodes = depth > 20 ? [] : (bodies.get(parent) ?? []);
    if (nodes.length === 0) return { width: 320 - 2 * loopPad, height: 64 };
    const sizes = new Map(nodes.map((node) => [node.id, sizeOf(node, depth)]));
    const graph = new dagre.graphlib.Graph({ multigraph: true });
    graph.setGraph({ rankdir: 'LR', nodesep: 32, ranksep: stepRight, marginx: 0, marginy: 0 });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const { id } of nodes) graph.setNode(id, { ...sizes.get(id) });
    for (const [from, edge] of edgesInOrder(definition, nodes)) graph.setEdge(from, edge.to, {}, edge.fromPort ?? 'out');
    dagre.layout(graph);
    const [dx, dy] = parent === '' ? [0, 0] : [loopPad, loopPad + loopHeader];
    let [width, height] = [0, 0];
    const upright = mirror(definition, nodes, (id) => graph.node(id).y);
    const above = Math.min(...nodes.map(({ id }) => Math.round(upright(graph.node(id).y) - (sizes.get(id)?.height ?? 0) / 2)));
    for (const { id } of nodes) {
      const { x } = graph.node(id);
      const y = upright(graph.node(id).y);
      const size = sizes.get(id) ?? { width: 0, height: 0 };
      const left = Math.round(x - size.width / 2);
      const top = Math.round(y - size.height / 2);
      places[id] = { x: left + dx, y: top + dy - above };
      width = Math.max(width, left + size.width);
      height = Math.max(height, top - above + size.height);
    }
    return { width, height };
  };
  const sizeOf = (node: DefinitionNode, depth: number): Size => {
    if (node.type !== 'loop' || isFolded(definition, node.id)) return { width: cardWidth, height: heightOf(node) + footHeight };
    const inner = layLevel(node.id, depth + 1);
    return { width: Math.max(320, inner.width + 2 * loopPad), height: Math.max(144, inner.height + 2 * loopPad + loopHeader) };
  };
  layLevel('', 0);
  return places;
}

/** dagre knows no order of ports: where more pairs of branches stand the wrong way round than right, the level is turned over. */
function mirror(definition: Definition, nodes: readonly DefinitionNode[], heightAt: (id: string) => number): (y: number) => number {
  const byNode = Map.groupBy(edgesInOrder(definition, nodes), ([from]) => from);
  let wrong = 0;
  for (const edges of byNode.values())
    for (const [index, [, a]] of edges.entries())
      for (const [, b] of edges.slice(index + 1))
        if ((a.fromPort ?? 'out') !== (b.fromPort ?? 'out')) wrong += Math.sign(heightAt(a.to) - heightAt(b.to));
  if (wrong <= 0) return (y) => y;
  const heights = nodes.map(({ id }) => heightAt(id));
  const sum = Math.min(...heights) + Math.max(...heights);
  return (y) => sum - y;
}

function edgesInOrder(definition: Definition, nodes: readonly DefinitionNode[]): [string, NonNullable<Definition['edges']>[number]][] {
  const inside = new Map(nodes.map((node) => [node.id, node]));
  const order = (id: string, port: string): number => {
    const node = inside.get(id);
    return node ? (portsOf(node)?.indexOf(port) ?? 0) : 0;
  };
  return (definition.edges ?? [])
    .filter((edge) => inside.has(edge.from) && inside.has(edge.to))
    .toSorted((a, b) => order(a.from, a.fromPort ?? 'out') - order(b.from, b.fromPort ?? 'out'))
    .map((edge) => [edge.from, edge]);
}
