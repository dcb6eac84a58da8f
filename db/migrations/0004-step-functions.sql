-- The hot path: what a step writes, each in one round trip. SECURITY INVOKER: row-level security holds inside.
-- Order of locks everywhere: slot rows (team, then workflow), step rows, and the run's own row last (hub_note).
-- Raised: HB001 the run has ended (or is not this team's), HB002 the run has no slot yet, HB003 no such attempt.

-- Appends events and moves counters; starting and waiting become running. Last in its transaction, so the run's row is locked shortly.
create function hub_note(p_team uuid, p_run uuid, p_events jsonb, p_steps integer, p_tokens bigint, p_cost numeric) returns void language plpgsql as $$
declare
  n integer := coalesce(jsonb_array_length(p_events), 0);
  v_seq bigint;
  v_was text;
begin
  update workflow_executions set
    seq = seq + n + (status <> 'running')::int,
    status = 'running', status_reason = null,
    started_at = coalesce(started_at, starting_at, clock_timestamp()),
    steps = steps + p_steps,
    total_tokens_used = total_tokens_used + p_tokens,
    total_cost_usd = total_cost_usd + p_cost
  where team_id = p_team and id = p_run and status in ('starting', 'running', 'waiting')
  returning new.seq, old.status into v_seq, v_was;
  if not found then
    if exists (select from workflow_executions where team_id = p_team and id = p_run and status = 'queued') then
      raise exception 'the run has no slot yet' using errcode = 'HB002';
    end if;
    raise exception 'the run has ended' using errcode = 'HB001';
  end if;
  if v_was <> 'running' then
    insert into run_events (team_id, run_id, seq, type) values (p_team, p_run, v_seq - n, 'run.running');
  end if;
  if n > 0 then
    insert into run_events (team_id, run_id, seq, type, path, iteration, refs)
    select p_team, p_run, v_seq - n + e.ord, e.value ->> 'type', e.value ->> 'path', (e.value ->> 'iteration')::int, coalesce(e.value -> 'refs', '{}')
    from jsonb_array_elements(p_events) with ordinality as e(value, ord);
  end if;
end $$;

create function hub_event(p_type text, p_path text, p_iteration integer, p_refs jsonb) returns jsonb language sql immutable parallel safe
  return jsonb_build_object('type', p_type, 'path', p_path, 'iteration', p_iteration, 'refs', jsonb_strip_nulls(p_refs));

-- The value a row without an activity shows: a reference is followed once, when the row is written.
create function hub_value(p_team uuid, p_run uuid, p_value jsonb, out v_text text, out v_preview jsonb, out v_blob uuid, out v_bytes bigint) language plpgsql stable as $$
declare
  v_from uuid;
begin
  if p_value is null then return; end if;
  case p_value ->> 'as'
    when 'row' then
      select n.output_text, n.output_data, n.output_blob, n.output_bytes into v_text, v_preview, v_blob, v_bytes
      from node_executions n
      where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = p_value ->> 'path' and n.status = 'completed'
      order by n.attempt_number desc limit 1;
      return;
    when 'input' then
      select r.input_text, r.input_data, r.input_blob, r.input_bytes into v_text, v_preview, v_blob, v_bytes
      from workflow_executions r where r.team_id = p_team and r.id = p_run;
      return;
    when 'pinned' then
      select r.pinned -> (p_value ->> 'id') into v_preview from workflow_executions r where r.team_id = p_team and r.id = p_run;
    when 'fallback' then
      select r.version_id into v_from from workflow_executions r where r.team_id = p_team and r.id = p_run;
      select d.value -> 'onError' -> 'value', (d.value -> 'onError' -> 'value')::text into v_preview, v_text
      from workflow_versions v, json_array_elements(v.definition -> 'nodes') as d(value)
      where v.team_id = p_team and v.id = v_from and d.value ->> 'id' = regexp_replace(regexp_replace(p_value ->> 'path', '\[\d+\]$', ''), '^.*\.', '');
    else v_preview := 'null';
  end case;
  v_text := coalesce(v_text, v_preview::text, 'null');
  v_bytes := octet_length(v_text);
  -- A stored value over the inline limit stays readable here: it stands in the version or the run already.
end $$;

-- Rows of nodes without an activity: they close the open attempt of their path, or stand as attempt 0. Answers the events; no change, no event.
create function hub_apply_rows(p_team uuid, p_run uuid, p_rows jsonb) returns jsonb language plpgsql as $$
declare
  r record;
  v record;
  v_events jsonb := '[]';
  v_attempt integer;
  v_now timestamptz := clock_timestamp();
begin
  for r in
    select x.*, substring(x.path from '.*\[(\d+)\]')::int as iteration
    from jsonb_to_recordset(p_rows) as x("nodeId" text, path text, status text, port text, recovered boolean, disabled boolean, pinned boolean, value jsonb, error jsonb, kept jsonb)
  loop
    if r.kept is not null then
      -- What an iteration gave, for the loop's end.
      v := hub_value(p_team, p_run, r.value);
      insert into iteration_results (team_id, run_id, loop_path, index, value_text, value_blob, dropped)
      values (p_team, p_run, r.kept ->> 'loop', (r.kept ->> 'index')::int, coalesce(r.kept ->> 'text', v.v_text), v.v_blob, coalesce(r.kept -> 'text' = 'null', false))
      on conflict (team_id, run_id, loop_path, index) do update set value_text = excluded.value_text, value_blob = excluded.value_blob, dropped = excluded.dropped;
      continue;
    end if;
    continue when exists (
      select from node_executions n where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = r.path
        and (n.status = 'completed' or (n.status = r.status and n.status in ('failed', 'cancelled'))));
    v := hub_value(p_team, p_run, r.value);
    v_attempt := null;
    update node_executions n set
      status = r.status, port = r.port, completed_at = case when r.status = 'waiting' then null else v_now end,
      recovered = coalesce(r.recovered, false), disabled = coalesce(r.disabled, false), pinned = coalesce(r.pinned, false),
      output_text = coalesce(v.v_text, n.output_text), output_data = coalesce(v.v_preview, n.output_data),
      output_blob = coalesce(v.v_blob, n.output_blob), output_bytes = coalesce(v.v_bytes, n.output_bytes),
      error_code = r.error ->> 'code', error_message = r.error ->> 'message'
    where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = r.path and n.status in ('queued', 'running', 'waiting')
    returning n.attempt_number into v_attempt;
    if v_attempt is null then
      insert into node_executions as n (team_id, workflow_execution_id, node_id, path, iteration, status, port, started_at, completed_at, recovered, disabled, pinned,
        output_text, output_data, output_blob, output_bytes, error_code, error_message, attempt_number)
      values (p_team, p_run, r."nodeId", r.path, r.iteration, r.status, r.port, null, case when r.status = 'waiting' then null else v_now end,
        coalesce(r.recovered, false), coalesce(r.disabled, false), coalesce(r.pinned, false),
        v.v_text, v.v_preview, v.v_blob, v.v_bytes, r.error ->> 'code', r.error ->> 'message', 0)
      on conflict (team_id, workflow_execution_id, path, attempt_number) do update set
        status = excluded.status, port = excluded.port, completed_at = excluded.completed_at, recovered = excluded.recovered,
        output_text = excluded.output_text, output_data = excluded.output_data, output_blob = excluded.output_blob, output_bytes = excluded.output_bytes,
        error_code = excluded.error_code, error_message = excluded.error_message
      where n.status <> excluded.status
      returning n.attempt_number into v_attempt;
    end if;
    continue when v_attempt is null;
    v_events := v_events || hub_event('step.' || r.status, r.path, r.iteration,
      jsonb_build_object('nodeId', r."nodeId", 'attempt', v_attempt, 'port', r.port, 'code', r.error ->> 'code'));
  end loop;
  return v_events;
end $$;

-- Begins an attempt. With p_reuse an open attempt is taken over (a loop's opening run again) instead of becoming lost.
create function hub_begin_attempt(p_team uuid, p_run uuid, p_node text, p_type text, p_path text, p_iteration integer, p_rows jsonb, p_reuse boolean default false,
  p_elapsed_ms integer default 0,
  out attempt integer, out failed integer, out lost integer, out done boolean, out done_port text) language plpgsql as $$
declare
  v_events jsonb := '[]';
  v_open integer;
  v_lost integer[];
  v_steps integer := 0;
begin
  perform set_config('app.team', p_team::text, true);
  select coalesce(max(n.attempt_number), 0), count(*) filter (where n.status = 'failed' and n.attempt_number > 0), count(*) filter (where n.status = 'lost'),
    coalesce(bool_or(n.status = 'completed'), false), max(n.port) filter (where n.status = 'completed'),
    max(n.attempt_number) filter (where n.status in ('queued', 'running', 'waiting'))
  into attempt, failed, lost, done, done_port, v_open
  from node_executions n where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = p_path;
  if done then
    -- The worker died between our commit and its report: what was paid for once is not done twice.
    select n.attempt_number into attempt from node_executions n
    where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = p_path and n.status = 'completed' order by n.attempt_number desc limit 1;
  elsif p_reuse and v_open > 0 then
    attempt := v_open;
  else
    if v_open is not null then
      -- A parked row (attempt 0) has said what it had to say.
      delete from node_executions n where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = p_path and n.attempt_number = 0 and n.status in ('queued', 'waiting');
      with closed as (
        update node_executions n set status = 'lost', completed_at = clock_timestamp()
        where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = p_path and n.status in ('queued', 'running', 'waiting')
        returning n.attempt_number)
      select array_agg(c.attempt_number) into v_lost from closed c;
      if v_lost is not null then
        lost := lost + cardinality(v_lost);
        v_events := v_events || hub_event('step.lost', p_path, p_iteration, jsonb_build_object('nodeId', p_node, 'attempt', v_lost[1]));
      end if;
    end if;
    attempt := attempt + 1;
    insert into node_executions (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, started_at, attempt_number)
    values (p_team, p_run, p_node, p_type, p_path, p_iteration, 'running', clock_timestamp() - p_elapsed_ms * interval '1 millisecond', attempt);
    v_steps := 1;
    v_events := v_events || hub_event('step.running', p_path, p_iteration, jsonb_build_object('nodeId', p_node, 'attempt', attempt));
  end if;
  if jsonb_array_length(p_rows) > 0 then v_events := hub_apply_rows(p_team, p_run, p_rows) || v_events; end if;
  perform hub_note(p_team, p_run, v_events, v_steps, 0, 0);
end $$;

create function hub_open_loop(p_team uuid, p_run uuid, p_node text, p_type text, p_path text, p_iteration integer, p_rows jsonb, p_count integer, p_items text, p_blob uuid,
  out attempt integer, out failed integer, out lost integer, out done boolean, out done_port text) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  insert into loop_items (team_id, run_id, path, count, items_text, items_blob) values (p_team, p_run, p_path, p_count, p_items, p_blob)
  on conflict (team_id, run_id, path) do update set count = excluded.count, items_text = excluded.items_text, items_blob = excluded.items_blob;
  select b.* into attempt, failed, lost, done, done_port
  from hub_begin_attempt(p_team, p_run, p_node, p_type, p_path, p_iteration, p_rows, true) b;
end $$;

-- Two lists of warnings as one: each once, in order, at most 50.
create function hub_join_warnings(p_old jsonb, p_new jsonb) returns jsonb language sql immutable parallel safe
  return case when p_new is null or p_new = '[]' then p_old when p_old = '[]' then p_new else (
    select jsonb_agg(d.value order by d.ord) from (
      select w.value, min(w.ord) as ord from jsonb_array_elements(p_old || p_new) with ordinality as w(value, ord) group by w.value order by 2 limit 50) d) end;

-- What the evaluations of a loop (items, condition, results) warn of, on its open row. What it says already changes nothing.
create function hub_warn(p_team uuid, p_run uuid, p_path text, p_warnings jsonb) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  update node_executions n set warnings = hub_join_warnings(n.warnings, p_warnings)
  where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = p_path and n.attempt_number > 0 and n.status in ('running', 'waiting')
    and not n.warnings @> p_warnings and jsonb_array_length(n.warnings) < 50;
end $$;

-- The end of an attempt. A repeated or late end changes no status; money that was spent is counted once, always.
create function hub_end_attempt(p_team uuid, p_run uuid, p jsonb, out changed boolean) language plpgsql as $$
declare
  v_path text := p ->> 'path';
  v_attempt integer := (p ->> 'attempt')::int;
  v_calls integer := 0;
  v_status text;
  v_tokens bigint := coalesce((p ->> 'tokens')::bigint, 0);
  v_cost numeric := coalesce((p ->> 'costUsd')::numeric, 0);
begin
  perform set_config('app.team', p_team::text, true);
  if v_attempt = 0 then
    select n.attempt_number into v_attempt from node_executions n
    where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path and n.attempt_number > 0
    order by n.status in ('running', 'waiting') desc, n.attempt_number desc limit 1;
  end if;
  update node_executions n set
    status = p ->> 'status', port = p ->> 'port', completed_at = clock_timestamp(),
    input_text = p #>> '{input,text}', input_data = p #> '{input,preview}', input_blob = (p #>> '{input,blob}')::uuid, input_bytes = (p #>> '{input,bytes}')::bigint,
    output_text = p #>> '{output,text}', output_data = p #> '{output,preview}', output_blob = (p #>> '{output,blob}')::uuid, output_bytes = (p #>> '{output,bytes}')::bigint,
    tokens_used = (p ->> 'tokens')::int, cost_usd = (p ->> 'costUsd')::numeric, model = p ->> 'model',
    error_code = p #>> '{error,code}', error_message = p #>> '{error,message}', error_details = p #> '{error,details}', warnings = hub_join_warnings(n.warnings, p -> 'warnings'), cached = p -> 'cached', step_key = p ->> 'stepKey'
  where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path and n.attempt_number = v_attempt and n.status in ('running', 'waiting');
  changed := found;
  if not changed then
    select n.status into v_status from node_executions n
    where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path and n.attempt_number = v_attempt;
    if v_status is null then raise exception 'no attempt % of %', v_attempt, v_path using errcode = 'HB003'; end if;
  end if;
  if jsonb_array_length(p -> 'calls') > 0 then
    insert into model_calls (team_id, run_id, node_id, path, attempt, n, provider, model, input_tokens, output_tokens, cached_tokens, cost_usd, duration_ms, status, error_code, provider_request_id, demo)
    select p_team, p_run, p ->> 'nodeId', v_path, v_attempt, c.ord, c.value ->> 'provider', c.value ->> 'model', (c.value ->> 'inputTokens')::int, (c.value ->> 'outputTokens')::int,
      (c.value ->> 'cachedTokens')::int, (c.value ->> 'costUsd')::numeric, (c.value ->> 'durationMs')::int, c.value ->> 'status', c.value ->> 'errorCode', c.value ->> 'providerRequestId', (c.value ->> 'demo')::boolean
    from jsonb_array_elements(p -> 'calls') with ordinality as c(value, ord)
    on conflict do nothing;
    get diagnostics v_calls = row_count;
  end if;
  if changed then
    perform hub_note(p_team, p_run, jsonb_build_array(hub_event('step.' || (p ->> 'status'), v_path, (p ->> 'iteration')::int,
      jsonb_build_object('nodeId', p ->> 'nodeId', 'attempt', v_attempt, 'port', p ->> 'port', 'code', p #>> '{error,code}', 'tokens', p -> 'tokens', 'costUsd', p -> 'costUsd'))),
      0, v_tokens, v_cost);
  elsif v_calls > 0 then
    update workflow_executions set total_tokens_used = total_tokens_used + v_tokens, total_cost_usd = total_cost_usd + v_cost where team_id = p_team and id = p_run;
  end if;
end $$;

-- An attempt that is over when it is written: one row, one event, the run's own row once. Where the path has a history it is begun and ended as ever.
create function hub_whole_attempt(p_team uuid, p_run uuid, p jsonb, p_rows jsonb,
  out attempt integer, out failed integer, out lost integer, out done boolean, out done_port text) language plpgsql as $$
declare
  v_path text := p ->> 'path';
  v_iteration integer := (p ->> 'iteration')::int;
  v_elapsed_ms integer := (p ->> 'elapsedMs')::int;
  v_event jsonb;
begin
  perform set_config('app.team', p_team::text, true);
  if exists (select from node_executions n where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path) then
    select b.* into attempt, failed, lost, done, done_port
    from hub_begin_attempt(p_team, p_run, p ->> 'nodeId', p ->> 'nodeType', v_path, v_iteration, p_rows, false, v_elapsed_ms) b;
    if not done then perform hub_end_attempt(p_team, p_run, p || jsonb_build_object('attempt', attempt)); end if;
    return;
  end if;
  attempt := 1;
  failed := 0;
  lost := 0;
  done := false;
  insert into node_executions (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, port, started_at, completed_at,
    input_text, input_data, input_blob, input_bytes, output_text, output_data, output_blob, output_bytes, attempt_number, warnings, cached, step_key)
  values (p_team, p_run, p ->> 'nodeId', p ->> 'nodeType', v_path, v_iteration, p ->> 'status', p ->> 'port', clock_timestamp() - v_elapsed_ms * interval '1 millisecond', clock_timestamp(),
    p #>> '{input,text}', p #> '{input,preview}', (p #>> '{input,blob}')::uuid, (p #>> '{input,bytes}')::bigint,
    p #>> '{output,text}', p #> '{output,preview}', (p #>> '{output,blob}')::uuid, (p #>> '{output,bytes}')::bigint, 1, coalesce(p -> 'warnings', '[]'), p -> 'cached', p ->> 'stepKey');
  v_event := jsonb_build_array(hub_event('step.' || (p ->> 'status'), v_path, v_iteration, jsonb_build_object('nodeId', p ->> 'nodeId', 'attempt', 1, 'port', p ->> 'port')));
  if jsonb_array_length(p_rows) > 0 then v_event := hub_apply_rows(p_team, p_run, p_rows) || v_event; end if;
  perform hub_note(p_team, p_run, v_event, 1, 0, 0);
end $$;

-- Whole attempts of many items at once. Answers the paths that were written: one that has a history is for hub_whole_attempt.
create function hub_whole_attempts(p_team uuid, p_run uuid, p_items jsonb) returns text[] language plpgsql as $$
declare
  v_events jsonb;
  v_paths text[];
begin
  perform set_config('app.team', p_team::text, true);
  with given as (
    select e.value as p, e.value ->> 'path' as path, (e.value ->> 'iteration')::int as iteration, e.ord from jsonb_array_elements(p_items) with ordinality as e(value, ord)
  ), written as (
    insert into node_executions as n (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, port, started_at, completed_at,
      input_text, input_data, input_blob, input_bytes, output_text, output_data, output_blob, output_bytes, attempt_number, warnings, cached, step_key)
    select p_team, p_run, g.p ->> 'nodeId', g.p ->> 'nodeType', g.path, g.iteration, g.p ->> 'status', g.p ->> 'port',
      clock_timestamp() - (g.p ->> 'elapsedMs')::int * interval '1 millisecond', clock_timestamp(),
      g.p #>> '{input,text}', g.p #> '{input,preview}', (g.p #>> '{input,blob}')::uuid, (g.p #>> '{input,bytes}')::bigint,
      g.p #>> '{output,text}', g.p #> '{output,preview}', (g.p #>> '{output,blob}')::uuid, (g.p #>> '{output,bytes}')::bigint, 1, coalesce(g.p -> 'warnings', '[]'), g.p -> 'cached', g.p ->> 'stepKey'
    from given g
    -- A look-up for each item: a "not exists" may become a hash of all rows of the run.
    left join lateral (select x.path from node_executions x where x.team_id = p_team and x.workflow_execution_id = p_run and x.path = g.path collate "C" limit 1) known on true
    where known.path is null
    order by g.ord
    on conflict do nothing
    returning n.path
  )
  select coalesce(array_agg(g.path order by g.ord), '{}'), coalesce(jsonb_agg(hub_event('step.' || (g.p ->> 'status'), g.path, g.iteration,
      jsonb_build_object('nodeId', g.p ->> 'nodeId', 'attempt', 1, 'port', g.p ->> 'port')) order by g.ord), '[]')
  into v_paths, v_events
  from written w join given g on g.path collate "C" = w.path;
  if cardinality(v_paths) > 0 then perform hub_note(p_team, p_run, v_events, cardinality(v_paths), 0, 0); end if;
  return v_paths;
end $$;

-- Final rows of a fused group, with the rows that waited for a write. A crashed group runs again: rows are upserted, completed is never set back.
create function hub_write_pure(p_team uuid, p_run uuid, p_rows jsonb, p_pending jsonb) returns void language plpgsql as $$
declare
  v_events jsonb := '[]';
  v_steps integer;
  v_pure jsonb;
begin
  perform set_config('app.team', p_team::text, true);
  if jsonb_array_length(p_pending) > 0 then v_events := hub_apply_rows(p_team, p_run, p_pending); end if;
  with given as (
    select x.*, e.ord from jsonb_array_elements(p_rows) with ordinality as e(value, ord),
      jsonb_to_record(e.value) as x("nodeId" text, "nodeType" text, path text, iteration int, attempt int, status text, port text, "startedAt" timestamptz, "completedAt" timestamptz,
        input jsonb, output jsonb, error jsonb, warnings jsonb)
  ), written as (
    insert into node_executions as n (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, port, started_at, completed_at,
      input_text, input_data, input_blob, input_bytes, output_text, output_data, output_blob, output_bytes, attempt_number, error_code, error_message, error_details, warnings)
    select p_team, p_run, g."nodeId", g."nodeType", g.path, g.iteration, g.status, g.port, g."startedAt", g."completedAt",
      g.input ->> 'text', g.input -> 'preview', (g.input ->> 'blob')::uuid, (g.input ->> 'bytes')::bigint,
      g.output ->> 'text', g.output -> 'preview', (g.output ->> 'blob')::uuid, (g.output ->> 'bytes')::bigint,
      g.attempt, g.error ->> 'code', g.error ->> 'message', g.error -> 'details', coalesce(g.warnings, '[]')
    from given g order by g.ord
    on conflict (team_id, workflow_execution_id, path, attempt_number) do update set
      status = excluded.status, port = excluded.port, completed_at = excluded.completed_at,
      input_text = excluded.input_text, input_data = excluded.input_data, input_blob = excluded.input_blob, input_bytes = excluded.input_bytes,
      output_text = excluded.output_text, output_data = excluded.output_data, output_blob = excluded.output_blob, output_bytes = excluded.output_bytes,
      error_code = excluded.error_code, error_message = excluded.error_message, error_details = excluded.error_details, warnings = excluded.warnings
    where n.status <> 'completed' and (n.status, n.output_text) is distinct from (excluded.status, excluded.output_text)
    returning n.path, n.attempt_number, old.id is null and n.attempt_number > 0 as fresh
  )
  select coalesce(count(*) filter (where w.fresh), 0), coalesce(jsonb_agg(hub_event('step.' || g.status, g.path, g.iteration,
      jsonb_build_object('nodeId', g."nodeId", 'attempt', g.attempt, 'port', g.port, 'code', g.error ->> 'code')) order by g.ord), '[]')
  into v_steps, v_pure
  from written w join given g on g.path = w.path and g.attempt = w.attempt_number;
  perform hub_note(p_team, p_run, v_events || v_pure, v_steps, 0, 0);
end $$;

create function hub_write_rows(p_team uuid, p_run uuid, p_rows jsonb) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  perform hub_note(p_team, p_run, hub_apply_rows(p_team, p_run, p_rows), 0, 0, 0);
end $$;

create function hub_save_iteration(p_team uuid, p_run uuid, p_loop text, p_index integer, p_text text, p_blob uuid) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  insert into iteration_results (team_id, run_id, loop_path, index, value_text, value_blob) values (p_team, p_run, p_loop, p_index, p_text, p_blob)
  on conflict (team_id, run_id, loop_path, index) do update set value_text = excluded.value_text, value_blob = excluded.value_blob;
end $$;

-- Items of a chunk that are over: kept results first (nobody reads them before the loop closes), then final rows, then verdicts on them.
create function hub_write_chunk(p_team uuid, p_run uuid, p_loop text, p_rows jsonb, p_pending jsonb, p_recovered jsonb, p_results jsonb) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  insert into iteration_results (team_id, run_id, loop_path, index, value_text, value_blob, dropped)
  select p_team, p_run, p_loop, x.index, x.text, x.blob, x.dropped from jsonb_to_recordset(p_results) as x(index integer, text text, blob uuid, dropped boolean)
  on conflict (team_id, run_id, loop_path, index) do update set value_text = excluded.value_text, value_blob = excluded.value_blob, dropped = excluded.dropped;
  perform hub_write_pure(p_team, p_run, p_rows, p_pending);
  if jsonb_array_length(p_recovered) > 0 then perform hub_note(p_team, p_run, hub_apply_rows(p_team, p_run, p_recovered), 0, 0, 0); end if;
end $$;

-- Blobs. A put touches last_put_at and adds its reference in one transaction, so the sweep cannot take it in between.
create function hub_touch_blob(p_team uuid, p_hash bytea, p_kind text, p_owner uuid) returns uuid language plpgsql as $$
declare
  v_id uuid;
begin
  perform set_config('app.team', p_team::text, true);
  update blobs set last_put_at = clock_timestamp() where team_id = p_team and hash = p_hash returning id into v_id;
  if v_id is not null then
    insert into blob_refs (team_id, blob_id, owner_kind, owner_id) values (p_team, v_id, p_kind, p_owner) on conflict do nothing;
  end if;
  return v_id;
end $$;

create function hub_put_blob(p_team uuid, p_hash bytea, p_content bytea, p_kind text, p_owner uuid) returns uuid language plpgsql as $$
declare
  v_id uuid;
  v_new boolean;
begin
  perform set_config('app.team', p_team::text, true);
  insert into blobs (team_id, hash, bytes) values (p_team, p_hash, length(p_content))
  on conflict (team_id, hash) do update set last_put_at = clock_timestamp()
  returning id, old.id is null into v_id, v_new;
  if v_new then insert into blob_chunks (team_id, blob_id, n, content) values (p_team, v_id, 0, p_content); end if;
  insert into blob_refs (team_id, blob_id, owner_kind, owner_id) values (p_team, v_id, p_kind, p_owner) on conflict do nothing;
  return v_id;
end $$;

-- Larger content comes in chunks, each its own transaction, into a blob without a hash; p_blob null starts one.
create function hub_add_chunk(p_team uuid, p_blob uuid, p_n integer, p_content bytea) returns uuid language plpgsql as $$
declare
  v_id uuid := p_blob;
begin
  perform set_config('app.team', p_team::text, true);
  if v_id is null then
    insert into blobs (team_id) values (p_team) returning id into v_id;
  else
    -- However slowly it comes, it is being put.
    update blobs set last_put_at = clock_timestamp() where team_id = p_team and id = v_id;
  end if;
  insert into blob_chunks (team_id, blob_id, n, content) values (p_team, v_id, p_n, p_content);
  return v_id;
end $$;

-- Gives the written blob its hash, or throws it away for the one that has the same content already.
create function hub_seal_blob(p_team uuid, p_blob uuid, p_hash bytea, p_bytes bigint, p_kind text, p_owner uuid) returns uuid language plpgsql as $$
declare
  v_id uuid;
begin
  perform set_config('app.team', p_team::text, true);
  -- The one that has the same content may be swept between two looks: then this one takes its name after all.
  while v_id is null loop
    begin
      update blobs set hash = p_hash, bytes = p_bytes, last_put_at = clock_timestamp() where team_id = p_team and id = p_blob returning id into v_id;
      -- Told again after it was done: its own row is gone, the other stands.
      exit when v_id is not null;
    exception when unique_violation then null;
    end;
    update blobs set last_put_at = clock_timestamp() where team_id = p_team and hash = p_hash returning id into v_id;
    if v_id is not null then
      delete from blobs where team_id = p_team and id = p_blob and hash is null;
    elsif not exists (select from blobs where team_id = p_team and id = p_blob) then
      raise exception 'the blob % is not there', p_blob using errcode = 'HB003';
    end if;
  end loop;
  insert into blob_refs (team_id, blob_id, owner_kind, owner_id) values (p_team, v_id, p_kind, p_owner) on conflict do nothing;
  return v_id;
end $$;

grant execute on function hub_note, hub_event, hub_value, hub_apply_rows, hub_begin_attempt, hub_open_loop, hub_join_warnings, hub_warn, hub_end_attempt, hub_whole_attempt, hub_whole_attempts, hub_write_pure, hub_write_chunk, hub_write_rows,
  hub_save_iteration, hub_touch_blob, hub_put_blob, hub_add_chunk, hub_seal_blob to hub_app;
