/** Places nodes on the canvas: saved places where all have one, else dagre left to right; loop bodies inside their loop. Server only, so that dagre stays out of the browser. */
import dagre from '@dagrejs/dagre';
import type { DefinitionEdge, DefinitionView } from './definition.ts';
import { type Box, containerHeader, type GraphBoxes, nodeHeight, nodeWidth, portsInOrder, type Way } from './graph-size.ts';

const pad = 24;
const spaces = {
  wide: { rankdir: 'LR', nodesep: 32, edgesep: 104, ranksep: 56 },
  tall: { rankdir: 'TB', nodesep: 32, edgesep: 208, ranksep: 48 },
} as const;

function layer(ids: string[], edges: DefinitionEdge[], way: Way, sizeOf: (id: string) => { width: number; height: number }): Map<string, Box> {
  const graph = new dagre.graphlib.Graph();
  const across: 'x' | 'y' = way === 'wide' ? 'y' : 'x';
  // edgesep: a line past a rank needs a row (a column) of its own there, or it would lie behind a card.
  graph.setGraph({ ...spaces[way], marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  const inside = new Set(ids);
  for (const id of ids) graph.setNode(id, { ...sizeOf(id) });
  for (const { from, to } of edges) if (inside.has(from) && inside.has(to)) graph.setEdge(from, to);
  dagre.layout(graph);
  const turn = turned(ids, edges, (id) => graph.node(id)[across]);
  return new Map(
    ids.map((id) => {
      const { width, height, ...middle } = graph.node(id);
      const [x, y] = across === 'x' ? [turn(middle.x), middle.y] : [middle.x, turn(middle.y)];
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height }];
    }),
  );
}

/** dagre knows no order of ports: where more pairs of branches lie crossed than not, all is turned over. */
function turned(ids: readonly string[], edges: readonly DefinitionEdge[], placeOf: (id: string) => number): (at: number) => number {
  const inside = new Set(ids);
  const branches = Map.groupBy(
    edges.filter(({ from, to }) => inside.has(from) && inside.has(to)),
    ({ from }) => from,
  );
  let crossed = 0;
  for (const out of branches.values()) {
    const order = portsInOrder(out);
    const sorted = out.toSorted((a, b) => order.indexOf(a.fromPort) - order.indexOf(b.fromPort));
    for (const [index, a] of sorted.entries())
      for (const b of sorted.slice(index + 1)) if (a.fromPort !== b.fromPort) crossed += Math.sign(placeOf(a.to) - placeOf(b.to));
  }
  const places = ids.map(placeOf);
  const sum = Math.min(...places) + Math.max(...places);
  return crossed > 0 ? (at) => sum - at : (at) => at;
}

/** Boxes by node id, from left to right (`wide`, saved places honoured) and from top to bottom (`tall`, for a narrow canvas); those in a loop are relative to the loop's box. */
export function layGraph(definition: DefinitionView): GraphBoxes {
  return { wide: layWay(definition, 'wide'), tall: layWay(definition, 'tall') };
}

function layWay(definition: DefinitionView, way: Way): Record<string, Box> {
  const boxes = new Map<string, Box>();
  const bodyOf = Map.groupBy(
    definition.nodes.filter((node) => node.parent),
    (node) => node.parent ?? '',
  );
  const sizeOf = (id: string): { width: number; height: number } => {
    const body = bodyOf.get(id);
    if (!body) return { width: nodeWidth, height: nodeHeight };
    const inner = layer(
      body.map((node) => node.id),
      definition.edges,
      way,
      sizeOf,
    );
    let width = 0;
    let height = 0;
    for (const [child, box] of inner) {
      boxes.set(child, { ...box, x: box.x + pad, y: box.y + pad + containerHeader });
      width = Math.max(width, box.x + box.width);
      height = Math.max(height, box.y + box.height);
    }
    return { width: width + 2 * pad, height: height + 2 * pad + containerHeader };
  };
  const top = definition.nodes.filter((node) => !node.parent);
  for (const [id, box] of layer(
    top.map((node) => node.id),
    definition.edges,
    way,
    sizeOf,
  ))
    boxes.set(id, box);
  if (way === 'wide' && top.every((node) => node.place))
    for (const node of top) {
      const box = boxes.get(node.id);
      if (box && node.place) boxes.set(node.id, { ...box, x: node.place.x, y: node.place.y });
    }
  return Object.fromEntries(boxes);
}
