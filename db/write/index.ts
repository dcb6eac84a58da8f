/** What changes the database, one transaction per function. A registration list: add a file, name it here. */
export { createRun, type CreateRunResult, type NewRun, type RowStatus } from './create-run.ts';
export { finishRun } from './finish-run.ts';
export { cancelRun, prune, type RunRef, setTeamLimit, setWorkflowLimit, sweep } from './slots.ts';
export { createStartReader, type RunStart } from './start-reader.ts';
export {
  createWorkflow, deleteWorkflow, type DerivedNode, type NewTrigger, type NewVersion, type NewWorkflow, type PublishResult, publishWorkflow, setPins, setWorkflowStatus, updateWorkflow,
  type WorkflowChange,
} from './workflows.ts';
