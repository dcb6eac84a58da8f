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
/** Below this width of the canvas the builder is for looking only. */
const phoneCanvas = 600;
const readable = 0.72;

/** Around all steps, notes and Start, on the canvas itself. */
export function boundsOf(definition: Definition, boxes: ReadonlyMap<string, Box>): Box {
  const steps = definition.nodes.flatMap((node) => (node.parent === undefined ? (boxes.get(node.id) ?? []) : []));
  const notes = notesOf(definition).map(({ x, y, w, h }) => ({ x, y, width: w, height: h }));
  const all: Box[] = [{ ...startPlace(definition, boxes), width: startWidth, height: cardHeight }, ...steps, ...notes];
  const [x, y] = [Math.min(...all.map((box) => box.x)), Math.min(...all.map((box) => box.y))];
  return { x, y, width: Math.max(...all.map((box) => box.x + box.width)) - x, height: Math.max(...all.map((box) => box.y + box.height)) - y };
}

/** All of it where it can be read; else from Start on, at a size that can. */
export function firstView(definition: Definition, boxes: ReadonlyMap<string, Box>, canvas: Size): View {
  const bounds = boundsOf(definition, boxes);
  const phone = canvas.width < phoneCanvas;
  // An empty workflow shows the place of its first step too.
  const width = definition.nodes.length === 0 ? bounds.width + 296 : bounds.width;
  const fitting = Math.min(1, (canvas.width - 96) / width, (canvas.height - 160) / bounds.height);
  const zoom = Math.max(fitting, phone ? 0.5 : readable);
  const middle = canvas.height / 2 - (bounds.y + bounds.height / 2) * zoom;
  if (fitting >= zoom) return { x: canvas.width / 2 - (bounds.x + width / 2) * zoom, y: middle, zoom };
  const fits = bounds.height * zoom <= canvas.height - 96;
  const start = startPlace(definition, boxes);
  return { x: (phone ? 16 : 48) - bounds.x * zoom, y: fits ? middle : canvas.height * 0.3 - (start.y + cardHeight / 2) * zoom, zoom };
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
