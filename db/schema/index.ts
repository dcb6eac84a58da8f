/** The typed schema (drizzle). A registration list: add a table to its group, the group here. */
export * from './auth.ts';
export * from './people.ts';
export * from './hooks.ts';
export * from './triggers.ts';
export * from './workflows.ts';
export * from './runs.ts';
export * from './step-cache.ts';
export * from './undo.ts';
export * from './waits.ts';
