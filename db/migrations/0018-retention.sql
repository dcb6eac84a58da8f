-- Retention: ended runs are kept for as long as the team says (null: by its plan), then removed in bounded batches. Never removed: what is open, what
-- somebody put a note on, what an open run waits for or continues. Blobs go when nothing names them, by a way that cannot take a live one.

alter table teams add column keep_runs_days integer check (keep_runs_days between 1 and 3650);
alter table workflow_executions add column note text check (length(note) between 1 and 2000);
alter table workflow_executions add column note_by uuid references users on delete set null;
create index workflow_executions_ended on workflow_executions (team_id, completed_at) where completed_at is not null and note is null;
create index workflow_versions_snapshots on workflow_versions (created_at) where version is null;

-- Runs that were removed still count for what a plan allows a month.
create table removed_runs (
  team_id uuid not null references teams on delete cascade,
  month date not null,
  runs integer not null default 0,
  primary key (team_id, month)
);
call hub_protect('removed_runs');
grant select on removed_runs to hub_app;

-- Whether a plan has no run left this month. p_monthly: runs a month by plan; one that is not named has no limit. Test runs do not count, but a plan without
-- runs has none of them either. Whoever starts runs holds the team's slot row, so two cannot both take the last one.
create function hub_month_is_full(p_team uuid, p_monthly jsonb, p_test boolean) returns boolean language plpgsql stable as $$
declare
  v_most integer;
begin
  select (p_monthly ->> t.plan)::int into v_most from teams t where t.id = p_team;
  if v_most is null or (p_test and v_most > 0) then return false; end if;
  return (select count(*) from workflow_executions r where r.team_id = p_team and not r.is_test and r.created_at >= date_trunc('month', now()))
    + coalesce((select x.runs from removed_runs x where x.team_id = p_team and x.month = date_trunc('month', now() at time zone 'utc')::date), 0) >= v_most;
end $$;
grant execute on function hub_month_is_full to hub_app;

create function hub_keep_days(p_plan text, p_days integer) returns integer language sql immutable parallel safe
  return coalesce(p_days, case p_plan when 'enterprise' then 365 when 'teams' then 90 else 30 end);

