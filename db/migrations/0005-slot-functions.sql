-- The slot protocol of 02, "Start of a run". Every transaction that changes who has a slot locks the team's slot row first, then the workflow's.
-- Read from outside as hub_app (own team only), and by hub_sweep across teams: so every statement names its team itself.

create function hub_make_team_slots() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into team_slots (team_id) values (new.id);
  return null;
end $$;
create trigger teams_slots after insert on teams for each row execute function hub_make_team_slots();

create function hub_make_workflow_slots() returns trigger language plpgsql as $$
begin
  insert into workflow_slots (team_id, workflow_id) values (new.team_id, new.id);
  return null;
end $$;
create trigger workflows_slots after insert on workflows for each row execute function hub_make_workflow_slots();

create function hub_lock_slots(p_team uuid, p_workflow uuid) returns void language plpgsql as $$
begin
  perform 1 from team_slots t where t.team_id = p_team for update;
  perform 1 from workflow_slots s where s.team_id = p_team and s.workflow_id = p_workflow for update;
end $$;

-- Adds to the counters of a run that takes (1) or gives back (-1) what it holds.
create function hub_count_slot(p_team uuid, p_workflow uuid, p_slot text, p_change integer) returns void language plpgsql as $$
begin
  if p_slot <> 'none' then update team_slots set used = used + p_change where team_id = p_team; end if;
  if p_slot = 'workflow' then update workflow_slots set used = used + p_change where team_id = p_team and workflow_id = p_workflow; end if;
end $$;

create function hub_run_event(p_team uuid, p_run uuid, p_type text, p_refs jsonb default '{}') returns void language plpgsql as $$
declare
  v_seq bigint;
begin
  update workflow_executions set seq = seq + 1 where team_id = p_team and id = p_run returning seq into v_seq;
  insert into run_events (team_id, run_id, seq, type, refs) values (p_team, p_run, v_seq, p_type, jsonb_strip_nulls(p_refs));
end $$;

-- Hands free slots to the first queued by (priority, created, id) whose workflow has room. The caller holds the team's slot row.
create function hub_fill(p_team uuid) returns uuid[] language plpgsql as $$
declare
  v_room integer;
  v_started uuid[] := '{}';
  q record;
begin
  select t.max_concurrent_runs - s.used into v_room from teams t join team_slots s on s.team_id = t.id where t.id = p_team;
  while v_room > 0 loop
    select c.* into q from (
      (select r.id, r.workflow_id, r.slot, r.priority, r.created_at from workflow_executions r
       where r.team_id = p_team and r.status = 'queued' and r.slot = 'team' order by r.priority, r.created_at, r.id limit 1)
      union all
      (select f.* from workflow_slots s join workflows w on w.team_id = s.team_id and w.id = s.workflow_id
        cross join lateral (
          select r.id, r.workflow_id, r.slot, r.priority, r.created_at from workflow_executions r
          where r.team_id = p_team and r.workflow_id = s.workflow_id and r.status = 'queued' and r.slot = 'workflow' order by r.priority, r.created_at, r.id limit 1) f
       where s.team_id = p_team and s.used < w.max_concurrent_runs and w.status = 'active')
    ) c order by c.priority, c.created_at, c.id limit 1;
    exit when not found;
    perform 1 from workflow_slots s where s.team_id = p_team and s.workflow_id = q.workflow_id for update;
    update workflow_executions set status = 'starting', starting_at = clock_timestamp() where team_id = p_team and id = q.id and status = 'queued';
    perform hub_count_slot(p_team, q.workflow_id, q.slot, 1);
    perform hub_run_event(p_team, q.id, 'run.starting');
    v_started := v_started || q.id;
    v_room := v_room - 1;
  end loop;
  return v_started;
end $$;

