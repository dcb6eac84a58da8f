/** The pure planner's door: no dependency at all, because it goes into the Temporal sandbox. */
export type * from './types.ts';
export { nodeTypes } from './types.ts';
