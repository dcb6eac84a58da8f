/** The workflow list of the fake: each with its last runs, health, next fire and cost. */
import type { WorkflowListItem } from '@hub/contract';
import { at, boot, runs, uuid, type workflows } from './store.ts';

export const ada = { id: uuid(901), name: 'Ada Lovelace', email: 'ada@example.com' };
export const bo = { id: uuid(903), name: 'Bo Diddley', email: 'bo@example.com' };
const iso = (ms: number): string => new Date(ms).toISOString();
const triggerTypes: Record<string, string[]> = { [uuid(1)]: ['manual', 'webhook'], [uuid(2)]: ['schedule'], [uuid(4)]: ['manual'] };

export function listItem(workflow: (typeof workflows)[number]): WorkflowListItem {
  const own = runs.filter(({ run }) => run.workflowId === workflow.id).map((each) => at(each).run);
  const recent = own.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)).slice(0, 30);
  const settled = recent.filter(({ completedAt }) => completedAt);
  const failed = settled.filter(({ status }) => status === 'failed').length;
  const share = settled.length > 0 ? failed / settled.length : null;
  return {
    ...workflow,
    owner: workflow.id === uuid(2) ? { id: bo.id, name: bo.name } : { id: ada.id, name: ada.name },
    triggerTypes: triggerTypes[workflow.id] ?? ['manual'],
    recentRuns: recent.map(({ id, status, createdAt, startedAt, completedAt }) => ({
      id,
      status,
      createdAt,
      startedAt,
      durationMs: startedAt && completedAt ? Date.parse(completedAt) - Date.parse(startedAt) : null,
    })),
    health: {
      state: share === null ? 'none' : share <= 0.05 ? 'healthy' : share <= 0.5 ? 'unsteady' : 'failing',
      settled: settled.length,
      failed,
      failedShare: share,
    },
    openRuns: recent.length - settled.length,
    nextFireAt: workflow.id === uuid(2) ? iso(boot + 1.9e6) : null,
    costThisMonthUsd: own.reduce((sum, { totals }) => sum + totals.costUsd, 0),
  };
}