-- Marks a run that has begun; false where it has not, or is over. It keeps its slot until its end, so nobody need hold the slot rows: 200 cancels at once are not a queue.
create function hub_request_cancel(p_team uuid, p_run uuid, p_user uuid) returns boolean language plpgsql as $$
begin
  update workflow_executions set cancel_requested_at = clock_timestamp(), cancelled_by_user_id = p_user
  where team_id = p_team and id = p_run and status in ('running', 'waiting') and cancel_requested_at is null;
  if found then perform hub_run_event(p_team, p_run, 'run.cancel-requested'); end if;
  return exists (select from workflow_executions where team_id = p_team and id = p_run and status in ('running', 'waiting'));
end $$;

-- Ends a run that has not begun, or marks one that has. The caller holds the slot rows. Answers cancelled, requested or ended.
create function hub_cancel_locked(p_team uuid, p_run uuid, p_user uuid, p_reason text) returns text language plpgsql as $$
declare
  r record;
begin
  update workflow_executions set status = 'cancelled', completed_at = clock_timestamp(), cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()),
    cancelled_by_user_id = p_user, status_reason = p_reason, output_text = '{}', output_data = '{}', output_bytes = 2, execution_time_ms = 0,
    (total_nodes, skipped_nodes) = (select jsonb_array_length(v.plan -> 'nodes'), jsonb_array_length(v.plan -> 'nodes') from workflow_versions v where v.team_id = p_team and v.id = version_id),
    completed_nodes = 0, failed_nodes = 0
  where team_id = p_team and id = p_run and status in ('queued', 'starting')
  returning old.status as was, workflow_id, slot into r;
  if found then
    if r.was = 'starting' then perform hub_count_slot(p_team, r.workflow_id, r.slot, -1); end if;
    perform hub_run_event(p_team, p_run, 'run.cancelled');
    return 'cancelled';
  end if;
  return case when hub_request_cancel(p_team, p_run, p_user) then 'requested' else 'ended' end;
end $$;

-- Accepts a start. p: see db/write/create-run.ts. Answers { outcome, run, status, start: [run], cancel: [run] }.
create function hub_create_run(p_team uuid, p jsonb) returns jsonb language plpgsql as $$
declare
  v_workflow uuid := (p ->> 'workflowId')::uuid;
  v_test boolean := coalesce((p ->> 'test')::boolean, false);
  v_slot text := case when p ->> 'parentRun' is not null or p ? 'failed' then 'none' when v_test then 'team' else 'workflow' end;
  v_trigger text := coalesce(p ->> 'triggerId', '');
  w record;
  old record;
  v record;
  v_run uuid;
  v_root uuid := (p ->> 'rootRun')::uuid;
  v_team_room boolean;
  v_used integer;
  v_queued integer;
  v_over integer;
  v_status text := 'starting';
  v_start uuid[] := '{}';
  v_cancel uuid[] := '{}';
  v_overlap text;
  c record;
