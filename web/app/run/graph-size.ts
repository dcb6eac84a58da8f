/** Measures of the canvas, shared by layout and drawing. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
/** Left to right, or (narrow canvas) top to bottom. */
export type Way = 'wide' | 'tall';
export type GraphBoxes = Record<Way, Record<string, Box>>;
/** Below this width of the canvas the tall way is drawn. */
export const tallBelow = 720;
export const nodeWidth = 232;
export const nodeHeight = 88;
export const containerHeader = 28;
/** Below this zoom a card's smaller words could not be read: its name stands larger, alone. */
export const largeBelow = 0.67;

/** Ports of a step that an edge leaves from, as they are drawn: `readDefinition` gives edges in the order of ports. */
export function portsInOrder(out: readonly { fromPort: string }[]): string[] {
  return [...new Set(out.map(({ fromPort }) => fromPort))];
}
