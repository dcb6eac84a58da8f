-- A run's projection taken anew from its Temporal history (`npm run rebuild`). Values are not in a history: they stay what the rows hold.
-- p: { rows: [see services/worker/src/rebuild/fold.ts], startedAt, end: null | { status, at, error, outputs: [{ name, ref }] } }, times in ms since the epoch.
-- Answers { outcome: rebuilt | not-found, mended, added, run: changed, start: [run] }.
create function hub_rebuild_run(p_team uuid, p_run uuid, p jsonb) returns jsonb language plpgsql as $$
declare
  r record;
  x record;
  t record;
  v_attempt integer;
  v_mended integer := 0;
  v_added integer := 0;
  v_changed boolean := false;
  v_end jsonb := nullif(p -> 'end', 'null');
  v_error jsonb := nullif(p #> '{end,error}', 'null');
  v_at timestamptz := to_timestamp((p #>> '{end,at}')::numeric / 1000);
  v_begun timestamptz := to_timestamp((p ->> 'startedAt')::numeric / 1000);
  v_text text;
  v_was_open boolean;
  v_start uuid[] := '{}';
begin
  perform set_config('app.team', p_team::text, true);
  select w.workflow_id into r from workflow_executions w where w.team_id = p_team and w.id = p_run;
  if not found then return '{"outcome": "not-found", "mended": 0, "added": 0, "run": false, "start": []}'; end if;
  perform hub_lock_slots(p_team, r.workflow_id);

  for x in
    select * from jsonb_to_recordset(p -> 'rows') as x("nodeId" text, path text, iteration int, "row" text, status text, port text, code text, message text,
      recovered boolean, disabled boolean, pinned boolean, "startedAt" bigint, "completedAt" bigint, attempt int)
  loop
    v_attempt := 0;
    if x."row" = 'own' then
      select max(n.attempt_number) into v_attempt from node_executions n
      where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = x.path and n.attempt_number > 0;
      v_attempt := coalesce(v_attempt, greatest(x.attempt, 1), 1);
    end if;
    insert into node_executions as n (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, port, error_code, error_message,
      recovered, disabled, pinned, started_at, completed_at, attempt_number)
    values (p_team, p_run, x."nodeId",
      (select d.value ->> 'type' from workflow_versions v join workflow_executions w on w.team_id = v.team_id and w.version_id = v.id,
        jsonb_array_elements(v.plan -> 'nodes') d where w.team_id = p_team and w.id = p_run and d.value ->> 'id' = x."nodeId" and x."row" = 'own'),
      x.path, x.iteration, x.status, x.port, x.code, x.message, x.recovered, x.disabled, x.pinned,
      to_timestamp(x."startedAt" / 1000.0), to_timestamp(x."completedAt" / 1000.0), v_attempt)
    on conflict (team_id, workflow_execution_id, path, attempt_number) do update set
      status = excluded.status, port = excluded.port, error_code = excluded.error_code, error_message = excluded.error_message,
      recovered = excluded.recovered, disabled = excluded.disabled, pinned = excluded.pinned, completed_at = excluded.completed_at
    where (n.status, n.port, n.error_code, n.recovered, n.disabled, n.pinned)
      is distinct from (excluded.status, excluded.port, excluded.error_code, excluded.recovered, excluded.disabled, excluded.pinned)
    returning old.id is null as fresh into r;
    if found then
      if r.fresh then v_added := v_added + 1; else v_mended := v_mended + 1; end if;
    end if;
  end loop;

  if v_end is not null then
    -- What the history does not name is not open either.
    update node_executions n set status = case when v_end ->> 'status' = 'completed' then 'lost' else 'cancelled' end, completed_at = v_at
    where n.team_id = p_team and n.workflow_execution_id = p_run and n.status in ('queued', 'running', 'waiting');
    select count(*) as nodes, count(*) filter (where s.status = 'completed') as completed, count(*) filter (where s.status = 'failed') as failed,
      count(*) filter (where s.status is null or s.status = 'skipped') as skipped
    into t
    from workflow_executions w join workflow_versions v on v.team_id = w.team_id and v.id = w.version_id cross join jsonb_array_elements(v.plan -> 'nodes') d
    left join lateral (
      select n.status from node_executions n
      where n.team_id = p_team and n.workflow_execution_id = p_run and n.node_id = d.value ->> 'id' order by (n.path like '%]'), n.id desc limit 1) l on true
    cross join lateral (select coalesce(p #>> array['nodes', d.value ->> 'id'], l.status) as status) s
    where w.team_id = p_team and w.id = p_run;
    -- The output, where every part of it stands inline; else what the row says stays.
    select case when bool_and(o.text is not null) is false then null
      else '{' || coalesce(string_agg(to_json(o.name)::text || ':' || o.text, ',' order by o.ord), '') || '}' end into v_text
    from (
      select e.ord, e.value ->> 'name' as name, (hub_value(p_team, p_run, e.value -> 'ref')).v_text as text
      from jsonb_array_elements(v_end -> 'outputs') with ordinality as e(value, ord)) o;
    select w.status in ('starting', 'running', 'waiting') as is_open, w.slot, w.workflow_id into x from workflow_executions w where w.team_id = p_team and w.id = p_run;
    v_was_open := x.is_open;
    update workflow_executions w set
      status = v_end ->> 'status', status_reason = null, started_at = coalesce(w.started_at, v_begun), completed_at = v_at,
      execution_time_ms = (extract(epoch from v_at - coalesce(w.started_at, v_begun)) * 1000)::bigint,
      output_text = coalesce(w.output_text, v_text), output_data = coalesce(w.output_data, v_text::jsonb), output_bytes = coalesce(w.output_bytes, octet_length(v_text)),
      error_code = v_error ->> 'code', error_message = v_error ->> 'message', error_node_id = v_error ->> 'nodeId', error_path = v_error ->> 'path',
      total_nodes = t.nodes, completed_nodes = t.completed, failed_nodes = t.failed, skipped_nodes = t.skipped
    where w.team_id = p_team and w.id = p_run and w.status <> 'queued'
      and (w.status, w.error_code, w.total_nodes, w.completed_nodes, w.failed_nodes, w.skipped_nodes, w.output_text is null and w.output_blob is null)
        is distinct from (v_end ->> 'status', v_error ->> 'code', t.nodes::int, t.completed::int, t.failed::int, t.skipped::int, false);
    v_changed := found;
    if v_was_open then
      perform hub_count_slot(p_team, x.workflow_id, x.slot, -1);
      if x.slot <> 'none' then v_start := hub_fill(p_team); end if;
    end if;
  end if;
  if v_changed or v_mended + v_added > 0 then
    perform hub_run_event(p_team, p_run, 'run.rebuilt', jsonb_build_object('mended', v_mended, 'added', v_added));
    insert into audit_log (team_id, action, target, details) values (p_team, 'run.rebuild', 'run:' || p_run, jsonb_build_object('mended', v_mended, 'added', v_added));
  end if;
  return jsonb_build_object('outcome', 'rebuilt', 'mended', v_mended, 'added', v_added, 'run', v_changed, 'start', to_jsonb(v_start));
end $$;
grant execute on function hub_rebuild_run to hub_app;
