/** What the worker bundles for the Temporal sandbox: workflow functions only. Imports the planner and `@temporalio/workflow`, nothing else. */
export { hubFire } from './fire.ts';
export { hubRun } from './hub-run.ts';
export { hubSeries } from './series.ts';