begin
  perform set_config('app.team', p_team::text, true);
  -- What a test run starts is part of the test.
  v_test := v_test or exists (select from workflow_executions r where r.team_id = p_team and r.id = (p ->> 'parentRun')::uuid and r.is_test);
  perform hub_lock_slots(p_team, v_workflow);
  select x.* into w from workflows x where x.team_id = p_team and x.id = v_workflow;
  if not found then return jsonb_build_object('outcome', 'not-found'); end if;

  if p ->> 'idempotencyKey' is not null then
    -- A person's or program's key is one key, whichever trigger its start counts as; a trigger's keys are its own.
    select r.id, r.status, r.idempotency_hash into old from workflow_executions r
    where r.team_id = p_team and r.workflow_id = v_workflow and r.idempotency_key = p ->> 'idempotencyKey'
      and (r.trigger_id = v_trigger or (p ->> 'triggeredBy' in ('manual', 'api') and r.triggered_by in ('manual', 'api')))
    order by r.id limit 1;
    if found then
      if old.idempotency_hash is distinct from decode(p ->> 'bodyHash', 'hex') then return jsonb_build_object('outcome', 'key-reused'); end if;
      -- Still starting: the first caller may have died after its commit. Starting twice is one start.
      return jsonb_build_object('outcome', 'repeated', 'run', old.id, 'status', old.status,
        'start', case when old.status = 'starting' then jsonb_build_array(old.id) else '[]' end, 'cancel', '[]'::jsonb);
    end if;
  end if;

  if w.status = 'archived' then return jsonb_build_object('outcome', 'archived'); end if;
  if not v_test and v_slot = 'workflow' then
    if w.status = 'draft' then return jsonb_build_object('outcome', 'not-published'); end if;
    if w.status = 'paused' then return jsonb_build_object('outcome', 'paused'); end if;
  end if;

  if p ? 'monthlyRuns' and hub_month_is_full(p_team, p -> 'monthlyRuns', v_test) then return jsonb_build_object('outcome', 'month-full'); end if;

  if p -> 'snapshot' is not null and jsonb_typeof(p -> 'snapshot') = 'object' then
    select x.id, x.version into v from workflow_versions x where x.team_id = p_team and x.workflow_id = v_workflow and x.version is null and x.hash = p #>> '{snapshot,hash}';
    if not found then
      insert into workflow_versions (team_id, workflow_id, version, definition, hash, plan, created_by)
      values (p_team, v_workflow, null, (p #>> '{snapshot,definition}')::json, p #>> '{snapshot,hash}', p #> '{snapshot,plan}', (p ->> 'userId')::uuid)
      returning id, version into v;
    end if;
  else
    select x.id, x.version into v from workflow_versions x
    where x.team_id = p_team and x.workflow_id = v_workflow and x.version = coalesce((p ->> 'version')::int, w.published_version);
    if not found then return jsonb_build_object('outcome', case when w.published_version is null then 'not-published' else 'no-such-version' end); end if;
  end if;

  if v_slot <> 'none' then
    if v_slot = 'workflow' then
      v_overlap := coalesce(p ->> 'overlap', w.overlap);
      select s.used into v_used from workflow_slots s where s.team_id = p_team and s.workflow_id = v_workflow;
      if v_overlap <> 'queue' then
        select count(*) into v_queued from workflow_executions r where r.team_id = p_team and r.workflow_id = v_workflow and r.status = 'queued' and r.slot = 'workflow';
        v_over := v_used + v_queued + 1 - w.max_concurrent_runs;
        if v_over > 0 and v_overlap = 'skip' then return jsonb_build_object('outcome', 'busy'); end if;
        if v_over > 0 then
          -- The oldest give way, those still queued among them. The new one waits in line: a slot that comes free may be another's turn.
          v_status := 'queued';
          for c in
            select r.id from workflow_executions r
            where r.team_id = p_team and r.workflow_id = v_workflow and r.slot = 'workflow' and r.status in ('queued', 'starting', 'running', 'waiting')
            order by r.created_at, r.id limit v_over
          loop
            if hub_cancel_locked(p_team, c.id, (p ->> 'userId')::uuid, 'overlap') = 'requested' then v_cancel := v_cancel || c.id; end if;
          end loop;
        end if;
      end if;
      if v_used >= w.max_concurrent_runs then v_status := 'queued'; end if;
    end if;
    select t.max_concurrent_runs > s.used into v_team_room from teams t join team_slots s on s.team_id = t.id where t.id = p_team;
    if not v_team_room then v_status := 'queued'; end if;
  end if;

  insert into workflow_executions (team_id, workflow_id, workflow_version, version_id, root_run_id, parent_run_id, triggered_by, triggered_by_user_id, trigger_id, trigger,
    idempotency_key, idempotency_hash, status, slot, priority, starting_at, input_data, input_text, input_blob, input_bytes, vars, start_options, pinned, is_test, id)
  select p_team, v_workflow, v.version, v.id, coalesce(v_root, g.id), (p ->> 'parentRun')::uuid, p ->> 'triggeredBy', (p ->> 'userId')::uuid, v_trigger, coalesce(p -> 'trigger', '{}'),
    p ->> 'idempotencyKey', decode(p ->> 'bodyHash', 'hex'), v_status, v_slot, coalesce((p ->> 'priority')::smallint, w.priority), case when v_status = 'starting' then clock_timestamp() end,
    p #> '{input,preview}', p #>> '{input,text}', (p #>> '{input,blob}')::uuid, (p #>> '{input,bytes}')::bigint,
    (select coalesce(jsonb_object_agg(x.name, x.value), '{}') from variables x where x.team_id = p_team),
    coalesce(p -> 'start', '{}'), coalesce(p -> 'pinned', '{}'), v_test, g.id
  from (select coalesce((p ->> 'id')::uuid, uuidv7()) as id) g
  returning id into v_run;
  if v_status = 'starting' then
    perform hub_count_slot(p_team, v_workflow, v_slot, 1);
    v_start := array[v_run];
  end if;
  perform hub_run_event(p_team, v_run, 'run.' || v_status);
  -- The only warning that a run itself can have: characters of its input that cannot be stored.
  if (p ->> 'cleaned')::boolean then perform hub_run_event(p_team, v_run, 'run.input-cleaned', '{"code": "value.cleaned"}'); end if;
  if v_overlap = 'cancel_older' then v_start := v_start || hub_fill(p_team); end if;
  select r.status into v_status from workflow_executions r where r.team_id = p_team and r.id = v_run;
  return jsonb_build_object('outcome', 'created', 'run', v_run, 'status', v_status, 'start', to_jsonb(v_start), 'cancel', to_jsonb(v_cancel));
end $$;

-- The guarded end of a run: rows, totals, output, and the slot handed on. Answers { changed, start: [run] }.
create function hub_finish_run(p_team uuid, p_run uuid, p jsonb) returns jsonb language plpgsql as $$
declare
  r record;
  t record;
  v_end text := p ->> 'status';
  v_events jsonb := '[]';
  v_open jsonb;
  v_seq bigint;
  n integer;
begin
  perform set_config('app.team', p_team::text, true);
  select x.workflow_id, x.slot, x.version_id into r from workflow_executions x where x.team_id = p_team and x.id = p_run;
  if not found then return '{"changed": false, "start": []}'; end if;
  perform hub_lock_slots(p_team, r.workflow_id);
  -- Only holders of the team's slot row end runs, so this answer stays true until our commit.
  if not exists (select from workflow_executions x where x.team_id = p_team and x.id = p_run and x.status in ('starting', 'running', 'waiting')) then
    return '{"changed": false, "start": []}';
  end if;

  if jsonb_array_length(p -> 'rows') > 0 then v_events := hub_apply_rows(p_team, p_run, p -> 'rows'); end if;
  with closed as (
    update node_executions x set status = case when v_end = 'completed' then 'lost' else 'cancelled' end, completed_at = clock_timestamp()
    where x.team_id = p_team and x.workflow_execution_id = p_run and x.status in ('queued', 'running', 'waiting')
    returning x.status, x.path, x.iteration, x.node_id, x.attempt_number
  )
  select coalesce(jsonb_agg(hub_event('step.' || c.status, c.path, c.iteration, jsonb_build_object('nodeId', c.node_id, 'attempt', c.attempt_number))), '[]') into v_open from closed c;
  v_events := v_events || v_open;

  -- A node with forEach counts by its own row, not by its last item's: the items have paths that end in "]".
  select count(*) as nodes, count(*) filter (where l.status = 'completed') as completed, count(*) filter (where l.status = 'failed') as failed,
    count(*) filter (where l.status is null or l.status = 'skipped') as skipped
  into t
  from workflow_versions v cross join jsonb_array_elements(v.plan -> 'nodes') d
  left join lateral (
    select x.status from node_executions x
    where x.team_id = p_team and x.workflow_execution_id = p_run and x.node_id = d.value ->> 'id' order by (x.path like '%]'), x.id desc limit 1) l on true
  where v.team_id = p_team and v.id = r.version_id;

  n := jsonb_array_length(v_events) + 1;
  update workflow_executions x set
    status = v_end, status_reason = null, completed_at = clock_timestamp(), started_at = coalesce(x.started_at, x.starting_at, clock_timestamp()),
    execution_time_ms = (extract(epoch from clock_timestamp() - coalesce(x.started_at, x.starting_at, clock_timestamp())) * 1000)::bigint,
    output_text = p #>> '{output,text}', output_data = p #> '{output,preview}', output_blob = (p #>> '{output,blob}')::uuid, output_bytes = (p #>> '{output,bytes}')::bigint,
    error_code = p #>> '{error,code}', error_message = p #>> '{error,message}', error_node_id = p #>> '{error,nodeId}', error_path = p #>> '{error,path}',
    total_nodes = t.nodes, completed_nodes = t.completed, failed_nodes = t.failed, skipped_nodes = t.skipped, seq = x.seq + n
  where x.team_id = p_team and x.id = p_run
  returning x.seq into v_seq;
  insert into run_events (team_id, run_id, seq, type, path, iteration, refs)
  select p_team, p_run, v_seq - n + e.ord, e.value ->> 'type', e.value ->> 'path', (e.value ->> 'iteration')::int, e.value -> 'refs'
  from jsonb_array_elements(v_events || hub_event('run.' || v_end, null, null, jsonb_build_object('code', p #>> '{error,code}'))) with ordinality as e(value, ord);

  perform hub_count_slot(p_team, r.workflow_id, r.slot, -1);
  return jsonb_build_object('changed', true, 'start', case when r.slot = 'none' then '[]' else to_jsonb(hub_fill(p_team)) end);
end $$;

create function hub_cancel_run(p_team uuid, p_run uuid, p_user uuid) returns jsonb language plpgsql as $$
declare
  v_workflow uuid;
  v_outcome text;
begin
  perform set_config('app.team', p_team::text, true);
  select r.workflow_id into v_workflow from workflow_executions r where r.team_id = p_team and r.id = p_run;
  if not found then return '{"outcome": "not-found", "start": []}'; end if;
  if hub_request_cancel(p_team, p_run, p_user) then return '{"outcome": "requested", "start": []}'; end if;
  perform hub_lock_slots(p_team, v_workflow);
  v_outcome := hub_cancel_locked(p_team, p_run, p_user, null);
  return jsonb_build_object('outcome', v_outcome, 'start', case when v_outcome = 'cancelled' then to_jsonb(hub_fill(p_team)) else '[]' end);
end $$;

-- A change of limit: what now fits is handed on in the same transaction. p_workflow null: the team's limit.
create function hub_set_limit(p_team uuid, p_workflow uuid, p_limit integer) returns uuid[] language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  perform hub_lock_slots(p_team, p_workflow);
  if p_workflow is null then update teams set max_concurrent_runs = p_limit, updated_at = now() where id = p_team;
  else update workflows set max_concurrent_runs = p_limit, updated_at = now() where team_id = p_team and id = p_workflow; end if;
  return hub_fill(p_team);
end $$;

-- How many other workflows of the team are active. Whoever makes one active holds the team's slot row, so two cannot both take the last place.
create function hub_other_active(p_team uuid, p_workflow uuid) returns integer language sql stable
  return (select count(*)::int from workflows w where w.team_id = p_team and w.status = 'active' and w.id <> p_workflow);

-- Pause holds the queue, activate drains it; p_most: active workflows that the plan allows (null: any number). Answers { outcome, start }.
create function hub_set_workflow_status(p_team uuid, p_workflow uuid, p_status text, p_most integer default null) returns jsonb language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  perform hub_lock_slots(p_team, p_workflow);
  if p_status = 'active' and hub_other_active(p_team, p_workflow) >= p_most then return '{"outcome": "too-many", "start": []}'; end if;
  update workflows set status = p_status, updated_at = now()
  where team_id = p_team and id = p_workflow and (published_version is not null or p_status = 'archived');
  if not found then
    return jsonb_build_object('outcome', case when exists (select from workflows where team_id = p_team and id = p_workflow) then 'not-published' else 'not-found' end, 'start', '[]'::jsonb);
  end if;
  return jsonb_build_object('outcome', 'ok', 'start', to_jsonb(hub_fill(p_team)));
end $$;

grant execute on function hub_lock_slots, hub_count_slot, hub_run_event, hub_fill, hub_request_cancel, hub_cancel_locked, hub_create_run, hub_finish_run, hub_cancel_run, hub_set_limit, hub_other_active, hub_set_workflow_status to hub_app;
