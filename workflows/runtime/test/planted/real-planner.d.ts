/** `real-planner` is the planner's door under another name, given by the bundler (see ../replay.ts). */
declare module 'real-planner' {
  export * from '@hub/dag/planner';
}
