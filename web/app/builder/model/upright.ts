/** The graph from top to bottom, for a narrow screen that only looks: the same definition with other places. What is saved keeps its own. Pure. */
import type { Definition } from '@hub/dag';
import { roots } from './graph.ts';
import { notesOf } from './notes.ts';
import { boxesOf, cardHeight, type Place, startWidth } from './size.ts';

/** Between Start and the first steps, and between the steps and the notes below them. */
const gap = 48;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy to be drawn: steps at `places`, Start above the first of them, notes in a column below, frames left out (they would lie across other steps). */
export function uprightOf(definition: Definition, places: Record<string, Place>): Definition {
  const kept = isObject(definition.ui?.['nodes']) ? definition.ui['nodes'] : {};
  const nodes = Object.fromEntries(definition.nodes.map(({ id }) => [id, { ...(isObject(kept[id]) ? kept[id] : {}), ...places[id] }]));
  const placed: Definition = { ...definition, ui: { ...definition.ui, nodes, groups: [] } };
  const boxes = boxesOf(placed);
  const top = definition.nodes.flatMap((node) => (node.parent === undefined ? (boxes.get(node.id) ?? []) : []));
  const firsts = roots(definition).flatMap((id) => boxes.get(id) ?? []);
  const middles = firsts.map((box) => box.x + box.width / 2);
  const middle = middles.length > 0 ? (Math.min(...middles) + Math.max(...middles)) / 2 : 0;
  const start = { x: Math.round(middle - startWidth / 2), y: Math.min(0, ...top.map(({ y }) => y)) - gap - cardHeight };
  let y = Math.max(0, ...top.map((box) => box.y + box.height)) + gap;
  const notes = notesOf(definition).map((note) => {
    const at = { ...note, x: Math.round(middle - note.w / 2), y };
    y += note.h + gap / 2;
    return at;
  });
  return { ...placed, ui: { ...placed.ui, start, notes } };
}

const known = new WeakMap<Definition, { places: Record<string, Place>; shown: Definition }>();

/** What the canvas draws: the definition as it is, or (`upright`) from top to bottom; the same object as long as both are. */
export function shownOf({ definition, upright }: { definition: Definition; upright: Record<string, Place> | null }): Definition {
  if (upright === null) return definition;
  const found = known.get(definition);
  if (found?.places === upright) return found.shown;
  const shown = uprightOf(definition, upright);
  known.set(definition, { places: upright, shown });
  return shown;
}
