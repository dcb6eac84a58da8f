-- Undoing what a run did (03, Meaning 6, `compensate`): one row per completed step that has something that undoes it, in the order of undoing.

create table compensations (
  team_id uuid not null,
  run_id uuid not null,
  n integer not null,
  root_run_id uuid not null,
  node_id text not null,
  path text collate "C" not null,
  step_completed_at timestamptz not null, -- with chain and path: which effect; a step kept by a retry is the same one
  action text not null,
  status text not null default 'waiting' check (status in ('waiting', 'running', 'completed', 'failed', 'unknown')),
  attempt integer not null default 0,
  failed integer not null default 0,
  lost integer not null default 0,
  begun_by uuid, -- the call that began this attempt: asked again, it gets the same one
  error_code text,
  error_message text,
  started_at timestamptz,
  completed_at timestamptz,
  primary key (team_id, run_id, n),
  unique (team_id, root_run_id, path, step_completed_at), -- none is undone twice, whoever asks
  foreign key (team_id, run_id) references workflow_executions on delete cascade
);
create index compensations_open on compensations (team_id, run_id, n) where status in ('waiting', 'running');
call hub_protect('compensations');
grant select, insert, update on compensations to hub_app;

-- Notes once what a run is to undo; later calls only count what is left. p_nodes: [{ nodeId, action, items }]. Kept steps of earlier runs of the chain are
-- among it where no other run of the chain goes on or has completed: else the effect is also that one's.
create function hub_open_undo(p_team uuid, p_run uuid, p_nodes jsonb, p_rows jsonb) returns integer language plpgsql as $$
declare
  v_root uuid;
  v_alone boolean;
  v_count integer;
  v_events jsonb;
begin
  perform set_config('app.team', p_team::text, true);
  v_events := hub_apply_rows(p_team, p_run, p_rows);
  if not exists (select from compensations c where c.team_id = p_team and c.run_id = p_run) then
    select r.root_run_id into v_root from workflow_executions r where r.team_id = p_team and r.id = p_run;
    v_alone := not exists (
      select from workflow_executions o where o.team_id = p_team and o.id = v_root and o.id <> p_run and o.status not in ('failed', 'cancelled', 'timed_out')
      union all
      select from workflow_executions o
      where o.team_id = p_team and o.root_run_id = v_root and o.retry_of is not null and o.id <> p_run and o.status not in ('failed', 'cancelled', 'timed_out'));
    insert into compensations (team_id, run_id, n, root_run_id, node_id, path, step_completed_at, action)
    select p_team, p_run, row_number() over (order by s.completed_at desc, s.id desc), v_root, s.node_id, s.path, s.completed_at, u.action
    from jsonb_to_recordset(p_nodes) as u("nodeId" text, action text, items boolean)
    cross join lateral (
      select distinct on (x.path) x.id, x.node_id, x.path, x.completed_at, x.recovered, x.pinned, x.disabled, x.cached, x.seeded, x.attempt_number
      from node_executions x
      where x.team_id = p_team and x.workflow_execution_id = p_run and x.node_id = u."nodeId" and x.status = 'completed' and (x.path like '%]') = u.items
      order by x.path, x.attempt_number desc) s
    where s.attempt_number > 0 and s.completed_at is not null and not s.recovered and not s.pinned and not s.disabled and s.cached is null and (v_alone or not s.seeded)
    on conflict do nothing;
    get diagnostics v_count = row_count;
    if v_count > 0 then v_events := v_events || hub_event('undo.started', null, null, jsonb_build_object('steps', v_count)); end if;
  end if;
  perform hub_note(p_team, p_run, v_events, 0, 0, 0);
  return (select count(*) from compensations c where c.team_id = p_team and c.run_id = p_run and c.status in ('waiting', 'running'));
end $$;

-- Begins the next one. One found running was lost with its worker.
create function hub_next_undo(p_team uuid, p_run uuid, p_by uuid) returns table (n integer, node_id text, path text, attempt integer, failed integer, lost integer,
  input_text text, input_blob uuid, output_text text, output_blob uuid) language plpgsql as $$
declare
  v compensations;
begin
  perform set_config('app.team', p_team::text, true);
  update compensations c set status = 'running', attempt = c.attempt + (c.begun_by is distinct from p_by)::int, begun_by = p_by,
    lost = c.lost + (c.status = 'running' and c.begun_by is distinct from p_by)::int, started_at = coalesce(c.started_at, clock_timestamp())
  where c.team_id = p_team and c.run_id = p_run and c.n = (
    select x.n from compensations x where x.team_id = p_team and x.run_id = p_run and x.status in ('waiting', 'running') order by x.n limit 1 for update)
  returning c.* into v;
  if not found then return; end if;
  perform hub_note(p_team, p_run, jsonb_build_array(hub_event('undo.running', v.path, null, jsonb_build_object('nodeId', v.node_id, 'action', v.action, 'attempt', v.attempt))), 0, 0, 0);
  return query
    select v.n, v.node_id, v.path, v.attempt, v.failed, v.lost, s.input_text, s.input_blob, s.output_text, s.output_blob
    from node_executions s
    where s.team_id = p_team and s.workflow_execution_id = p_run and s.path = v.path and s.status = 'completed' order by s.attempt_number desc limit 1;
end $$;

-- p: { n, attempt, status: completed | failed | unknown | waiting (another attempt follows) | left (as if not begun), error: { code, message } | null }
create function hub_end_undo(p_team uuid, p_run uuid, p jsonb) returns void language plpgsql as $$
declare
  v compensations;
  v_status text := p ->> 'status';
begin
  perform set_config('app.team', p_team::text, true);
  update compensations c set
    status = case when v_status = 'left' then 'waiting' else v_status end,
    failed = c.failed + (v_status in ('waiting', 'failed'))::int,
    error_code = p #>> '{error,code}', error_message = p #>> '{error,message}',
    completed_at = case when v_status in ('completed', 'failed', 'unknown') then clock_timestamp() end
  where c.team_id = p_team and c.run_id = p_run and c.n = (p ->> 'n')::int and c.attempt = (p ->> 'attempt')::int and c.status = 'running'
  returning c.* into v;
  if not found or v_status = 'left' then return; end if;
  perform hub_note(p_team, p_run, jsonb_build_array(hub_event('undo.' || v_status, v.path, null,
    jsonb_build_object('nodeId', v.node_id, 'action', v.action, 'attempt', v.attempt, 'code', v.error_code))), 0, 0, 0);
end $$;
grant execute on function hub_open_undo, hub_next_undo, hub_end_undo to hub_app;
