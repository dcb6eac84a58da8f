-- The step cache: outputs of steps with `cache`, by what they were made from (a hash), until they are too old.

-- Of a step that took one: { runId, at, tokens, costUsd } of the step that had made it.
alter table node_executions add column cached jsonb;

create table step_cache (
  team_id uuid not null references teams on delete cascade,
  key text collate "C" not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  node_id text not null,
  run_id uuid not null, -- whose step made it; the run may be gone
  port text,
  output_text text,
  output_blob uuid,
  output_bytes bigint not null,
  tokens_used integer,
  cost_usd numeric(14, 6),
  uses integer not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (team_id, key),
  foreign key (team_id, workflow_id) references workflows on delete cascade,
  foreign key (team_id, output_blob) references blobs
);
create index step_cache_of on step_cache (team_id, workflow_id, node_id, id);
create index step_cache_old on step_cache (expires_at);
call hub_protect('step_cache');
grant select, insert, update, delete on step_cache to hub_app;

alter table blob_refs drop constraint blob_refs_owner_kind_check;
alter table blob_refs add constraint blob_refs_owner_kind_check check (owner_kind in ('run', 'file', 'cache'));

-- The output for a key; nothing where there is none or it is too old.
create function hub_cached_step(p_team uuid, p_key text) returns setof step_cache language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return query update step_cache c set uses = c.uses + 1 where c.team_id = p_team and c.key = p_key and c.expires_at > clock_timestamp() returning c.*;
end $$;

-- Keeps the output of the completed row at a path; its blob stays as long as the entry. A newer output takes the place of an older one.
create function hub_cache_step(p_team uuid, p_run uuid, p_path text, p_key text, p_workflow uuid, p_node text, p_ttl_ms bigint) returns void language plpgsql as $$
declare
  v_id uuid := uuidv7();
  v_blob uuid;
begin
  perform set_config('app.team', p_team::text, true);
  perform hub_forget_cached(p_team, array(select c.id from step_cache c where c.team_id = p_team and c.key = p_key for update));
  insert into step_cache (team_id, key, id, workflow_id, node_id, run_id, port, output_text, output_blob, output_bytes, tokens_used, cost_usd, expires_at)
  select p_team, p_key, v_id, p_workflow, p_node, p_run, n.port, n.output_text, n.output_blob, coalesce(n.output_bytes, 0), n.tokens_used, n.cost_usd,
    clock_timestamp() + least(p_ttl_ms, 31536000000) * interval '1 millisecond'
  from node_executions n
  where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = p_path and n.status = 'completed' and n.cached is null
  order by n.attempt_number desc limit 1
  on conflict (team_id, key) do nothing
  returning output_blob into v_blob;
  if v_blob is not null then
    insert into blob_refs (team_id, blob_id, owner_kind, owner_id) values (p_team, v_blob, 'cache', v_id) on conflict do nothing;
  end if;
end $$;

-- Takes entries away, with their hold on blobs.
create function hub_forget_cached(p_team uuid, p_ids uuid[]) returns integer language plpgsql as $$
declare
  v_gone integer;
begin
  perform set_config('app.team', p_team::text, true);
  delete from step_cache c where c.team_id = p_team and c.id = any(p_ids);
  get diagnostics v_gone = row_count;
  delete from blob_refs f where f.team_id = p_team and f.owner_kind = 'cache' and f.owner_id = any(p_ids);
  return v_gone;
end $$;

-- Entries past their time, of all teams, in one bounded bite.
create function hub_prune_cached() returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_gone bigint;
begin
  with old as (
    delete from step_cache c where (c.team_id, c.key) in (select o.team_id, o.key from step_cache o where o.expires_at < clock_timestamp() limit 5000) returning c.team_id, c.id
  ), freed as (
    delete from blob_refs f using old o where f.team_id = o.team_id and f.owner_kind = 'cache' and f.owner_id = o.id
  )
  select count(*) into v_gone from old;
  return v_gone;
end $$;

grant execute on function hub_cached_step, hub_cache_step, hub_forget_cached to hub_app;
grant select, delete on step_cache, blob_refs to hub_definer;
grant create on schema public to hub_definer;
alter function hub_prune_cached() owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_prune_cached to hub_app;
reset role;
