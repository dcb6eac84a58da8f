-- Step keys: what an output was made from (kind, config, filled config, what code can see), as a hash. A run that continues another may find, when a step
-- begins, that it would be made from the same again: then the earlier output stands and nothing is called.

alter table node_executions add column step_key text collate "C";

-- The output at a path of earlier runs of the chain (the nearest first): of the first of them that completed it, where that was made from the same; nothing
-- otherwise. What `onError` gave is no output of the step.
create function hub_same_step(p_team uuid, p_runs uuid[], p_path text, p_key text)
  returns table (run_id uuid, at timestamptz, port text, output_text text, output_blob uuid, tokens integer, cost_usd numeric) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query
    select coalesce((n.cached ->> 'runId')::uuid, n.workflow_execution_id), coalesce(n.completed_at, n.created_at), n.port, n.output_text, n.output_blob,
      coalesce(n.tokens_used, (n.cached ->> 'tokens')::int), coalesce(n.cost_usd, (n.cached ->> 'costUsd')::numeric)
    from (
      select x.* from unnest(p_runs) with ordinality as earlier(run, ord)
      join node_executions x on x.team_id = p_team and x.workflow_execution_id = earlier.run and x.path = p_path collate "C" and x.status = 'completed'
      order by earlier.ord, x.attempt_number desc limit 1) n
    where not n.recovered and n.step_key = p_key;
end $$;

grant execute on function hub_same_step to hub_app;
