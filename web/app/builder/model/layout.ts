/** Tidy: dagre from left to right (`tall`: from top to bottom), the bodies of loops first. Loaded when first asked for. */
import dagre from '@dagrejs/dagre';
import { type Definition, type DefinitionNode, portsOf } from '@hub/dag';
import { cardWidth, footHeight, heightOf, isFolded, loopHeader, loopPad, type Place, stepRight } from './size.ts';

interface Size {
  width: number;
  height: number;
}

const sides = {
  // edgesep: a line past a rank has a row of its own there, or it would lie behind a card.
  wide: { rankdir: 'LR', nodesep: 32, edgesep: 104, ranksep: stepRight, across: 'y' },
  tall: { rankdir: 'TB', nodesep: 24, edgesep: 208, ranksep: 48, across: 'x' },
} as const;

/** A place for every node, relative to its loop; edges in order of their ports, so that branches do not cross. */
export function tidy(definition: Definition, way: keyof typeof sides = 'wide'): Record<string, Place> {
  const { across, ...spaces } = sides[way];
  const places: Record<string, Place> = {};
  const bodies = Map.groupBy(definition.nodes, (node) => node.parent ?? '');
  const layLevel = (parent: string, depth: number): Size => {
    const nodes = depth > 20 ? [] : (bodies.get(parent) ?? []);
    if (nodes.length === 0) return { width: 320 - 2 * loopPad, height: 64 };
    const sizes = new Map(nodes.map((node) => [node.id, sizeOf(node, depth)]));
    const graph = new dagre.graphlib.Graph({ multigraph: true });
    graph.setGraph({ ...spaces, marginx: 0, marginy: 0 });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const { id } of nodes) graph.setNode(id, { ...sizes.get(id) });
    for (const [from, edge] of edgesInOrder(definition, nodes)) graph.setEdge(from, edge.to, {}, edge.fromPort ?? 'out');
    dagre.layout(graph);
    const [dx, dy] = parent === '' ? [0, 0] : [loopPad, loopPad + loopHeader];
    let [width, height] = [0, 0];
    const turn = mirror(definition, nodes, (id) => graph.node(id)[across]);
    const corners = nodes.map(({ id }) => {
      const size = sizes.get(id) ?? { width: 0, height: 0 };
      const middle = { ...graph.node(id), [across]: turn(graph.node(id)[across]) };
      return { id, size, x: Math.round(middle.x - size.width / 2), y: Math.round(middle.y - size.height / 2) };
    });
    const [left, top] = [Math.min(...corners.map(({ x }) => x)), Math.min(...corners.map(({ y }) => y))];
    for (const { id, size, x, y } of corners) {
      places[id] = { x: x - left + dx, y: y - top + dy };
      width = Math.max(width, x - left + size.width);
      height = Math.max(height, y - top + size.height);
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
function mirror(definition: Definition, nodes: readonly DefinitionNode[], placeAt: (id: string) => number): (at: number) => number {
  const byNode = Map.groupBy(edgesInOrder(definition, nodes), ([from]) => from);
  let wrong = 0;
  for (const edges of byNode.values())
    for (const [index, [, a]] of edges.entries())
      for (const [, b] of edges.slice(index + 1))
        if ((a.fromPort ?? 'out') !== (b.fromPort ?? 'out')) wrong += Math.sign(placeAt(a.to) - placeAt(b.to));
  if (wrong <= 0) return (at) => at;
  const all = nodes.map(({ id }) => placeAt(id));
  const sum = Math.min(...all) + Math.max(...all);
  return (at) => sum - at;
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
