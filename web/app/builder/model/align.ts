/** Setting chosen steps in line, or at equal distances. Pure. */
import type { Definition } from '@hub/dag';
import type { Edit } from './edits.ts';
import type { Box, Place } from './size.ts';

export type Align = 'left' | 'top' | 'across' | 'down';

/** New places of steps of one loop; null where there is nothing to set in line. `across` and `down` spread them with equal gaps, at least 32. */
export function align(definition: Definition, boxes: ReadonlyMap<string, Box>, ids: readonly string[], way: Align): Edit | null {
  const steps = ids.flatMap((id) => {
    const node = definition.nodes.find((each) => each.id === id);
    const box = boxes.get(id);
    return node && box ? [{ id, parent: node.parent, box }] : [];
  });
  const same = steps.filter(({ parent }) => parent === steps[0]?.parent);
  if (same.length < 2) return null;
  const positions: Record<string, Place> = {};
  if (way === 'left' || way === 'top') {
    const edge = Math.min(...same.map(({ box }) => (way === 'left' ? box.x : box.y)));
    for (const { id, box } of same) positions[id] = way === 'left' ? { x: edge, y: box.y } : { x: box.x, y: edge };
    return { operations: [{ op: 'move-nodes', positions }] };
  }
  const [at, long] = way === 'across' ? (['x', 'width'] as const) : (['y', 'height'] as const);
  const inOrder = same.toSorted((a, b) => a.box[at] - b.box[at]);
  const [first, last] = [inOrder[0]?.box, inOrder.at(-1)?.box];
  if (!first || !last) return null;
  const filled = inOrder.reduce((sum, { box }) => sum + box[long], 0);
  const gap = Math.max(32, Math.round((last[at] + last[long] - first[at] - filled) / (same.length - 1) / 8) * 8);
  let next = first[at];
  for (const { id, box } of inOrder) {
    positions[id] = { x: box.x, y: box.y, [at]: next };
    next += box[long] + gap;
  }
  return { operations: [{ op: 'move-nodes', positions }] };
}
