/** Door of the contract: shapes, route table, permissions, client. Imports zod and nothing of a server. */
export * from './client.ts';
export * from './error-codes.ts';
export * from './permissions.ts';
export * from './route.ts';
export * from './routes/index.ts';
export * from './shapes/access.ts';
export * from './shapes/account.ts';
export * from './shapes/authoring.ts';
export * from './shapes/common.ts';
export * from './shapes/forms.ts';
export * from './shapes/hooks.ts';
export * from './shapes/resources.ts';
export * from './shapes/run.ts';
export * from './shapes/trigger.ts';
export * from './shapes/retry.ts';
export * from './shapes/waits.ts';
export * from './shapes/workflow.ts';
