/** The reconciler. */
export { createFarRuns } from './far-runs.ts';
export { createReconciler, reconcileEveryMs } from './reconciler.ts';
