/** What a person does on the canvas, as operations of @hub/dag: each is applied whole or refused with a sentence. Pure. */
import type { Definition, DefinitionEdge, DefinitionNode, Operation } from '@hub/dag';
import { portsOf } from '@hub/dag';
import { type PickEntry, type PickPlace, wiredConfig } from './catalogue.ts';
import { nodeOf, sameEdge, whyNoEdge, withBody } from './graph.ts';
import { freeId, freeLabel, idsOf, slug } from './names.ts';
import { absolute, type Box, cardHeight, cardWidth, isFolded, loopAt, type Place, stepRight } from './size.ts';

/** Operations to apply as one step of undo, and what is selected after. */
export interface Edit {
  operations: Operation[];
  select?: string[];
}

const grid = 8;
export const snap = ({ x, y }: Place): Place => ({ x: Math.round(x / grid) * grid, y: Math.round(y / grid) * grid });

type Config = DefinitionNode['config'];

/** A free spot at or below a place, so that a new card never hides another. */
export function freePlace(
  definition: Definition,
  boxes: ReadonlyMap<string, Box>,
  parent: string | undefined,
  at: Place,
  size = { width: cardWidth, height: cardHeight },
): Place {
  const others = definition.nodes.filter((node) => node.parent === parent).flatMap((node) => boxes.get(node.id) ?? []);
  let place = snap(at);
  for (let tries = 0; tries < 200; tries++) {
    const hit = others.find(
      (box) =>
        place.x < box.x + box.width + 8 && place.x + size.width + 8 > box.x && place.y < box.y + box.height + 8 && place.y + size.height + 8 > box.y,
    );
    if (!hit) return place;
    place = snap({ x: place.x, y: hit.y + hit.height + 32 });
  }
  return place;
}

/** Is this a loop that goes over items, so that its steps can read `item`? */
function hasItems(definition: Definition, loop: string | undefined): boolean {
  const config = loop === undefined ? undefined : nodeOf(definition, loop)?.config;
  return config?.['mode'] === 'for_each';
}

/** Puts a new node on the canvas: alone, after a port, or into an edge. */
export function addNode(definition: Definition, boxes: ReadonlyMap<string, Box>, entry: PickEntry, to: PickPlace): Edit & { id: string } {
  const label = freeLabel(entry.label, definition);
  const id = freeId(slug(label) ?? entry.type, idsOf(definition));
  const before = to.edge ? to.edge.from : (to.from?.id ?? null);
  const known = before !== null && nodeOf(definition, before) ? before : null;
  const parent = to.parent ?? (known === null ? undefined : nodeOf(definition, known)?.parent);
  const node: DefinitionNode = {
    id,
    type: entry.type,
    label,
    config: wiredConfig(entry, known, hasItems(definition, parent) ? 'item' : 'input') as Config,
    ...(parent === undefined ? {} : { parent }),
  };
  const position = freePlace(definition, boxes, parent, to.at);
  if (to.edge) return { id, select: [id], operations: [{ op: 'insert-on-edge', edge: to.edge, node, position }, ...portOfInsert(node, to.edge)] };
  const operations: Operation[] = [{ op: 'add-node', node, position }];
  if (to.from && known !== null) operations.push({ op: 'connect', edge: edgeOf(known, to.from.port, id) });
  return { id, select: [id], operations };
}

/** A node without `out` (a condition put into an edge) goes on by its first port. */
function portOfInsert(node: DefinitionNode, edge: DefinitionEdge): Operation[] {
  const port = portsOf(node)?.[0] ?? 'out';
  if (port === 'out') return [];
  return [
    { op: 'disconnect', edge: { from: node.id, to: edge.to } },
    { op: 'connect', edge: edgeOf(node.id, port, edge.to) },
  ];
}

export function edgeOf(from: string, port: string, to: string): DefinitionEdge {
  return { from, ...(port === 'out' ? {} : { fromPort: port }), to };
}

/** Where the next node after a port comes: to the right, below those that are there. */
export function placeAfter(definition: Definition, boxes: ReadonlyMap<string, Box>, id: string): Place {
  const box = boxes.get(id);
  return box ? freePlace(definition, boxes, nodeOf(definition, id)?.parent, { x: box.x + box.width + stepRight, y: box.y }) : { x: 0, y: 0 };
}

