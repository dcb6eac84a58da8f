/** Rights on one workflow, on top of the role in the team: they add, and never take away. For people only; a key has its scopes. */
import { type Permission, rolePermissions } from '@hub/contract';
import type { Sql } from '@hub/db';
import { readWorkflowLevel, type WorkflowLevel } from '@hub/db/write';
import type { Caller, TeamAccess } from '../plugins/app/caller.ts';

/** What a level adds: verbs of the workflow and its runs. Using credentials is a right apart (05, rule 8), which only `admin` brings along. */
function permissionsOf(level: WorkflowLevel): Permission[] {
  return [...rolePermissions[level]].filter(
    (name) => name.startsWith('workflow.') || name.startsWith('run.') || (level === 'admin' && name === 'credential.use'),
  );
}

/** The access of a caller to one workflow, or to the workflow of a run. One look-up, only for those whose role is not enough anyway. */
export async function withGrant(sql: Sql, caller: Caller, team: TeamAccess, of: { workflow?: string; run?: string }): Promise<TeamAccess> {
  if (caller.kind !== 'person' || caller.userId === null) return team;
  const level = await readWorkflowLevel(sql, team.id, caller.userId, of);
  return level === null ? team : { ...team, permissions: new Set([...team.permissions, ...permissionsOf(level)]) };
}

/** Which workflow or run a URL is about; null: none, so nobody was given rights on it. */
export function subjectOf(path: string | undefined, params: unknown): { workflow: string } | { run: string } | null {
  const id = (params as { id?: unknown } | null)?.id;
  if (typeof id !== 'string' || path === undefined) return null;
  if (path.startsWith('/api/v1/workflows/:id')) return { workflow: id };
  return path.startsWith('/api/v1/runs/:id') ? { run: id } : null;
}
