-- Loops over many items: what they read comes page by page, and nobody holds all of it at once.

-- Where the pages of an opened loop's items begin: the index of the first item of each, and its place in the text in bytes. Null: one page.
alter table loop_items add column page_items integer[];
alter table loop_items add column page_bytes integer[];

drop function hub_open_loop(uuid, uuid, text, text, text, integer, jsonb, integer, text, uuid);
create function hub_open_loop(p_team uuid, p_run uuid, p_node text, p_type text, p_path text, p_iteration integer, p_rows jsonb, p_count integer, p_items text, p_blob uuid,
  p_page_items integer[], p_page_bytes integer[],
  out attempt integer, out failed integer, out lost integer, out done boolean, out done_port text) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  insert into loop_items (team_id, run_id, path, count, items_text, items_blob, page_items, page_bytes)
  values (p_team, p_run, p_path, p_count, p_items, p_blob, p_page_items, p_page_bytes)
  on conflict (team_id, run_id, path) do update set count = excluded.count, items_text = excluded.items_text, items_blob = excluded.items_blob,
    page_items = excluded.page_items, page_bytes = excluded.page_bytes;
  select b.* into attempt, failed, lost, done, done_port
  from hub_begin_attempt(p_team, p_run, p_node, p_type, p_path, p_iteration, p_rows, true) b;
end $$;

-- The index of the first item of each page; nothing where the loop was not opened.
create function hub_loop_pages(p_team uuid, p_run uuid, p_path text) returns table (pages integer[]) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query select coalesce(l.page_items, '{0}') from loop_items l where l.team_id = p_team and l.run_id = p_run and l.path = p_path collate "C";
end $$;

-- The text of page p_page (from 1): of the whole array where there is one page, else the items of a page without brackets, as bytes.
create function hub_loop_page(p_team uuid, p_run uuid, p_path text, p_page integer) returns table (items_text text, items_blob uuid, part bytea) language plpgsql as $$
declare
  v loop_items;
  v_from integer;
  v_to integer;
begin
  perform set_config('app.team', p_team::text, true);
  select l.* into v from loop_items l where l.team_id = p_team and l.run_id = p_run and l.path = p_path collate "C";
  if not found then return; end if;
  if v.page_bytes is null or v.items_blob is null then return query select v.items_text, v.items_blob, null::bytea; return; end if;
  v_from := v.page_bytes[p_page];
  -- Up to the comma before the next page, or to the closing bracket.
  select coalesce(v.page_bytes[p_page + 1], b.bytes::int) - 1 into v_to from blobs b where b.team_id = p_team and b.id = v.items_blob;
  return query
    select null::text, null::uuid, string_agg(substr(c.content, greatest(v_from - c.n * 1048576, 0) + 1,
        least(v_to - c.n * 1048576, 1048576) - greatest(v_from - c.n * 1048576, 0)), ''::bytea order by c.n)
    from blob_chunks c where c.team_id = p_team and c.blob_id = v.items_blob and c.n between v_from / 1048576 and greatest(v_to - 1, v_from) / 1048576;
end $$;

-- Results of iterations p_from to before p_to, in order: what is kept of one (p_kept), else the output of <loop>[i].<sink> (p_rows; of <loop>[i] where p_sink is null).
create function hub_loop_results(p_team uuid, p_run uuid, p_loop text, p_sink text, p_rows boolean, p_kept boolean, p_from integer, p_to integer)
returns table (index integer, value_text text, value_blob uuid, dropped boolean) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query
    select i, case when r.index is null then n.output_text else r.value_text end, case when r.index is null then n.output_blob else r.value_blob end, coalesce(r.dropped, false)
    from generate_series(p_from, p_to - 1) i
    left join lateral (
      select o.index, o.value_text, o.value_blob, o.dropped from iteration_results o
      where p_kept and o.team_id = p_team and o.run_id = p_run and o.loop_path = p_loop collate "C" and o.index = i limit 1) r on true
    left join lateral (
      select x.path, x.output_text, x.output_blob from node_executions x
      where p_rows and r.index is null and x.team_id = p_team and x.workflow_execution_id = p_run
        and x.path = (p_loop || '[' || i || ']' || coalesce('.' || p_sink, '')) collate "C" and x.status = 'completed'
      order by x.attempt_number desc limit 1) n on true
    where r.index is not null or n.path is not null
    order by i;
end $$;

drop function hub_loop_items(uuid, uuid, text);
drop function hub_iterations(uuid, uuid, text);
drop function hub_item_outputs(uuid, uuid, text, text);

-- With the size, so that a reader may say no before it reads.
drop function hub_outputs(uuid, uuid, text[]);
create function hub_outputs(p_team uuid, p_run uuid, p_paths text[]) returns table (path text, output_text text, output_blob uuid, output_bytes bigint) language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query
    select p.path, n.output_text, n.output_blob, n.output_bytes from unnest(p_paths) p(path)
    cross join lateral (
      select x.output_text, x.output_blob, x.output_bytes from node_executions x
      where x.team_id = p_team and x.workflow_execution_id = p_run and x.path = p.path collate "C" and x.status = 'completed'
      order by x.attempt_number desc limit 1) n;
end $$;

grant execute on function hub_open_loop, hub_loop_pages, hub_loop_page, hub_loop_results, hub_outputs to hub_app;
