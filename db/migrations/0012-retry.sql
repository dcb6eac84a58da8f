-- Retry: a new run that keeps what an earlier one paid for.

alter table workflow_executions add column retry_of uuid;
create index workflow_executions_chain on workflow_executions (team_id, root_run_id) where retry_of is not null;

-- The last attempt of each step that had not completed and of which nobody knows how it went: lost with its worker, or stopped with a call in the air. A row
-- without input was closed from outside: whether its call had begun is not known either.
create function hub_unsure_rows(p_team uuid, p_run uuid) returns setof node_executions language sql stable as $$
  select l.* from (
    select distinct on (n.path) n.* from node_executions n
    where n.team_id = p_team and n.workflow_execution_id = p_run and n.attempt_number > 0
    order by n.path, n.status = 'completed' desc, n.attempt_number desc) l
  -- The row of a loop or of a `forEach` node itself calls nobody.
  where not exists (select from loop_items i where i.team_id = p_team and i.run_id = p_run and i.path = l.path) and (
    l.status = 'lost' or (l.status = 'cancelled' and (
      l.error_code = 'step.unknown-outcome' or (l.input_text is null and l.input_blob is null)
      or exists (select from run_waits w where w.team_id = p_team and w.run_id = p_run and w.path = l.path and w.attempt = l.attempt_number and w.reason = 'unknown-outcome'))))
$$;

-- Copies completed rows by reference, in the transaction that made the run, before it can begin. p_items: [{ nodeId, except }], items of loops that run;
-- p_by_hand: [{ nodeId, nodeType, port, text, preview, blob, bytes }], outputs a person set. Tokens and money stay with the earlier run. p_unsure: ids of nodes
-- whose calls must not be repeated unseen: where nobody knows how one went, it counts as an attempt that was lost, so the step asks a person before it calls.
create function hub_keep_rows(p_team uuid, p_from uuid, p_run uuid, p_paths text[], p_items jsonb, p_by_hand jsonb, p_unsure text[]) returns integer language plpgsql as $$
declare
  v_kept integer;
  v_hand integer;
  v_seq bigint;
  v_root uuid;
  v_n integer;
begin
  -- The runs of the chain stay until our commit: retention takes them before, or sees after us that one of them is continued.
  select r.root_run_id into v_root from workflow_executions r where r.team_id = p_team and r.id = p_from for key share;
  if not found then raise exception 'the run is not there any more' using errcode = 'HB001'; end if;
  perform 1 from workflow_executions r where r.team_id = p_team and r.id = v_root for key share;
  perform 1 from workflow_executions r where r.team_id = p_team and r.root_run_id = v_root and r.retry_of is not null for key share;
  with chosen as (
    select distinct on (n.path) n.* from node_executions n
    where n.team_id = p_team and n.workflow_execution_id = p_from and n.status = 'completed' and (
      n.path = any(p_paths)
      or (n.path like '%]%' and not n.recovered and exists (
        select from jsonb_to_recordset(p_items) as i("nodeId" text, except_path text)
        where i."nodeId" = n.node_id and (i.except_path is null or not starts_with(n.path, i.except_path)))))
    order by n.path, n.attempt_number desc
  )
  insert into node_executions (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, port, started_at, completed_at,
    input_data, input_text, input_blob, input_bytes, output_data, output_text, output_blob, output_bytes, tokens_used, cost_usd, model, attempt_number, warnings, recovered, error_code, error_message, seeded, step_key)
  select p_team, p_run, c.node_id, c.node_type, c.path, c.iteration, 'completed', c.port, c.started_at, c.completed_at,
    c.input_data, c.input_text, c.input_blob, c.input_bytes, c.output_data, c.output_text, c.output_blob, c.output_bytes, coalesce(spent.tokens, c.tokens_used), coalesce(spent.usd, c.cost_usd), c.model,
    greatest(c.attempt_number, 1), c.warnings, c.recovered, c.error_code, c.error_message, true, c.step_key
  from chosen c left join lateral (
    -- Of a node that is kept whole, its items and its body are not copied: its row carries what they had cost, so that it is known how much was saved.
    select sum(x.tokens_used)::integer as tokens, sum(x.cost_usd) as usd from node_executions x
    where x.team_id = p_team and x.workflow_execution_id = p_from and (x.path = c.path or starts_with(x.path, c.path || '['))) spent on c.path = any(p_paths);
  get diagnostics v_kept = row_count;

  insert into node_executions (team_id, workflow_execution_id, node_id, node_type, path, status, port, completed_at, output_data, output_text, output_blob, output_bytes, seeded, warnings)
  select p_team, p_run, h."nodeId", h."nodeType", h."nodeId", 'completed', h.port, clock_timestamp(), h.preview, h.text, h.blob, h.bytes, true,
    '[{"code": "step.set-by-hand", "message": "A person set this output when the run was continued."}]'
  from jsonb_to_recordset(p_by_hand) as h("nodeId" text, "nodeType" text, port text, text text, preview jsonb, blob uuid, bytes bigint);
  get diagnostics v_hand = row_count;

  insert into node_executions (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, started_at, completed_at, input_data, input_text, attempt_number, error_code, error_message)
  select p_team, p_run, u.node_id, u.node_type, u.path, u.iteration, 'lost', u.started_at, u.completed_at, u.input_data, u.input_text, 1, 'step.unknown-outcome',
    'This call was under way when the run that this one continues ended; whether it had an effect is not known.'
  from hub_unsure_rows(p_team, p_from) u where u.node_id = any(p_unsure)
  on conflict do nothing;

  insert into blob_refs (team_id, blob_id, owner_kind, owner_id)
  select distinct p_team, b.id, 'run', p_run from node_executions n cross join lateral (values (n.input_blob), (n.output_blob)) b(id)
  where n.team_id = p_team and n.workflow_execution_id = p_run and n.seeded and b.id is not null
  on conflict do nothing;

  -- A wish to have an effect again counts in the whole chain, whichever of its runs is continued: no two of them have it under one key. Who makes a run
  -- holds the team's slot row, so nobody counts beside us.
  select 1 + greatest(count(*), max((select max((g ->> 'n')::int) from jsonb_array_elements(o.start_options -> 'generations') g))) into v_n
  from workflow_executions o where o.team_id = p_team and o.root_run_id = v_root and o.retry_of is not null;
  update workflow_executions w set retry_of = p_from, seq = w.seq + 1, start_options = case when w.start_options ? 'generations'
    then jsonb_set(w.start_options, '{generations}', (
      select coalesce(jsonb_agg(case when g.value ->> 'n' = '0' then g.value || jsonb_build_object('n', v_n) else g.value end order by g.ord), '[]')
      from jsonb_array_elements(w.start_options -> 'generations') with ordinality as g(value, ord)))
    else w.start_options end
  where w.team_id = p_team and w.id = p_run returning w.seq into v_seq;
  insert into run_events (team_id, run_id, seq, type, refs)
  values (p_team, p_run, v_seq, 'run.kept', jsonb_build_object('from', p_from, 'rows', v_kept, 'byHand', v_hand));
  return v_kept + v_hand;
end $$;
grant execute on function hub_keep_rows, hub_unsure_rows to hub_app;