-- Removes at most p_max runs of teams that have any due; answers how many. Call it until it answers 0. Any number of processes may.
create function hub_prune_runs(p_max integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_teams uuid[];
  v_runs uuid[];
  v_all integer := 0;
  t record;
begin
  for t in select m.id, hub_keep_days(m.plan, m.keep_runs_days) * interval '1 day' as age from teams m loop
    exit when v_all >= p_max;
    -- Locked, so that nobody notes it or continues it meanwhile; what another has in hand comes next time.
    select array_agg(d.id) into v_runs from (
      select r.id from workflow_executions r
      where r.team_id = t.id and r.completed_at < clock_timestamp() - t.age and r.note is null and r.status in ('completed', 'failed', 'cancelled', 'timed_out')
        and not exists (select from workflow_executions p where p.team_id = t.id and p.id = r.parent_run_id and p.completed_at is null)
        -- An open run of its chain may still take outputs of it: without them it would do again what it promised to keep.
        and not exists (select from workflow_executions c where c.team_id = t.id and c.root_run_id = r.root_run_id and c.retry_of is not null and c.completed_at is null)
      order by r.completed_at limit p_max - v_all for update skip locked) d;
    continue when v_runs is null;
    -- Looked at again now that they are locked: what continued one of them just before us is seen, what comes later finds it gone.
    select array_agg(r.id) into v_runs from workflow_executions r
    where r.team_id = t.id and r.id = any(v_runs)
      and not exists (select from workflow_executions c where c.team_id = t.id and c.root_run_id = r.root_run_id and c.retry_of is not null and c.completed_at is null);
    continue when v_runs is null;
    insert into removed_runs (team_id, month, runs)
    select t.id, date_trunc('month', r.created_at at time zone 'utc')::date, count(*) from workflow_executions r
    where r.team_id = t.id and r.id = any(v_runs) and not r.is_test group by 2
    on conflict (team_id, month) do update set runs = removed_runs.runs + excluded.runs;
    perform hub_end_files(t.id, v_runs); -- 0024
    delete from run_events e where e.team_id = t.id and e.run_id = any(v_runs);
    delete from blob_refs f where f.team_id = t.id and f.owner_kind = 'run' and f.owner_id = any(v_runs);
    delete from workflow_executions r where r.team_id = t.id and r.id = any(v_runs);
    v_all := v_all + cardinality(v_runs);
  end loop;
  return v_all;
end $$;

-- Removes at most p_max frozen drafts of test runs that no run names any more.
create function hub_prune_snapshots(p_max integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_rows integer;
begin
  with due as (
    select v.team_id, v.id from workflow_versions v
    where v.version is null and v.created_at < clock_timestamp() - interval '1 day'
      and not exists (select from workflow_executions r where r.team_id = v.team_id and r.workflow_id = v.workflow_id and r.version_id = v.id)
    order by v.created_at limit p_max for update skip locked)
  delete from workflow_versions v using due d where v.team_id = d.team_id and v.id = d.id
    -- Locked now: a test run that took it in between has named it, one that comes later waits and freezes it anew.
    and not exists (select from workflow_executions r where r.team_id = v.team_id and r.version_id = v.id);
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- Removes at most p_max blobs that nothing names and nobody put for 24 hours. First they are locked, then looked at again: a put waits for us and
-- finds it gone, or was there first and is seen; a new reference needs the row's key, so it cannot come in between. Every row that names a blob is
-- a foreign key besides: what a row names and no reference does is left alone for another day, and holds up no other.
create function hub_sweep_blobs(p_max integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_ids uuid[];
  v_teams uuid[];
  v_rows integer := 0;
  r record;
begin
  select array_agg(d.team_id), array_agg(d.id) into v_teams, v_ids from (
    select b.team_id, b.id from blobs b
    where b.last_put_at < clock_timestamp() - interval '24 hours' and not exists (select from blob_refs f where f.team_id = b.team_id and f.blob_id = b.id)
    order by b.last_put_at limit p_max for update skip locked) d;
  if v_ids is null then return 0; end if;
  begin
    delete from blobs b using unnest(v_teams, v_ids) as d(team_id, id)
    where b.team_id = d.team_id and b.id = d.id and b.last_put_at < clock_timestamp() - interval '24 hours'
      and not exists (select from blob_refs f where f.team_id = b.team_id and f.blob_id = b.id);
    get diagnostics v_rows = row_count;
    return v_rows;
  exception when foreign_key_violation then null;
  end;
  for r in select * from unnest(v_teams, v_ids) as u(team_id, id) loop
    begin
      delete from blobs b where b.team_id = r.team_id and b.id = r.id and b.last_put_at < clock_timestamp() - interval '24 hours'
        and not exists (select from blob_refs f where f.team_id = b.team_id and f.blob_id = b.id);
      if found then v_rows := v_rows + 1; end if;
    exception when foreign_key_violation then
      update blobs b set last_put_at = clock_timestamp() where b.team_id = r.team_id and b.id = r.id;
    end;
  end loop;
  return v_rows;
end $$;

-- Takes away at most p_max references of runs and files that never came to be: a process died between their content and their row.
create function hub_prune_references(p_max integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_rows integer;
begin
  delete from blob_refs g using (
    select f.team_id, f.blob_id, f.owner_kind, f.owner_id from blobs b join blob_refs f on f.team_id = b.team_id and f.blob_id = b.id
    where b.last_put_at between clock_timestamp() - interval '30 days' and clock_timestamp() - interval '24 hours'
      and ((f.owner_kind = 'run' and not exists (select from workflow_executions r where r.team_id = f.team_id and r.id = f.owner_id))
        or (f.owner_kind = 'file' and not exists (select from files o where o.team_id = f.team_id and o.id = f.owner_id)))
    limit p_max) d
  where g.team_id = d.team_id and g.blob_id = d.blob_id and g.owner_kind = d.owner_kind and g.owner_id = d.owner_id;
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

grant select, insert, update on removed_runs to hub_definer;
grant select, delete on workflow_versions to hub_definer;
grant update (note) on workflow_versions to hub_definer; -- `for update` asks for it
grant select, delete on workflow_executions, blob_refs to hub_definer;
grant update (last_put_at) on blobs to hub_definer;
grant select on files to hub_definer;
grant execute on function hub_keep_days to hub_app, hub_definer;
grant create on schema public to hub_definer;
alter function hub_prune_runs(integer) owner to hub_definer;
alter function hub_prune_snapshots(integer) owner to hub_definer;
alter function hub_sweep_blobs(integer) owner to hub_definer;
alter function hub_prune_references(integer) owner to hub_definer;
set local role hub_definer;
grant execute on function hub_prune_runs, hub_prune_snapshots, hub_sweep_blobs, hub_prune_references to hub_app;
reset role;
revoke create on schema public from hub_definer;
