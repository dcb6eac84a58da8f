/** What the worker bundles for the Temporal sandbox: workflow functions only. Imports the planner and `@temporalio/workflow`, nothing else. */
export { hubRun } from './hub-run.ts';
