/** Sizes on the canvas (10-visual), and the box of every node: loops grow around their bodies. Pure. */
import { type Definition, type DefinitionNode, portsOf } from '@hub/dag';

export const cardWidth = 232;
export const cardHeight = 64;
/** What a run adds below a card. */
export const footHeight = 24;
export const loopHeader = 28;
export const loopPad = 24;
export const startWidth = 168;
/** Gap between a card and the next one to its right. */
export const stepRight = 64;
const portGap = 20;
const emptyLoop = { width: 320, height: 144 };

export interface Place {
  x: number;
  y: number;
}

export interface Box extends Place {
  width: number;
  height: number;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Saved place of a node; children of a loop stand relative to it. */
export function savedPlace(definition: Definition, id: string): Place | null {
  const nodes = definition.ui?.['nodes'];
  const place = isObject(nodes) ? nodes[id] : undefined;
  return isObject(place) && typeof place['x'] === 'number' && typeof place['y'] === 'number' ? { x: place['x'], y: place['y'] } : null;
}

/** True where a person folded a loop to a card. */
export function isFolded(definition: Definition, id: string): boolean {
  const nodes = definition.ui?.['nodes'];
  const place = isObject(nodes) ? nodes[id] : undefined;
  return isObject(place) && place['collapsed'] === true;
}

const heights = new WeakMap<DefinitionNode, number>();

/** Height of a card with all its ports; nodes are never changed in place, so it is worked out once. */
export function heightOf(node: DefinitionNode): number {
  const known = heights.get(node);
  if (known !== undefined) return known;
  const height = Math.max(cardHeight, (portsOf(node)?.length ?? 1) * portGap + 16);
  heights.set(node, height);
  return height;
}

/**
 * Box of every node, relative to its loop. `fallback` places nodes that nobody placed; `moving` wins while something is dragged. A loop is as large as
 * its body needs; bodies of folded loops have no box.
 */
export function boxesOf(definition: Definition, fallback: Record<string, Place> = {}, moving: Record<string, Place> = {}): Map<string, Box> {
  const boxes = new Map<string, Box>();
  const bodies = Map.groupBy(definition.nodes, (node) => node.parent ?? '');
  const ids = new Set(definition.nodes.map(({ id }) => id));
  let loose = 0;
  const lay = (parent: string, around: ReadonlySet<string>): { width: number; height: number } => {
    let [right, bottom] = [0, 0];
    for (const node of bodies.get(parent) ?? []) {
      if (boxes.has(node.id) || around.has(node.id)) continue;
      const inLoop = parent !== '';
      const held = moving[node.id] !== undefined;
      const found = moving[node.id] ?? savedPlace(definition, node.id) ?? fallback[node.id] ?? { x: loose * 40, y: 160 + loose++ * 40 };
      const isLoop = node.type === 'loop' && !isFolded(definition, node.id);
      const size = isLoop ? lay(node.id, new Set([...around, node.id])) : { width: cardWidth, height: heightOf(node) };
      const place = inLoop && !held ? { x: Math.max(loopPad, found.x), y: Math.max(loopHeader + loopPad, found.y) } : found;
      boxes.set(node.id, { ...place, ...size });
      // What is held in the hand may be on its way out: its loop does not grow after it.
      if (held && inLoop) continue;
      right = Math.max(right, place.x + size.width);
      bottom = Math.max(bottom, place.y + size.height + footHeight);
    }
    if (parent === '') return { width: right, height: bottom };
    return { width: Math.max(emptyLoop.width, right + loopPad), height: Math.max(emptyLoop.height, bottom + loopPad) };
  };
  lay('', new Set());
  // A node whose loop is gone still has to be seen.
  for (const node of definition.nodes)
    if (!boxes.has(node.id) && node.parent !== undefined && !ids.has(node.parent))
      boxes.set(node.id, { ...(savedPlace(definition, node.id) ?? { x: 0, y: 0 }), width: cardWidth, height: heightOf(node) });
  return boxes;
}

/** Place on the canvas itself, outside of all loops. */
export function absolute(definition: Definition, boxes: ReadonlyMap<string, Box>, id: string): Place {
  const parents = new Map(definition.nodes.map((node) => [node.id, node.parent]));
  let place: Place = { x: 0, y: 0 };
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = parents.get(at)) {
    const box = boxes.get(at);
    if (!box) break;
    place = { x: place.x + box.x, y: place.y + box.y };
    seen.add(at);
  }
  return place;
}

/** The innermost loop at a point of the canvas, but none of `not` and nothing inside them. */
export function loopAt(definition: Definition, boxes: ReadonlyMap<string, Box>, point: Place, not: ReadonlySet<string>): string | null {
  let found: { id: string; area: number } | null = null;
  for (const node of definition.nodes) {
    const box = boxes.get(node.id);
    if (node.type !== 'loop' || !box || isFolded(definition, node.id) || isIn(definition, node.id, not)) continue;
    const { x, y } = absolute(definition, boxes, node.id);
    const inside = point.x >= x && point.x <= x + box.width && point.y >= y && point.y <= y + box.height;
    const area = box.width * box.height;
    if (inside && (!found || area < found.area)) found = { id: node.id, area };
  }
  return found?.id ?? null;
}

/** True where a node is one of `ids` or in the body of one. */
export function isIn(definition: Definition, id: string, ids: ReadonlySet<string>): boolean {
  const parents = new Map(definition.nodes.map((node) => [node.id, node.parent]));
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (ids.has(at)) return true;
    seen.add(at);
  }
  return false;
}

/** Where Start stands: as saved, else left of everything. */
export function startPlace(definition: Definition, boxes: ReadonlyMap<string, Box>): Place {
  const saved = definition.ui?.['start'];
  if (isObject(saved) && typeof saved['x'] === 'number' && typeof saved['y'] === 'number') return { x: saved['x'], y: saved['y'] };
  const top = definition.nodes.filter((node) => node.parent === undefined).flatMap((node) => boxes.get(node.id) ?? []);
  const first = top.toSorted((a, b) => a.x - b.x || a.y - b.y)[0];
  return first ? { x: first.x - startWidth - stepRight, y: first.y } : { x: 0, y: 0 };
}
