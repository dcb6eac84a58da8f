/** What is read for people and clients. Lists are `{ items, nextCursor }`; what is not there is null. A registration list. */
export type { Page, PageQuery } from './page.ts';
export {
  type ApiKeyRead, type AuditRead, type CredentialRead, type FileRead, type InvitationRead, listApiKeys, listAudit, listCredentials, listFiles, listInvitations, listMembers, listNotices, listTeamsOfUser,
  listVariables, type MemberRead, type NoticeRead, readCredential, type TeamOfUser, type VariableRead,
} from './resources.ts';
export {
  listModelCalls, listRunNodes, type ModelCallRead, type NodeFilter, type NodeRead, type NodeSummaryRead, readNodeOutput, readRunStrips, type RowStatus, type StripPart, summarizeRunNodes,
} from './run-nodes.ts';
export { activeRuns, listRuns, readRun, readRunEvents, type RunEventRead, type RunFilter, type RunRead, readRunGraph, readRunOutput, type RunTotals } from './runs.ts';
export { listTriggers, listVersions, listWorkflows, readVersion, readWorkflow, type TriggerRead, type VersionRead, type WorkflowRead, type WorkflowSummaryRead } from './workflows.ts';
