/** Runs and node rows from db to the contract's shapes (03, "Shapes that clients lean on"). */
import { urlOf, routes } from '@hub/contract';
import type { NodeRow, Run, RunSummary } from '@hub/contract';
import type { NodeRead, RunRead } from '@hub/db/read';
import { instant, instantOf } from '../http/shapes.ts';

/** `starting` has its slot but no first step yet; people see it as queued (02). */
export function shownStatus(status: string): Run['status'] {
  return (status === 'starting' ? 'queued' : status) as Run['status'];
}

function summaryOf(row: RunRead): Omit<RunSummary, 'strip'> {
  return {
    id: row.id,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    version: row.version,
    status: shownStatus(row.status),
    statusReason: row.statusReason,
    error: row.error,
    trigger: row.trigger,
    priority: row.priority,
    isTest: row.isTest,
    seriesId: row.seriesId,
    retryOf: row.retryOf,
    note: row.note,
    ...(row.kept === null ? {} : { kept: row.kept }),
    createdAt: instant(row.createdAt),
    startedAt: instantOf(row.startedAt),
    completedAt: instantOf(row.completedAt),
    totals: row.totals,
  };
}

/** A run of a list. */
export function runSummaryShape(row: RunRead): RunSummary {
  return summaryOf(row);
}

/** A whole run; an output over 1 MB comes as a link. */
export function runShape(row: RunRead, settings: { temporalUiUrl: string | null; namespace: string }): Run {
  const ref = row.outputRef
    ? { outputRef: { url: urlOf(routes.getRunOutput.path, { id: row.id }), bytes: row.outputRef.bytes } }
    : { output: row.output ?? null };
  const temporalUrl = settings.temporalUiUrl === null ? null : `${settings.temporalUiUrl}/namespaces/${settings.namespace}/workflows/${row.id}`;
  return {
    ...summaryOf(row),
    noteBy: row.noteBy ?? null,
    startedBy: row.startedBy ?? null,
    ...(row.undo ? { undo: row.undo } : {}),
    input: row.input,
    ...ref,
    temporalUrl,
  };
}

/** A node row; without values where the list asked for none. */
export function nodeRowShape(row: NodeRead, run: string, values: boolean): NodeRow {
  const output = row.outputRef
    ? { outputRef: { url: urlOf(routes.getNodeOutput.path, { id: run, nodeId: row.nodeId }, { path: row.path }), bytes: row.outputRef.bytes } }
    : values
      ? { output: row.output ?? null }
      : {};
  return {
    nodeId: row.nodeId,
    nodeType: row.nodeType ?? '',
    path: row.path,
    iteration: row.iteration,
    attempt: row.attempt,
    status: row.status as NodeRow['status'],
    port: row.port,
    startedAt: instantOf(row.startedAt),
    completedAt: instantOf(row.completedAt),
    ...(values ? { input: row.input ?? null } : {}),
    ...output,
    error: row.error as NodeRow['error'],
    tokens: row.tokens,
    costUsd: row.costUsd,
    model: row.model,
    warnings: row.warnings as NodeRow['warnings'],
    ...(row.recovered ? { recovered: true } : {}),
    ...(row.disabled ? { disabled: true } : {}),
    ...(row.pinned ? { pinned: true } : {}),
    ...(row.seeded ? { seeded: true } : {}),
    ...(row.cached === null ? {} : { cached: row.cached }),
  };
}
