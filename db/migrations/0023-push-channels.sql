-- Push as a wake-up of polls: a vendor tells the hub that something changed, and the poll of that trigger runs now. What is new is still the poll's word.

-- Channels that the hub opened at vendors. A row refers to no workflow: when that is gone, its channel must still be stopped at the vendor.
create table push_channels (
  team_id uuid not null,
  id uuid not null, -- the channel's name at the vendor
  workflow_id uuid not null,
  trigger_id text not null,
  connector text not null,
  credential_id text not null, -- of its account are the changes, and by it alone it can be stopped
  address text not null,
  token_hash bytea not null check (length(token_hash) = 32), -- SHA-256 of what the vendor says back
  resource text, -- the vendor's name of what is watched; null: it is being opened
  message bigint not null default 0, -- number of the newest message
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  stop_after timestamptz, -- a stop that did not get through waits until then
  primary key (team_id, id)
);
create index push_channels_id on push_channels (id);
create index push_channels_trigger on push_channels (team_id, workflow_id, trigger_id);
call hub_protect('push_channels');
grant select, insert, update, delete on push_channels to hub_app;

alter table triggers
  add column push_after timestamptz, -- opening a channel is not tried before
  add column push_tries integer not null default 0, -- in a row
  add column push_problem text, -- why there is none
  add column wake_at timestamptz, -- a poll that is to run then, whatever its interval
  add column woken_at timestamptz;
create index triggers_poll on triggers (team_id) where type = 'poll' and status = 'active';
create index triggers_wake on triggers (wake_at) where wake_at is not null;

grant select, update on push_channels to hub_definer;
grant update (push_after, push_tries, wake_at, woken_at) on triggers to hub_definer;

-- Polls that should have a channel: those that fire now, of an action that can be pushed (`connector/action`).
create function hub_push_wanted(p_actions text[]) returns table (team_id uuid, workflow_id uuid, trigger_id text, connector text, credential_id text)
language sql stable as $$
  select t.team_id, t.workflow_id, t.trigger_id, t.config ->> 'connector', t.config ->> 'credentialId'
  from triggers t join workflows w on w.team_id = t.team_id and w.id = t.workflow_id
  where t.type = 'poll' and t.status = 'active' and t.paused_at is null and t.stopped_at is null and w.status = 'active'
    and (t.config ->> 'connector') || '/' || (t.config ->> 'action') = any (p_actions) and t.config ->> 'credentialId' is not null
$$;

-- Whose channel this is, before anything of a message is believed. Null: nobody's, or it is over.
create function hub_find_push(p_id uuid) returns jsonb language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object('team', c.team_id, 'workflowId', c.workflow_id, 'triggerId', c.trigger_id, 'connector', c.connector, 'tokenHash', encode(c.token_hash, 'hex'))
  from push_channels c where c.id = p_id and c.expires_at > clock_timestamp() limit 1
$$;

-- Wakes that are due, taken. One that does not reach Temporal is put back by its taker; after a crash the poll's own interval sees to it.
create function hub_claim_wakes(p_max integer) returns table (team uuid, workflow uuid, trigger_id text)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with due as (
    select t.team_id, t.id from triggers t where t.wake_at <= clock_timestamp() order by t.wake_at limit p_max for update skip locked)
  update triggers t set wake_at = null, woken_at = clock_timestamp() from due d where t.team_id = d.team_id and t.id = d.id
  returning t.team_id, t.workflow_id, t.trigger_id
$$;

-- Polls that want a channel and have none that lasts, for p_lease_ms.
create function hub_claim_push_opens(p_actions text[], p_address text, p_renew_ms bigint, p_lease_ms bigint, p_max integer)
returns table (team uuid, workflow uuid, trigger_id text, connector text, credential text, tries integer)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with due as (
    select t.team_id, t.id, x.connector, x.credential_id
    from hub_push_wanted(p_actions) x join triggers t on t.team_id = x.team_id and t.workflow_id = x.workflow_id and t.trigger_id = x.trigger_id
    where (t.push_after is null or t.push_after <= clock_timestamp()) and not exists (
      select from push_channels c where c.team_id = x.team_id and c.workflow_id = x.workflow_id and c.trigger_id = x.trigger_id and c.connector = x.connector
        and c.credential_id = x.credential_id and c.address = p_address || x.connector and c.resource is not null
        -- A vendor may give less time than was asked for: then with the last quarter of it left.
        and c.expires_at > clock_timestamp() + least(make_interval(secs => p_renew_ms / 1000.0), (c.expires_at - c.created_at) / 4))
    order by t.push_after nulls first limit p_max for update of t skip locked)
  update triggers t set push_after = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0), push_tries = t.push_tries + 1 from due d
  where t.team_id = d.team_id and t.id = d.id
  returning t.team_id, t.workflow_id, t.trigger_id, d.connector, d.credential_id, t.push_tries
$$;

-- Channels that nobody wants, that a newer one replaced, that are over, or whose opening was lost on the way; for p_lease_ms.
create function hub_claim_push_stops(p_actions text[], p_address text, p_lease_ms bigint, p_max integer)
returns table (team uuid, id uuid, workflow uuid, trigger_id text, connector text, credential text, resource text, over boolean)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with due as (
    select c.team_id, c.id from push_channels c
    where (c.stop_after is null or c.stop_after <= clock_timestamp()) and (c.resource is not null or c.created_at < clock_timestamp() - interval '2 minutes') and (
      c.resource is null or c.expires_at <= clock_timestamp()
      or not exists (select from hub_push_wanted(p_actions) x where x.team_id = c.team_id and x.workflow_id = c.workflow_id and x.trigger_id = c.trigger_id
        and x.connector = c.connector and x.credential_id = c.credential_id and c.address = p_address || x.connector)
      or exists (select from push_channels n where n.team_id = c.team_id and n.workflow_id = c.workflow_id and n.trigger_id = c.trigger_id
        and n.resource is not null and (n.created_at, n.id) > (c.created_at, c.id)))
    limit p_max for update skip locked)
  update push_channels c set stop_after = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0) from due d
  where c.team_id = d.team_id and c.id = d.id
  returning c.team_id, c.id, c.workflow_id, c.trigger_id, c.connector, c.credential_id, c.resource, c.expires_at <= clock_timestamp()
$$;

grant execute on function hub_push_wanted to hub_definer, hub_app;
grant create on schema public to hub_definer;
alter function hub_find_push(uuid) owner to hub_definer;
alter function hub_claim_wakes(integer) owner to hub_definer;
alter function hub_claim_push_opens(text[], text, bigint, bigint, integer) owner to hub_definer;
alter function hub_claim_push_stops(text[], text, bigint, integer) owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_find_push, hub_claim_wakes, hub_claim_push_opens, hub_claim_push_stops to hub_app;
reset role;
