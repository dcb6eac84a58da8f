import { asTeam, type Sql } from '../database.ts';

/**
 * Tells that a run failed: the person who started it; where it started by itself, whoever keeps the workflow (its owner, else whoever published the version), for
 * each trigger at most once an hour, because a schedule of every minute would fill the inbox. Never for test runs. False: nobody to tell, or told already.
 */
export async function noticeFailedRun(sql: Sql, team: string, run: string): Promise<boolean> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into notices (team_id, user_id, kind, title, body, link, dedupe_key)
    select r.team_id, m.user_id, 'run.failed', w.name || ' failed', coalesce(r.error_message, ''), '/runs/' || r.id,
      'run.failed/' || case when r.triggered_by_user_id is null then w.id || '/' || r.trigger_id || '/' || to_char(r.completed_at at time zone 'utc', 'YYYY-MM-DD HH24') else r.id::text end
    from workflow_executions r join workflows w on w.team_id = r.team_id and w.id = r.workflow_id
      left join workflow_versions v on v.team_id = r.team_id and v.id = r.version_id
      join members m on m.team_id = r.team_id and m.user_id = coalesce(r.triggered_by_user_id, w.user_id, v.created_by)
    where r.team_id = ${team} and r.id = ${run} and r.status in ('failed', 'timed_out') and not r.is_test and r.parent_run_id is null
    on conflict (team_id, user_id, dedupe_key) do nothing returning id`,
  );
  return rows.length > 0;
}
