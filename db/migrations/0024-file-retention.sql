-- Files end with the run that made or took them, as its values do, unless something still names them. A person's own upload stays until somebody deletes it.

-- Came with a request to a webhook or form, from outside: without a run to belong to, nobody will ask for it again.
alter table files add column from_request boolean not null default false;
-- Its run is gone, or none ever took it: it goes a day later, unless something names it then.
alter table files add column ended_at timestamptz;
create index files_run on files (team_id, run_id) where run_id is not null and ended_at is null;
create index files_unclaimed on files (created_at) where from_request and run_id is null and ended_at is null;
create index files_ended on files (ended_at) where ended_at is not null;
create index workflow_executions_parent on workflow_executions (team_id, parent_run_id) where parent_run_id is not null;

-- Which files a value of more than 32 KB names: in a row its text says so itself.
create table blob_files (
  team_id uuid not null,
  blob_id uuid not null,
  file_id uuid not null,
  primary key (team_id, blob_id, file_id),
  foreign key (team_id, blob_id) references blobs on delete cascade
);
create index blob_files_file on blob_files (team_id, file_id);
call hub_protect('blob_files');

create function hub_blob_names(p_team uuid, p_blob uuid, p_files uuid[]) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  insert into blob_files (team_id, blob_id, file_id) select p_team, p_blob, f from unnest(p_files) f on conflict do nothing;
end $$;
grant select, insert, delete on blob_files to hub_app;
grant select on blob_files to hub_definer;
grant execute on function hub_blob_names to hub_app;

-- Called by hub_prune_runs, before these runs go. What a run that stays may name in its values (its parent, a run it started, one that continues it) is
-- that one's from here.
create function hub_end_files(p_team uuid, p_runs uuid[]) returns void language plpgsql as $$
begin
  update files f set run_id = h.id
  from workflow_executions r cross join lateral (
    select x.id from workflow_executions x
    where x.team_id = p_team and x.id <> all(p_runs)
      and (x.id = r.parent_run_id or x.parent_run_id = r.id or (x.root_run_id = r.root_run_id and x.retry_of is not null and x.id > r.id))
    order by x.note is not null desc, x.id desc limit 1) h
  where f.team_id = p_team and f.run_id = any(p_runs) and f.ended_at is null and r.team_id = p_team and r.id = f.run_id;
  update files f set ended_at = clock_timestamp() where f.team_id = p_team and f.run_id = any(p_runs) and f.ended_at is null;
end $$;

-- Which of these files something of the team still names: a draft, pins, a version, a variable, a cached output, a signal that waits for its run, a request
-- that can be sent again, the input of a run that has not ended (its other values come of that, of its steps or of its relatives).
create function hub_named_files(p_team uuid, p_files uuid[]) returns uuid[] language sql stable
  return (
    select coalesce(array_agg(distinct n.id::uuid), '{}') from (
      select (regexp_matches(t.text, '"\$file"\s*:\s*"([0-9a-f-]{36})"', 'g'))[1] as id from (
        select w.definition_source::text as text from workflows w where w.team_id = p_team
        union all select w.pins::text from workflows w where w.team_id = p_team
        union all select v.definition::text from workflow_versions v where v.team_id = p_team
        union all select x.value::text from variables x where x.team_id = p_team
        union all select c.output_text from step_cache c where c.team_id = p_team
        union all select h.payload_text from held_signals h where h.team_id = p_team
        union all select d.input_text from hook_deliveries d where d.team_id = p_team
        union all select r.input_text from workflow_executions r where r.team_id = p_team and r.status in ('queued', 'starting', 'running', 'waiting')
      ) t where t.text like '%"$file"%'
      union all
      select b.file_id::text from blob_files b
      where b.team_id = p_team and b.file_id = any(p_files) and (
        exists (select from step_cache c where c.team_id = p_team and c.output_blob = b.blob_id)
        or exists (select from workflow_executions r where r.team_id = p_team and r.input_blob = b.blob_id and r.status in ('queued', 'starting', 'running', 'waiting')))) n
    where n.id = any(p_files::text[]));

-- Removes at most p_max files whose time is over; those that something names are looked at again in a day. Answers how many are gone.
create function hub_prune_files(p_max integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_files uuid[];
  v_named uuid[];
  v_all integer := 0;
  v_rows integer;
  t record;
begin
  -- A signal that waits for its run is held for one day.
  update files f set ended_at = f.created_at where (f.team_id, f.id) in (
    select x.team_id, x.id from files x
    where x.from_request and x.run_id is null and x.ended_at is null and x.created_at < clock_timestamp() - interval '2 days'
    order by x.created_at limit p_max for update skip locked);
  for t in select f.team_id as id from files f where f.ended_at < clock_timestamp() - interval '1 day' group by f.team_id loop
    exit when v_all >= p_max;
    select array_agg(d.id) into v_files from (
      select f.id from files f where f.team_id = t.id and f.ended_at < clock_timestamp() - interval '1 day'
      order by f.ended_at limit p_max - v_all for update skip locked) d;
    continue when v_files is null;
    v_named := hub_named_files(t.id, v_files);
    update files f set ended_at = clock_timestamp() where f.team_id = t.id and f.id = any(v_named);
    delete from blob_refs g where g.team_id = t.id and g.owner_kind = 'file' and g.owner_id = any(v_files) and g.owner_id <> all(v_named);
    delete from files f where f.team_id = t.id and f.id = any(v_files) and f.id <> all(v_named);
    get diagnostics v_rows = row_count;
    v_all := v_all + v_rows;
  end loop;
  return v_all;
end $$;

grant delete on files to hub_definer;
grant update (run_id, ended_at) on files to hub_definer;
grant select on variables to hub_definer;
grant execute on function hub_end_files, hub_named_files to hub_definer;
grant create on schema public to hub_definer;
alter function hub_prune_files(integer) owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_prune_files to hub_app;
reset role;
