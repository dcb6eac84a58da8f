/** Strips for lists of runs: as the API gathered them; where it did not, counts serve (see RunTable). */
import type { RunSummary } from '@hub/contract';
import { toState } from '../ui/state.tsx';
import type { StripPart } from '../ui/strip-layout.ts';
import { wordsOfId } from './definition.ts';

export type ListedRun = Pick<
  RunSummary,
  | 'id'
  | 'workflowId'
  | 'workflowName'
  | 'version'
  | 'status'
  | 'statusReason'
  | 'error'
  | 'createdAt'
  | 'startedAt'
  | 'completedAt'
  | 'totals'
  | 'isTest'
  | 'kept'
  | 'retryOf'
> & { strip: StripPart[] | null };

export function withStrips(runs: RunSummary[]): ListedRun[] {
  return runs.map((run) => {
    const strip =
      run.strip?.flatMap(({ nodeId, status, startMs, endMs, kept }) =>
        startMs === null ? [] : [{ id: nodeId, label: wordsOfId(nodeId), state: kept ? ('kept' as const) : toState(status), startMs, endMs }],
      ) ?? null;
    const { id, workflowId, workflowName, version, status, statusReason, error, createdAt, startedAt, completedAt, totals, isTest, kept, retryOf } =
      run;
    return {
      id,
      workflowId,
      workflowName,
      version,
      status,
      statusReason,
      error,
      createdAt,
      startedAt,
      completedAt,
      totals,
      isTest,
      kept,
      retryOf,
      strip,
    };
  });
}
