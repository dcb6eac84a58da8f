/** Workflows, versions and triggers from db to the contract's shapes. */
import type { Version, Workflow, WorkflowSummary } from '@hub/contract';
import type { TriggerRead, VersionRead, WorkflowRead, WorkflowSummaryRead } from '@hub/db/read';
import { instant } from '../http/shapes.ts';

/** A workflow of a list. */
export function workflowSummaryShape(row: WorkflowSummaryRead): WorkflowSummary {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    status: row.status as WorkflowSummary['status'],
    publishedVersion: row.publishedVersion,
    revision: row.revision,
    tags: row.tags,
    createdAt: instant(row.createdAt),
    updatedAt: instant(row.updatedAt),
  };
}

/** A workflow with its draft. */
export function workflowShape(row: WorkflowRead): Workflow {
  return { ...workflowSummaryShape(row), definition: row.definition };
}

/** A version without its definition. */
export function versionShape(row: VersionRead): Version {
  return {
    id: row.id,
    workflowId: row.workflowId,
    version: row.version,
    hash: row.hash,
    note: row.note === '' ? null : row.note,
    publishedAt: instant(row.createdAt),
  };
}

/** A trigger of the published version. */
export function triggerShape(row: TriggerRead) {
  return { id: row.triggerId, type: row.type, config: row.config, version: row.version, enabled: row.status === 'active' };
}
