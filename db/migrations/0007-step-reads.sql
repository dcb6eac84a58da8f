-- What a step reads, each in one round trip (a function sets the team and reads in one statement).

create function hub_facts(p_team uuid, p_run uuid) returns table (root_run uuid, workflow_id uuid, workflow_name text, version integer, version_id uuid,
  input_text text, input_blob uuid, trigger jsonb, vars jsonb, started_at timestamptz, pinned jsonb, generations jsonb, same_as jsonb, under_way boolean, continues boolean) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query
    select r.root_run_id, r.workflow_id, w.name, r.workflow_version, r.version_id, r.input_text, r.input_blob, r.trigger, r.vars, coalesce(r.started_at, r.starting_at, r.created_at), r.pinned, coalesce(r.start_options -> 'generations', '[]'), coalesce(r.start_options -> 'sameAs', '[]'), r.steps > 0, r.retry_of is not null
    from workflow_executions r
    join workflows w on w.team_id = r.team_id and w.id = r.workflow_id
    where r.team_id = p_team and r.id = p_run;
end $$;

create function hub_outputs(p_team uuid, p_run uuid, p_paths text[]) returns table (path text, output_text text, output_blob uuid) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query
    select p.path, n.output_text, n.output_blob from unnest(p_paths) p(path)
    cross join lateral (
      select x.output_text, x.output_blob from node_executions x
      where x.team_id = p_team and x.workflow_execution_id = p_run and x.path = p.path collate "C" and x.status = 'completed'
      order by x.attempt_number desc limit 1) n;
end $$;

create function hub_loop_items(p_team uuid, p_run uuid, p_path text) returns table (items_text text, items_blob uuid) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query select l.items_text, l.items_blob from loop_items l where l.team_id = p_team and l.run_id = p_run and l.path = p_path collate "C";
end $$;

create function hub_iterations(p_team uuid, p_run uuid, p_path text) returns table (index integer, value_text text, value_blob uuid, dropped boolean) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query select i.index, i.value_text, i.value_blob, i.dropped from iteration_results i where i.team_id = p_team and i.run_id = p_run and i.loop_path = p_path collate "C" order by i.index;
end $$;

-- Outputs of <loop>[i].<sink>, or <loop>[i] where p_sink is null. '[' and the character after it bound the index range.
create function hub_item_outputs(p_team uuid, p_run uuid, p_loop text, p_sink text) returns table (index integer, output_text text, output_blob uuid) language plpgsql as $$
declare
  v_tail text := case when p_sink is null then '' else '\.' || p_sink end;
begin
  perform set_config('app.team', p_team::text, true);
  return query
    select distinct on (m.i) m.i, m.text, m.blob from (
      select substring(substr(x.path, length(p_loop) + 1) from '^\[(\d+)\]' || v_tail || '$')::int as i, x.output_text as text, x.output_blob as blob, x.attempt_number as attempt
      from node_executions x
      where x.team_id = p_team and x.workflow_execution_id = p_run and x.status = 'completed'
        and x.path >= (p_loop || '[') collate "C" and x.path < (p_loop || '\') collate "C") m
    where m.i is not null order by m.i, m.attempt desc;
end $$;

-- Items from p_from to before p_to of a loop whose body is the step p_step (null: of a forEach node) that are over: their row, or their result, is there.
create function hub_items_over(p_team uuid, p_run uuid, p_loop text, p_step text, p_from integer, p_to integer) returns table (index integer, has_row boolean, has_result boolean)
language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  -- A look-up for each item: an "exists" may become a hash of all rows of the run.
  return query
    select i, n.path is not null, r.index is not null
    from generate_series(p_from, p_to - 1) i
    left join lateral (
      select x.path from node_executions x where x.team_id = p_team and x.workflow_execution_id = p_run
        and x.path = (p_loop || '[' || i || ']' || coalesce('.' || p_step, '')) collate "C" and x.status = 'completed' limit 1) n on true
    left join lateral (
      select o.index from iteration_results o where o.team_id = p_team and o.run_id = p_run and o.loop_path = p_loop collate "C" and o.index = i limit 1) r on true
    where n.path is not null or r.index is not null;
end $$;

-- Whether the last thing people said about it was to pause.
create function hub_is_paused(p_team uuid, p_run uuid) returns boolean language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return coalesce((select m.kind = 'pause' from run_messages m where m.team_id = p_team and m.run_id = p_run and m.kind in ('pause', 'resume') order by m.n desc limit 1), false);
end $$;

-- For how many ms the run is being cancelled; null where nobody asked for it.
create function hub_cancel_age(p_team uuid, p_run uuid) returns double precision language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return (select extract(epoch from clock_timestamp() - cancel_requested_at) * 1000 from workflow_executions where team_id = p_team and id = p_run);
end $$;

grant execute on function hub_facts, hub_outputs, hub_loop_items, hub_iterations, hub_item_outputs, hub_items_over, hub_is_paused, hub_cancel_age to hub_app;
