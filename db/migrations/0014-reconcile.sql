-- The reconciler (04, rule 20): what disagrees with Temporal is repaired by one guarded update, with an event and a line in the audit log.

create function hub_note_reconciled(p_team uuid, p_run uuid, p_found text, p_code text) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  perform hub_run_event(p_team, p_run, 'run.reconciled', jsonb_build_object('found', p_found, 'code', p_code));
  insert into audit_log (team_id, action, target, details)
  values (p_team, 'run.reconcile', 'run:' || p_run, jsonb_strip_nulls(jsonb_build_object('found', p_found, 'code', p_code)));
end $$;

-- Ends a run that Temporal has closed, or does not know. p: { found, status, error: { code, message } }. Answers { changed, start: [run], children: [run] };
-- `children` are runs that it waited for: nobody waits for them any more.
create function hub_repair_run(p_team uuid, p_run uuid, p jsonb) returns jsonb language plpgsql as $$
declare
  v_workflow uuid;
  v_children jsonb;
  v jsonb;
begin
  perform set_config('app.team', p_team::text, true);
  select x.workflow_id into v_workflow from workflow_executions x where x.team_id = p_team and x.id = p_run;
  if not found then return '{"changed": false, "start": [], "children": []}'; end if;
  perform hub_lock_slots(p_team, v_workflow);
  -- Only holders of the team's slot row end runs: it stays open until our commit. The run may have ended since it was compared.
  if not exists (select from workflow_executions x where x.team_id = p_team and x.id = p_run and x.status in ('starting', 'running', 'waiting')) then
    return '{"changed": false, "start": [], "children": []}';
  end if;
  select coalesce(jsonb_agg(w.child_run_id), '[]') into v_children
  from run_waits w where w.team_id = p_team and w.run_id = p_run and w.closed_at is null and w.child_run_id is not null;
  perform hub_note_reconciled(p_team, p_run, p ->> 'found', p #>> '{error,code}');
  v := hub_finish_run(p_team, p_run, jsonb_build_object('status', p ->> 'status', 'rows', '[]'::jsonb, 'error', p -> 'error',
    'output', '{"text": "{}", "preview": {}, "bytes": 2}'::jsonb));
  update workflow_executions set status_reason = p ->> 'found' where team_id = p_team and id = p_run;
  return v || jsonb_build_object('children', v_children);
end $$;

-- Of runs that Temporal shows as open: those whose row has ended a while ago. What this database does not know is another's affair.
create function hub_ended_among(p_teams uuid[], p_runs uuid[], p_since interval) returns table (team uuid, run uuid) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select r.team_id, r.id from unnest(p_teams, p_runs) as asked(team, run)
  join workflow_executions r on r.team_id = asked.team and r.id = asked.run
  where r.status in ('completed', 'failed', 'cancelled', 'timed_out') and r.completed_at < clock_timestamp() - p_since
$$;

create index run_waits_answered on run_waits (team_id, run_id) where closed_at is null and answered_n is not null;
create index run_waits_due on run_waits (expires_at) where closed_at is null and expires_at is not null;

-- Open runs that seem not to have heard what came for them (decision 023): what was told them, or was due, more than p_for ago has had no effect; or they say
-- that they run, and for p_quiet nothing of them was open and nothing happened. One with an attempt that failed may rest until its next, for up to a day, so it is
-- not called quiet. A pause holds things back, so paused runs are left out; so are runs that were set back p_most times within a day, or less than p_quiet ago.
create function hub_stuck_runs(p_for interval, p_quiet interval, p_most integer, p_max integer) returns table (team uuid, run uuid, why text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with long_ago as (select clock_timestamp() - p_for as told, clock_timestamp() - p_quiet as quiet), suspects as (
    select w.team_id, w.run_id, 'answer' as why from run_waits w
    join run_messages m on m.team_id = w.team_id and m.run_id = w.run_id and m.n = w.answered_n, long_ago
    where w.closed_at is null and w.answered_n is not null and m.sent_at < long_ago.told
    union all
    select w.team_id, w.run_id, 'signal' from run_messages m
    join run_waits w on w.team_id = m.team_id and w.run_id = m.run_id and w.closed_at is null and w.answered_n is null and w.signal_name = m.name
      and (m.key_hash is null or m.key_hash = w.key_hash) and (m.path is null or m.path = w.path), long_ago
    where m.kind = 'signal' and m.taken_path is null and m.sent_at < long_ago.told and w.opened_at < long_ago.told
    union all
    select w.team_id, w.run_id, 'time' from run_waits w, long_ago
    where w.closed_at is null and w.answered_n is null and w.expires_at < long_ago.told
    union all
    select w.team_id, w.run_id, 'child' from run_waits w
    join workflow_executions c on c.team_id = w.team_id and c.id = w.child_run_id, long_ago
    where w.closed_at is null and c.status in ('completed', 'failed', 'cancelled', 'timed_out') and c.completed_at < long_ago.told
    union all
    select r.team_id, r.id, 'quiet' from workflow_executions r, long_ago
    where r.status = 'running' and r.started_at < long_ago.quiet
      and not exists (select from run_events e where e.team_id = r.team_id and e.run_id = r.id and e.seq = r.seq and e.at >= long_ago.quiet)
      and not exists (select from node_executions n where n.team_id = r.team_id and n.workflow_execution_id = r.id
        and (n.status in ('failed', 'lost') or (n.status in ('queued', 'running', 'waiting') and n.node_type <> 'loop'))))
  select s.team_id, s.run_id, min(s.why) from suspects s
  join workflow_executions r on r.team_id = s.team_id and r.id = s.run_id
  cross join lateral (
    select count(*) as times, max(e.at) as last from run_events e
    where e.team_id = r.team_id and e.run_id = r.id and e.type = 'run.reconciled' and e.refs ->> 'found' = 'stuck' and e.at > clock_timestamp() - interval '24 hours') b
  where r.status in ('running', 'waiting') and r.status_reason is distinct from 'pause' and b.times < p_most
    and (b.last is null or b.last < clock_timestamp() - p_quiet)
  group by 1, 2 order by 2 limit p_max
$$;

-- Before a stuck run is set back: what had no effect is told again, also what its history may never have had.
create function hub_note_stuck(p_team uuid, p_run uuid) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  perform hub_note_reconciled(p_team, p_run, 'stuck', 'run.stuck');
  update run_messages m set sent_at = null where m.team_id = p_team and m.run_id = p_run and m.sent_at is not null and (
    (m.kind = 'signal' and m.taken_path is null)
    or exists (select from run_waits w where w.team_id = p_team and w.run_id = p_run and w.closed_at is null and (w.answered_n = m.n or (m.kind = 'child' and w.path = m.path))));
end $$;

grant execute on function hub_note_reconciled, hub_repair_run, hub_note_stuck to hub_app;
grant select on node_executions to hub_definer;
grant create on schema public to hub_definer;
alter function hub_ended_among(uuid[], uuid[], interval) owner to hub_definer;
alter function hub_stuck_runs(interval, interval, integer, integer) owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_ended_among, hub_stuck_runs to hub_app;
reset role;
