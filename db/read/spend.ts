/** What runs cost, per day; and what a team uses of its plan. */
import { asTeam, isUuid, type Sql } from '../database.ts';
import { firstIdOf } from './page.ts';

export interface SpendRead {
  days: { day: string; costUsd: number; runs: number; failed: number }[];
  costUsd: number;
  before: { costUsd: number; runs: number };
  workflows: { workflowId: string; workflowName: string; costUsd: number; runs: number }[];
}

/** Days in UTC, oldest first, today included; `before` is the same span just before. Test runs count. */
export async function readSpend(sql: Sql, team: string, { days, workflowId }: { days: number; workflowId?: string | undefined }): Promise<SpendRead> {
  if (workflowId !== undefined && !isUuid(workflowId)) return { days: [], costUsd: 0, before: { costUsd: 0, runs: 0 }, workflows: [] };
  return asTeam(sql, team, async (tx) => {
    const dayMs = 86_400_000;
    const today = Math.floor(Date.now() / dayMs) * dayMs;
    const from = firstIdOf(today - (days - 1) * dayMs);
    const fromBefore = firstIdOf(today - (2 * days - 1) * dayMs);
    const first = new Date(today - (days - 1) * dayMs).toISOString().slice(0, 10);
    const own = workflowId === undefined ? tx`` : tx`and r.workflow_id = ${workflowId}`;
    const rows = await tx<SpendRead['days']>`
      select to_char(d.day, 'YYYY-MM-DD') as day, coalesce(s.cost, 0)::float8 as "costUsd", coalesce(s.runs, 0)::int as runs, coalesce(s.failed, 0)::int as failed
      from generate_series(${first}::date, ${first}::date + ${days - 1}::int, interval '1 day') d(day) left join (
        select (r.created_at at time zone 'utc')::date as day, sum(r.total_cost_usd) as cost, count(*) as runs, count(*) filter (where r.status in ('failed', 'timed_out')) as failed
        from workflow_executions r where r.team_id = ${team} and r.id >= ${from} ${own} group by 1) s on s.day = d.day::date
      order by d.day`;
    const [before] = await tx<{ costUsd: number; runs: number }[]>`
      select coalesce(sum(r.total_cost_usd), 0)::float8 as "costUsd", count(*)::int as runs from workflow_executions r
      where r.team_id = ${team} and r.id >= ${fromBefore} and r.id < ${from} ${own}`;
    const workflows = await tx<SpendRead['workflows']>`
      select r.workflow_id as "workflowId", w.name as "workflowName", sum(r.total_cost_usd)::float8 as "costUsd", count(*)::int as runs
      from workflow_executions r join workflows w on w.team_id = r.team_id and w.id = r.workflow_id
      where r.team_id = ${team} and r.id >= ${from} ${own} group by 1, 2 order by 3 desc, 4 desc limit 5`;
    return {
      days: [...rows],
      costUsd: rows.reduce((sum, { costUsd }) => sum + costUsd, 0),
      before: before ?? { costUsd: 0, runs: 0 },
      workflows: [...workflows],
    };
  });
}

export interface UsageRead {
  activeWorkflows: number;
  runsThisMonth: number;
  runsAtOnce: number;
  mostRunsAtOnce: number;
  members: number;
  fileBytes: number;
}

/** What the team uses now, for its limits page. */
export async function readUsage(sql: Sql, team: string): Promise<UsageRead> {
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<UsageRead[]>`
    select (select count(*)::int from workflows where team_id = ${team} and status = 'active') as "activeWorkflows",
      (select count(*)::int + coalesce((select runs from removed_runs where team_id = ${team} and month = date_trunc('month', now() at time zone 'utc')::date), 0) from workflow_executions where team_id = ${team} and not is_test and created_at >= date_trunc('month', now())) as "runsThisMonth",
      (select used from team_slots where team_id = ${team}) as "runsAtOnce",
      (select max_concurrent_runs from teams where id = ${team}) as "mostRunsAtOnce",
      (select count(*)::int from members where team_id = ${team}) as members,
      (select coalesce(sum(bytes), 0)::float8 from files where team_id = ${team}) as "fileBytes"`,
  );
  return row ?? { activeWorkflows: 0, runsThisMonth: 0, runsAtOnce: 0, mostRunsAtOnce: 0, members: 0, fileBytes: 0 };
}
