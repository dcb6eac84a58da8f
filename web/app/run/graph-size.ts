/** Measures of the canvas, shared by layout and drawing. */
export interface Box { x: number; y: number; width: number; height: number }
export const nodeWidth = 232;
export const nodeHeight = 88;
export const containerHeader = 28;
