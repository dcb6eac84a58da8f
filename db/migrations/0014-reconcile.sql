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

grant execute on function hub_note_reconciled, hub_repair_run to hub_app;
grant create on schema public to hub_definer;
alter function hub_ended_among(uuid[], uuid[], interval) owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_ended_among to hub_app;
reset role;
