/** Arrows walk the graph: along edges, and between what stands side by side. Pure. */
import type { Definition } from '@hub/dag';
import { roots, startId } from './graph.ts';
import { absolute, type Box } from './size.ts';

export type Way = 'left' | 'right' | 'up' | 'down';

/** Where an arrow leads from a step; from nothing to Start; null where there is nothing that way. */
export function walk(definition: Definition, boxes: ReadonlyMap<string, Box>, from: string | null, way: Way): string | null {
  if (from === null) return startId;
  const edges = definition.edges ?? [];
  const node = definition.nodes.find(({ id }) => id === from);
  const height = (id: string): number => absolute(definition, boxes, id).y;
  const first = (ids: string[]): string | null => ids.toSorted((a, b) => height(a) - height(b))[0] ?? null;
  if (from === startId) return way === 'right' ? first(roots(definition)) : null;
  if (way === 'right') {
    const next = first(edges.filter((edge) => edge.from === from).map((edge) => edge.to));
    return (
      next ??
      first(definition.nodes.filter(({ parent }) => parent === from && !edges.some((edge) => edge.to === from)).map(({ id }) => id)) ??
      beside(definition, boxes, from, 'right')
    );
  }
  if (way === 'left') {
    const before = first(edges.filter((edge) => edge.to === from && edge.from !== from && boxes.has(edge.from)).map((edge) => edge.from));
    return before ?? node?.parent ?? startId;
  }
  return beside(definition, boxes, from, way);
}

/** The nearest step in a direction: straight ahead counts more than near by. Down from a loop leads into its body, up from its first row out again. */
function beside(definition: Definition, boxes: ReadonlyMap<string, Box>, from: string, way: Exclude<Way, 'left'>): string | null {
  const here = absolute(definition, boxes, from);
  const node = definition.nodes.find(({ id }) => id === from);
  if (way === 'down' && node?.type === 'loop') {
    const body = definition.nodes.filter(({ parent, id }) => parent === from && boxes.has(id));
    const best = body.toSorted((a, b) => (boxes.get(a.id)?.x ?? 0) - (boxes.get(b.id)?.x ?? 0))[0];
    if (best) return best.id;
  }
  let best: { id: string; far: number } | null = null;
  for (const other of definition.nodes) {
    if (other.id === from || other.parent !== node?.parent || !boxes.has(other.id)) continue;
    const { x, y } = absolute(definition, boxes, other.id);
    const [dx, dy] = [x - here.x, y - here.y];
    const ahead = way === 'right' ? dx : way === 'down' ? dy : -dy;
    if (ahead <= 0) continue;
    const far = ahead + 2 * Math.abs(way === 'right' ? dy : dx);
    if (!best || far < best.far) best = { id: other.id, far };
  }
  return best?.id ?? (way === 'up' ? (node?.parent ?? null) : null);
}
