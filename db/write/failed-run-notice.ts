import { asTeam, type Sql } from '../database.ts';

/** Tells the person who started the run that it failed; once per run, never for test runs. False: nobody to tell, or told already. */
export async function noticeFailedRun(sql: Sql, team: string, run: string): Promise<boolean> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into notices (team_id, user_id, kind, title, body, link, dedupe_key)
    select r.team_id, r.triggered_by_user_id, 'run.failed', w.name || ' failed', coalesce(r.error_message, ''), '/runs/' || r.id, 'run.failed/' || r.id
    from workflow_executions r join workflows w on w.team_id = r.team_id and w.id = r.workflow_id
    where r.team_id = ${team} and r.id = ${run} and r.status in ('failed', 'timed_out') and r.triggered_by_user_id is not null and not r.is_test
    on conflict (team_id, user_id, dedupe_key) do nothing returning id`,
  );
  return rows.length > 0;
}
