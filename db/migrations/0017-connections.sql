-- Connections: access tokens beside the stored values, who may use a credential, and the way through a provider's consent page.

alter table connector_credentials drop constraint connector_credentials_status_check;
alter table connector_credentials
  add constraint connector_credentials_status_check check (status in ('active', 'pending', 'needs_reauth', 'expired', 'revoked')),
  add column status_reason text,
  add column oauth_access_token_encrypted bytea,
  add column token_version integer not null default 0, -- the seals of both tokens are bound to it
  add column oauth_scopes text[] not null default '{}',
  add column account text,
  add column usable_by text not null default 'team' check (usable_by in ('team', 'people')),
  add column users uuid[] not null default '{}';

-- A consent under way. Good once, for ten minutes, for the session that began it; only the hash of its state is kept.
create table oauth_states (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  state_hash bytea not null check (length(state_hash) = 32),
  credential_id uuid not null,
  row_version integer not null,
  user_id uuid not null references users on delete cascade,
  session_id uuid not null,
  verifier_encrypted bytea not null,
  redirect_url text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (team_id, id),
  foreign key (team_id, credential_id) references connector_credentials on delete cascade,
  unique (team_id, state_hash)
);
create index oauth_states_old on oauth_states (expires_at);
call hub_protect('oauth_states');
grant select, insert, update, delete on oauth_states to hub_app;

-- Credentials whose seal is not of the primary key, for the re-wrap: teams and ids only.
grant select on connector_credentials, oauth_states to hub_definer;
grant delete on oauth_states to hub_definer;
create function hub_credentials_to_rewrap(p_key text, p_after uuid, p_max integer) returns table (team uuid, credential uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.team_id, c.id from connector_credentials c
  where c.status <> 'revoked' and c.encryption_key_id <> p_key and (p_after is null or c.id > p_after) order by c.id limit p_max
$$;

-- Consents nobody came back from.
create function hub_prune_oauth_states() returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_rows integer;
begin
  delete from oauth_states where expires_at < now() - interval '1 hour';
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

grant create on schema public to hub_definer;
alter function hub_credentials_to_rewrap(text, uuid, integer) owner to hub_definer;
alter function hub_prune_oauth_states() owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_credentials_to_rewrap, hub_prune_oauth_states to hub_app;
reset role;

create index workflow_nodes_credential on workflow_nodes (team_id, (config ->> 'credentialId')) where config ? 'credentialId';