/** Moves a selected lone node into an edge that it was dropped on. */
export function insertExisting(definition: Definition, id: string, edge: DefinitionEdge): Edit | null {
  const node = nodeOf(definition, id);
  if (!node || edge.from === id || edge.to === id) return null;
  if ((definition.edges ?? []).some((other) => other.from === id || other.to === id)) return null;
  const into = edgeOf(edge.from, edge.fromPort ?? 'out', id);
  const out = edgeOf(id, portsOf(node)?.[0] ?? 'out', edge.to);
  if (whyNoEdge(definition, into) ?? whyNoEdge(definition, out)) return null;
  return {
    operations: [
      { op: 'disconnect', edge },
      { op: 'connect', edge: into },
      { op: 'connect', edge: out },
    ],
    select: [id],
  };
}

/** Removes nodes; a chain a -> x -> b of one edge in and one out closes to a -> b. */
export function removeNodes(definition: Definition, ids: readonly string[]): Edit {
  const gone = withBody(definition, ids);
  const edges = definition.edges ?? [];
  const healed = ids.flatMap((id): Operation[] => {
    const [into, out] = [edges.filter((edge) => edge.to === id), edges.filter((edge) => edge.from === id)];
    const [a, b] = [into[0], out[0]];
    if (into.length !== 1 || out.length !== 1 || !a || !b || gone.has(a.from) || gone.has(b.to)) return [];
    const edge = edgeOf(a.from, a.fromPort ?? 'out', b.to);
    return edges.some((other) => sameEdge(other, edge)) ? [] : [{ op: 'connect', edge }];
  });
  return { operations: [{ op: 'remove-nodes', ids: [...ids] }, ...healed], select: [] };
}

/** Moves nodes, into and out of loops too: crossing a border takes the edges that would cross it. `places` are relative to the present loop. */
export function dropNodes(definition: Definition, boxes: ReadonlyMap<string, Box>, places: Record<string, Place>): Edit {
  const ids = new Set(Object.keys(places));
  const operations: Operation[] = [];
  const positions: Record<string, Place> = {};
  const moved = new Map(boxes);
  for (const [id, place] of Object.entries(places)) {
    const box = boxes.get(id);
    if (box) moved.set(id, { ...box, ...place });
  }
  for (const [id, place] of Object.entries(places)) {
    const node = nodeOf(definition, id);
    const box = moved.get(id);
    if (!node || !box) continue;
    const corner = absolute(definition, moved, id);
    const center = { x: corner.x + Math.min(box.width, cardWidth) / 2, y: corner.y + Math.min(box.height, cardHeight) / 2 };
    const into = node.parent !== undefined && ids.has(node.parent) ? node.parent : loopAt(definition, boxes, center, ids);
    if ((into ?? undefined) === node.parent) {
      positions[id] = snap(place);
      continue;
    }
    const origin = into === null ? { x: 0, y: 0 } : absolute(definition, boxes, into);
    positions[id] = snap({ x: corner.x - origin.x, y: corner.y - origin.y });
    operations.push({ op: 'patch-node', id, patch: { parent: into } });
    for (const edge of definition.edges ?? [])
      if ((edge.from === id && !ids.has(edge.to)) || (edge.to === id && !ids.has(edge.from))) operations.push({ op: 'disconnect', edge });
  }
  return { operations: [...operations, { op: 'move-nodes', positions }] };
}

/** Names a node: the label as written, the id made from it, with everything that reads it following. */
export function renameNode(definition: Definition, id: string, label: string): (Edit & { id: string }) | null {
  const text = label.trim().slice(0, 200);
  if (text === '' || !nodeOf(definition, id)) return null;
  const taken = idsOf(definition);
  taken.delete(id);
  const to = freeId(slug(text) ?? id, taken);
  return {
    id: to,
    select: [to],
    operations: [
      { op: 'patch-node', id, patch: { label: text } },
      { op: 'rename-node', id, to },
    ],
  };
}

export function toggleDisabled(definition: Definition, ids: readonly string[]): Edit {
  const on = ids.some((id) => nodeOf(definition, id)?.disabled !== true);
  return { operations: ids.map((id) => ({ op: 'patch-node', id, patch: { disabled: on ? true : null } })) };
}

/** Folds a loop to a card, or unfolds it. */
export function toggleFolded(definition: Definition, id: string): Edit {
  const ui = definition.ui ?? {};
  const places = (typeof ui['nodes'] === 'object' && ui['nodes'] !== null ? ui['nodes'] : {}) as Record<string, Record<string, number | boolean>>;
  const nodes = { ...places, [id]: { ...places[id], collapsed: !isFolded(definition, id) } };
  return { operations: [{ op: 'set-ui', ui: { ...ui, nodes } }] };
}
