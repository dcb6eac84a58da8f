-- The short list of functions for work that has no team yet (02, "Tenancy"). They run as hub_definer (no login, BYPASSRLS), have a fixed
-- search path and answer only teams and ids. Everything after that runs in a transaction with the team set.
-- To change one later: `set role hub_definer` in the migration (hub_owner may).

grant select on teams, team_slots, workflow_slots, workflows, workflow_executions, api_keys, triggers, blobs, blob_refs, idempotency_keys, members to hub_definer;
grant insert, update on team_slots to hub_definer;
grant update on workflow_slots, workflow_executions to hub_definer;
grant update (last_used_at) on api_keys to hub_definer;
grant select, insert, delete on run_events to hub_definer;
grant delete on blobs, blob_chunks, idempotency_keys, rate_limits, verifications, sessions to hub_definer;
grant select on rate_limits, verifications, sessions to hub_definer;
grant execute on function hub_fill, hub_count_slot, hub_run_event to hub_definer;

-- Repair and outbox: fills free slots of teams that have a queue, and names runs that got a slot more than 5 s ago and have not begun.
-- Skips what another process has in hand, so any number of processes may call it.
create function hub_sweep(p_max integer) returns table (team uuid, run uuid) language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  s record;
begin
  for s in
    select t.team_id from team_slots t join teams m on m.id = t.team_id
    where t.used < m.max_concurrent_runs
      and exists (select from workflow_executions r where r.team_id = t.team_id and r.status = 'queued')
    limit p_max for update of t skip locked
  loop
    return query select s.team_id, f.id from unnest(hub_fill(s.team_id)) f(id);
  end loop;
  return query
    with late as (
      select r.team_id, r.id from workflow_executions r
      where r.status = 'starting' and r.starting_at < clock_timestamp() - interval '5 seconds'
      order by r.starting_at limit p_max for update skip locked)
    update workflow_executions r set starting_at = clock_timestamp() from late
    where r.team_id = late.team_id and r.id = late.id and r.status = 'starting' returning r.team_id, r.id;
end $$;

-- Runs that should be open in Temporal, for the reconciler.
create function hub_active_runs(p_after uuid, p_max integer) returns table (team uuid, run uuid, status text, cancel_due boolean) language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select r.team_id, r.id, r.status, coalesce(r.cancel_requested_at < clock_timestamp() - interval '10 seconds', false) from workflow_executions r
  where r.status in ('starting', 'running', 'waiting') and (p_after is null or r.id > p_after) order by r.id limit p_max
$$;

-- Who an API key is. Its last use is noted at most once a minute, so a busy key is not a hot row.
create function hub_find_api_key(p_hash bytea) returns table (team uuid, key uuid, person uuid) language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update api_keys k set last_used_at = now()
  where k.hash = p_hash and k.revoked_at is null and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute');
  return query select k.team_id, k.id, k.created_by from api_keys k
  where k.hash = p_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now());
end $$;

-- Whose webhook a token is.
create function hub_find_hook(p_hash bytea) returns table (team uuid, trigger uuid, workflow uuid) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.team_id, t.id, t.workflow_id from triggers t where t.token_hash = p_hash
$$;

-- The teams of a person, for sign-in.
create function hub_teams_of(p_user uuid) returns table (team uuid) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.team_id from members m where m.user_id = p_user order by m.created_at, m.team_id
$$;

-- Removes what nobody can need any more but runs and their values (0018); answers how many rows.
create function hub_prune() returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_all bigint := 0;
  v_rows bigint;
begin
  delete from idempotency_keys where created_at < now() - interval '24 hours';
  get diagnostics v_rows = row_count; v_all := v_all + v_rows;
  delete from rate_limits where expire < now() - interval '1 hour';
  get diagnostics v_rows = row_count; v_all := v_all + v_rows;
  delete from verifications where expires_at < now() - interval '1 day';
  get diagnostics v_rows = row_count; v_all := v_all + v_rows;
  delete from sessions where expires_at < now() - interval '1 day';
  get diagnostics v_rows = row_count; v_all := v_all + v_rows;
  return v_all;
end $$;

grant create on schema public to hub_definer;
alter function hub_make_team_slots() owner to hub_definer;
alter function hub_sweep(integer) owner to hub_definer;
alter function hub_active_runs(uuid, integer) owner to hub_definer;
alter function hub_find_api_key(bytea) owner to hub_definer;
alter function hub_find_hook(bytea) owner to hub_definer;
alter function hub_teams_of(uuid) owner to hub_definer;
alter function hub_prune() owner to hub_definer;
revoke create on schema public from hub_definer;
-- Grants on functions of another owner are that owner's to give.
set local role hub_definer;
grant execute on function hub_sweep, hub_active_runs, hub_prune to hub_app;
grant execute on function hub_find_hook to hub_app;
grant execute on function hub_find_api_key, hub_teams_of to hub_app, hub_auth;
reset role;
