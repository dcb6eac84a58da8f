/** Door of the activities, for the worker. */
export { createActivities } from './create-activities.ts';
export type { ActivityDeps } from './deps.ts';
export { createModels, type ModelKeys } from './models/create-models.ts';
export { parseParams } from './connectors/params.ts';
export { actionFor } from './connectors/registry.ts';
export { createExpressionPool } from './expressions/pool/index.ts';
export type { ExpressionPool } from './expressions/pool/index.ts';
export type { AttemptContext } from './platform/attempt-context.ts';
export type { PromptModels } from './steps/prompt/models.ts';
