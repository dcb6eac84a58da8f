/** What is read for people and clients. Lists are `{ items, nextCursor }`; what is not there is null. A registration list. */
export { type CacheEntryRead, listCacheEntries } from './step-cache.ts';
export { type CompensationRead, listCompensations } from './undo.ts';
export { readRetrySource, type RetrySource } from './retry.ts';
export {
  type DeliveryDetailRead,
  type DeliveryRead,
  listDeliveries,
  type ListeningRead,
  readDelivery,
  readListening,
  readTriggerAddress,
  type TriggerAddressRead,
} from './hooks.ts';
export type { Page, PageQuery } from './page.ts';
export {
  type ApiKeyRead,
  type AuditRead,
  type CredentialRead,
  type FileRead,
  type InvitationRead,
  listApiKeys,
  listAudit,
  type CredentialUseRead,
  listCredentials,
  listCredentialUses,
  listFiles,
  listInvitations,
  listMembers,
  listNotices,
  listTeamsOfUser,
  listVariables,
  type MemberRead,
  type NoticeRead,
  readCredential,
  readCredentials,
  type TeamOfUser,
  type VariableRead,
} from './resources.ts';
export {
  listModelCalls,
  listRunNodes,
  type ModelCallRead,
  type NodeFilter,
  type NodeRead,
  type NodeSummaryRead,
  readNodeOutput,
  readRunStrips,
  type RowStatus,
  type StripPart,
  summarizeRunNodes,
} from './run-nodes.ts';
export { type NamedThing, readCredentialKinds, readNamed } from './named.ts';
export { readIterationResult, readLoopItems, readRunContext, readSettledValues, type RunContextRead, type SettledValue } from './run-context.ts';
export {
  type ActiveRun,
  activeRuns,
  endedRuns,
  listRuns,
  readRun,
  readRunEvents,
  type RunEventRead,
  type RunFilter,
  type RunRead,
  readRunGraph,
  readRunOutput,
  type RunTotals,
} from './runs.ts';
export { readSpend, readUsage, type SpendRead, type UsageRead } from './spend.ts';
export {
  type DesiredTrigger,
  type EventTriggerRead,
  listTriggerEvents,
  listTriggers,
  matchingEventTriggers,
  readDesiredTrigger,
  type EndedRunRead,
  readEndedRun,
  readRunStatus,
  readTrigger,
  readTriggerForFire,
  type TriggerEventRead,
  type TriggerForFire,
  type TriggerRead,
} from './triggers.ts';
export {
  listVersions,
  readVersion,
  readPublishedVersion,
  readWorkflow,
  type VersionRead,
  type Who,
  type WorkflowRead,
  type WorkflowSummaryRead,
} from './workflows.ts';
export {
  healthOf,
  type HealthState,
  listTags,
  listWorkflows,
  type RecentRunRead,
  type WorkflowFilter,
  type WorkflowListRead,
} from './workflow-list.ts';
export {
  type ApprovalQuery,
  type ApprovalRead,
  listApprovals,
  readApproval,
  readApprovalOf,
  readLinkedApproval,
  readRunDefinitionNode,
} from './approvals.ts';
export { type AttemptOutput, eventsUpTo, type FoldedEvent, readAttemptOutputs, readKeptRows } from './moments.ts';
