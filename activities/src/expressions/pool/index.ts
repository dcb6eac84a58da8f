/** Door of the expression pool, for the processes that evaluate: worker and API (preview). Never for the browser. */
export { createExpressionPool } from './pool.ts';
export type { ExpressionPool, PoolOptions, RunOptions } from './pool.ts';
export type { DataWire, Job, NodeOutcome, ResolveAnswer } from './jobs.ts';
export { refKey } from './jobs.ts';
