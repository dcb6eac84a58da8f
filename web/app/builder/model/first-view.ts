/** Where the canvas stands when it opens; the server draws the first picture by the same rule, so that nothing jumps when the canvas comes. Pure. */
import type { Definition } from '@hub/dag';
import { notesOf } from './notes.ts';
import { absolute, type Box, cardHeight, startPlace, startWidth } from './size.ts';

export interface View {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The canvas of a window of 1280 x 800: what is assumed of a browser that never told. */
export const usualCanvas: Size = { width: 1072, height: 719 };
/** The same of a phone. */
export const phoneCanvas: Size = { width: 390, height: 740 };
const readable = 0.72;
/** The whole is better than a part down to here, where names stand larger on their cards. */
const overview = 0.58;
/** From top to bottom there is more room to go on: a little smaller, or larger than the whole would allow. */
const least = 0.5;

/** Around all steps, notes and Start, on the canvas itself. */
export function boundsOf(definition: Definition, boxes: ReadonlyMap<string, Box>): Box {
  const steps = definition.nodes.flatMap((node) => (node.parent === undefined ? (boxes.get(node.id) ?? []) : []));
  const notes = notesOf(definition).map(({ x, y, w, h }) => ({ x, y, width: w, height: h }));
  const all: Box[] = [{ ...startPlace(definition, boxes), width: startWidth, height: cardHeight }, ...steps, ...notes];
  const [x, y] = [Math.min(...all.map((box) => box.x)), Math.min(...all.map((box) => box.y))];
  return { x, y, width: Math.max(...all.map((box) => box.x + box.width)) - x, height: Math.max(...all.map((box) => box.y + box.height)) - y };
}

/** All of it where it can be read; else from Start on, at a size that can. `upright`: the graph runs from top to bottom. */
export function firstView(definition: Definition, boxes: ReadonlyMap<string, Box>, canvas: Size, upright = false): View {
  const bounds = boundsOf(definition, boxes);
  if (upright) return uprightView(definition, boxes, bounds, canvas);
  // An empty workflow shows the place of its first step too.
  const width = definition.nodes.length === 0 ? bounds.width + 296 : bounds.width;
  const fitting = Math.min(1, (canvas.width - 96) / width, (canvas.height - 160) / bounds.height);
  const zoom = fitting >= overview ? fitting : readable;
  const middle = canvas.height / 2 - (bounds.y + bounds.height / 2) * zoom;
  if (fitting >= zoom) return { x: canvas.width / 2 - (bounds.x + width / 2) * zoom, y: middle, zoom };
  const fits = bounds.height * zoom <= canvas.height - 96;
  const start = startPlace(definition, boxes);
  return { x: 48 - bounds.x * zoom, y: fits ? middle : canvas.height * 0.3 - (start.y + cardHeight / 2) * zoom, zoom };
}

/** As wide as the screen where it can be read, with Start in the middle; the rest follows below. */
function uprightView(definition: Definition, boxes: ReadonlyMap<string, Box>, bounds: Box, canvas: Size): View {
  const wide = Math.min(1, (canvas.width - 32) / bounds.width);
  const zoom = Math.max(least, Math.min(wide, Math.max(readable, (canvas.height - 128) / bounds.height)));
  const { x } = startPlace(definition, boxes);
  const middle = wide >= zoom ? bounds.x + bounds.width / 2 : x + startWidth / 2;
  const fits = bounds.height * zoom <= canvas.height - 32;
  return { x: canvas.width / 2 - middle * zoom, y: fits ? (canvas.height - bounds.height * zoom) / 2 - bounds.y * zoom : 24 - bounds.y * zoom, zoom };
}

/** Nodes that a view shows, with a margin; places on the canvas itself. */
export function inSight(definition: Definition, boxes: ReadonlyMap<string, Box>, view: View, canvas: Size): Map<string, Box> {
  const margin = 240;
  const [left, top] = [-view.x / view.zoom - margin, -view.y / view.zoom - margin];
  const [right, bottom] = [(canvas.width - view.x) / view.zoom + margin, (canvas.height - view.y) / view.zoom + margin];
  return new Map(
    definition.nodes.flatMap((node): [string, Box][] => {
      const box = boxes.get(node.id);
      if (!box) return [];
      const { x, y } = node.parent === undefined ? box : absolute(definition, boxes, node.id);
      return x < right && x + box.width > left && y < bottom && y + box.height > top ? [[node.id, { ...box, x, y }]] : [];
    }),
  );
}
