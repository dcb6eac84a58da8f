/** What changes the database, one transaction per function. A registration list: add a file, name it here. */
export { type Access, createApiKey, type KeyAccess, type NewApiKey, readAccess, readKeyAccess, revokeApiKey } from './api-keys.ts';
export { expectAnswer, giveAnswer, type GiveOutcome, readAnswer, type RunAnswer } from './answers.ts';
export { clearStepCache } from './step-cache.ts';
export { retryRun, type KeptRows } from './retry-run.ts';
export { createRun, type CreateRunResult, type NewRun, readStarted, type RowStatus } from './create-run.ts';
export {
  beginOAuthState,
  createCredential,
  type CredentialChange,
  credentialsToRewrap,
  type HeldCredential,
  holdCredential,
  type NewCredential,
  readForRewrap,
  readSealedCredential,
  revokeCredential,
  saveRewrapped,
  type SealedCredential,
  type SealedTokens,
  updateCredential,
  useOAuthState,
} from './credentials.ts';
export { addDelivery, type DeliveryOutcome, endDelivery, type NewDelivery } from './deliveries.ts';
export { noticeFailedRun } from './failed-run-notice.ts';
export { adoptFiles, deleteFile } from './files.ts';
export { finishRun } from './finish-run.ts';
export { type Fire, type Fired, type FireOutcome, fireTrigger } from './fire-trigger.ts';
export {
  endListening,
  giveTriggerTokens,
  type NewListening,
  type NewToken,
  noteFired,
  noteListening,
  type OpenedToken,
  openListening,
  openToken,
  rotateTriggerToken,
  type TokenKind,
} from './hooks.ts';
export { beginIdempotent, dropIdempotent, endIdempotent, type IdempotencyPlace, type IdempotencyState } from './idempotency.ts';
export { credentialDaysBefore, type EndingCredential, endingCredentials, tellOfEnd, type ToldOfEnd } from './ending-credentials.ts';
export { addAudit, addNotice, markNoticesRead, type NewAudit, type NewNotice } from './notices.ts';
export { monthlyRuns } from './plan-runs.ts';
export {
  addPushChannel,
  type ClaimedOpening,
  type ClaimedStop,
  claimOpenings,
  claimStops,
  claimWakes,
  dropPushChannel,
  findPushChannel,
  notePushOpened,
  notePushRefused,
  putWakeBack,
  type PushWish,
  takePush,
} from './push.ts';
export { takeRate } from './rates.ts';
export {
  type Disagreement,
  endedAmong,
  noteOrphan,
  noteStuck,
  repairRun,
  type RunRepair,
  type StuckAfter,
  stuckRuns,
  withReconcilerLock,
} from './reconcile.ts';
export { noteRun, type Pruned, pruneRuns, readRetention, setRetention } from './retention.ts';
export { rebuildRun, type RebuildOutcome } from './rebuild.ts';
export { cancelRun, prune, type RunRef, setTeamLimit, setWorkflowLimit, sweep } from './slots.ts';
export { createInbox, type Inbox } from './inbox.ts';
export {
  type AnswerOutcome,
  answerWait,
  deliverSignal,
  type DeliverOutcome,
  readResume,
  readRunDepth,
  type ResumeRead,
  sendSignal,
  type SignalOutcome,
  steerRun,
  useResume,
} from './signals.ts';
export { createStartReader, type RunStart } from './start-reader.ts';
export { setTeamPlan } from './teams.ts';
export { createTriggerStore } from './trigger-store.ts';
export {
  claimEnds,
  movePollCursor,
  type NewTrigger,
  noteTriggerEvent,
  noteTriggerState,
  pruneTriggers,
  releaseEnd,
  type RunEnd,
  setTriggerPaused,
  stopTrigger,
  type TriggerRef,
} from './triggers.ts';
export { keepUnsentMail, readUnsentMails, type UnsentMail } from './unsent-mails.ts';
export { deleteVariable, setVariable } from './variables.ts';
export {
  createWorkflow,
  deleteWorkflow,
  type DerivedNode,
  type NewVersion,
  type NewWorkflow,
  type PublishResult,
  publishWorkflow,
  restoreDraft,
  setPins,
  setWorkflowStatus,
  type StaleDraft,
  type UpdateResult,
  updateWorkflow,
  type WorkflowChange,
} from './workflows.ts';
export { listWorkflowGrants, readWorkflowLevel, setWorkflowGrants, type WorkflowGrant, type WorkflowLevel } from './workflow-permissions.ts';
