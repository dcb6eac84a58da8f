-- A node with forEach counts by its own row, not by its last item's: the items have paths that end in "]". As in 0005 but for that order.
create or replace function hub_finish_run(p_team uuid, p_run uuid, p jsonb) returns jsonb language plpgsql as $$
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
    status = v_end, status_reason = null, completed_at = clock_timestamp(), started_at = coalesce(x.started_at, clock_timestamp()),
    execution_time_ms = (extract(epoch from clock_timestamp() - coalesce(x.started_at, clock_timestamp())) * 1000)::bigint,
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
