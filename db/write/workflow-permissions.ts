/** What a person may do with one workflow beyond their role in the team. */
import { asTeam, isUuid, type Sql, type TeamSql } from '../database.ts';

export type WorkflowLevel = 'viewer' | 'runner' | 'editor' | 'admin';
export interface WorkflowGrant {
  userId: string;
  name: string;
  email: string;
  level: WorkflowLevel;
  grantedAt: string;
}

async function grantsOf(tx: TeamSql, team: string, workflowId: string): Promise<WorkflowGrant[]> {
  const rows = await tx<(Omit<WorkflowGrant, 'grantedAt'> & { grantedAt: Date })[]>`
    select p.user_id as "userId", u.name, u.email, p.permission_level as level, p.granted_at as "grantedAt"
    from workflow_permissions p join users u on u.id = p.user_id
    where p.team_id = ${team} and p.workflow_id = ${workflowId} order by u.name, p.user_id limit 500`;
  return rows.map((row) => ({ ...row, grantedAt: row.grantedAt.toISOString() }));
}

/** Null where there is no such workflow. */
export async function listWorkflowGrants(sql: Sql, team: string, workflowId: string): Promise<WorkflowGrant[] | null> {
  if (!isUuid(workflowId)) return null;
  return asTeam(sql, team, async (tx) => {
    const [found] = await tx`select 1 from workflows where team_id = ${team} and id = ${workflowId}`;
    return found === undefined ? null : grantsOf(tx, team, workflowId);
  });
}

/** Replaces all; one who had the level already keeps the day they got it. `strangers` are no members of the team: then nothing changes. */
export async function setWorkflowGrants(
  sql: Sql,
  { team, workflowId, by, grants }: { team: string; workflowId: string; by: string | null; grants: { userId: string; level: WorkflowLevel }[] },
): Promise<{ outcome: 'ok'; grants: WorkflowGrant[] } | { outcome: 'strangers'; strangers: string[] } | { outcome: 'not-found' }> {
  if (!isUuid(workflowId)) return { outcome: 'not-found' };
  return asTeam(sql, team, async (tx) => {
    const [found] = await tx`select 1 from workflows where team_id = ${team} and id = ${workflowId} for update`;
    if (found === undefined) return { outcome: 'not-found' };
    const users = grants.map((grant) => grant.userId);
    const members = new Set(
      (await tx<{ id: string }[]>`select user_id as id from members where team_id = ${team} and user_id = any(${users}::uuid[])`).map(({ id }) => id),
    );
    const strangers = users.filter((id) => !members.has(id));
    if (strangers.length > 0) return { outcome: 'strangers', strangers };
    await tx`delete from workflow_permissions where team_id = ${team} and workflow_id = ${workflowId} and user_id <> all(${users}::uuid[])`;
    await tx`
      insert into workflow_permissions as p (team_id, workflow_id, user_id, permission_level, granted_by_user_id)
      select ${team}, ${workflowId}, g.user_id, g.level, ${by} from unnest(${users}::uuid[], ${grants.map((grant) => grant.level)}::text[]) as g(user_id, level)
      on conflict (team_id, workflow_id, user_id) do update set permission_level = excluded.permission_level, granted_by_user_id = excluded.granted_by_user_id, granted_at = now()
      where p.permission_level <> excluded.permission_level`;
    return { outcome: 'ok', grants: await grantsOf(tx, team, workflowId) };
  });
}

/** The level a person was given for the workflow, or for the workflow of the run; null: none. */
export async function readWorkflowLevel(
  sql: Sql,
  team: string,
  userId: string,
  { workflow, run }: { workflow?: string | undefined; run?: string | undefined },
): Promise<WorkflowLevel | null> {
  if (!isUuid(workflow ?? run ?? '')) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<{ level: WorkflowLevel }[]>`
    select permission_level as level from workflow_permissions where team_id = ${team} and user_id = ${userId} and workflow_id =
      ${run === undefined ? tx`${workflow ?? ''}::uuid` : tx`(select r.workflow_id from workflow_executions r where r.team_id = ${team} and r.id = ${run}::uuid)`}`,
  );
  return row?.level ?? null;
}
