/** Workflows and versions from db to the contract's shapes. */
import type { Version, Workflow, WorkflowListItem, WorkflowSummary } from '@hub/contract';
import { healthOf, type VersionRead, type WorkflowListRead, type WorkflowRead, type WorkflowSummaryRead } from '@hub/db/read';
import { instant } from '../http/shapes.ts';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { shownStatus } from '../runs/shapes.ts';

function summaryOf(row: WorkflowSummaryRead): WorkflowSummary {
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

/** A workflow of the list, with how it does. */
export function workflowListShape(row: WorkflowListRead): WorkflowListItem {
  const { settled, failed } = row;
  return {
    ...summaryOf(row),
    owner: row.owner,
    triggerTypes: row.triggerTypes,
    recentRuns: row.recentRuns.map((run) => ({ ...run, status: shownStatus(run.status) })),
    health: { state: healthOf(settled, failed), settled, failed, failedShare: settled === 0 ? null : failed / settled },
    openRuns: row.openRuns,
    nextFireAt: row.nextFireAt,
    costThisMonthUsd: row.costThisMonthUsd,
  };
}

/** A workflow with its draft, as this caller may use it. */
export function workflowShape(row: WorkflowRead, team: TeamAccess): Workflow {
  return {
    ...summaryOf(row),
    definition: row.definition,
    owner: row.owner,
    updatedBy: row.updatedBy,
    draftChanged: row.definitionHash !== row.publishedHash,
    permissions: [...team.permissions].sort(),
  };
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
    publishedBy: row.createdBy === null || row.createdByName === null ? null : { id: row.createdBy, name: row.createdByName },
  };
}
