-- People and teams. The tables users to invitations belong to better-auth, which works as hub_auth and sees nothing else of the hub.
-- Roles (made by the launcher or the operator): hub_owner runs this file; hub_app is api and worker; hub_definer owns functions that look across teams.

revoke all on schema public from public;
grant usage on schema public to hub_app, hub_auth, hub_definer;
alter default privileges revoke execute on functions from public;

-- The team of this transaction; null when none is set (an ended transaction leaves '' behind, which is no uuid).
create function hub_team() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.team', true), '')::uuid;
grant execute on function hub_team() to hub_app, hub_auth, hub_definer;

-- Puts the wall around one tenant table: used once per table, below its definition.
create procedure hub_protect(p_table regclass, p_column text default 'team_id') language plpgsql as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  execute format(
    'create policy team on %1$s using (%2$I = nullif(current_setting(''app.team'', true), '''')::uuid) with check (%2$I = nullif(current_setting(''app.team'', true), '''')::uuid)',
    p_table, p_column);
end $$;

-- Sets the team for the rest of the transaction and gives it back, so that one statement can do both (readAsTeam in db/database.ts).
create function hub_as_team(p_team uuid) returns uuid language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  return p_team;
end $$;
grant execute on function hub_as_team to hub_app;

-- Refuses what an append-only or immutable table must never see. Pruning works as hub_definer.
create function hub_refuse_change() returns trigger language plpgsql as $$
begin
  if current_user = 'hub_definer' then return coalesce(new, old); end if;
  raise exception '% rows are never changed or deleted', tg_table_name using errcode = 'HB009';
end $$;

create table users (
  id uuid primary key default uuidv7(),
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table teams (
  id uuid primary key default uuidv7(),
  name text not null,
  slug text not null unique,
  logo text,
  metadata text,
  plan text not null default 'free' check (plan in ('free', 'teams', 'enterprise')),
  settings jsonb not null default '{}',
  max_concurrent_runs integer not null default 200 check (max_concurrent_runs >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
call hub_protect('teams', 'id');

create table sessions (
  id uuid primary key default uuidv7(),
  user_id uuid not null references users on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  active_team_id uuid references teams on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_user on sessions (user_id);

create table accounts (
  id uuid primary key default uuidv7(),
  user_id uuid not null references users on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index accounts_user on accounts (user_id);

create table verifications (
  id uuid primary key default uuidv7(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier on verifications (identifier);

create table members (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  user_id uuid not null references users on delete cascade,
  role text not null default 'viewer' check (role in ('owner', 'admin', 'editor', 'runner', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (team_id, id),
  unique (team_id, user_id)
);
create index members_user on members (user_id, team_id);
create index members_id on members (id);
call hub_protect('members');

create table invitations (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  email text not null,
  role text not null default 'viewer' check (role in ('owner', 'admin', 'editor', 'runner', 'viewer')),
  status text not null default 'pending',
  inviter_id uuid not null references users on delete cascade,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (team_id, id)
);
create index invitations_email on invitations (email);
create index invitations_id on invitations (id);
call hub_protect('invitations');

-- The key itself is never stored: sha-256 of its text, and a prefix for people.
create table api_keys (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  name text not null,
  hash bytea not null unique check (length(hash) = 32),
  prefix text not null,
  scopes text[],
  created_by uuid references users on delete set null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (team_id, id)
);
call hub_protect('api_keys');

create table notices (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  user_id uuid not null references users on delete cascade,
  kind text not null,
  title text not null,
  body text not null default '',
  link text,
  dedupe_key text,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (team_id, id),
  unique (team_id, user_id, dedupe_key)
);
create index notices_inbox on notices (team_id, user_id, id);
create index notices_unread on notices (team_id, user_id) where read_at is null;
call hub_protect('notices');

create table audit_log (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  user_id uuid references users on delete set null,
  api_key_id uuid,
  action text not null,
  target text,
  from_address text,
  details jsonb,
  at timestamptz not null default clock_timestamp(),
  primary key (team_id, id)
);
create index audit_log_target on audit_log (team_id, target, id);
call hub_protect('audit_log');
create trigger audit_log_append_only before update or delete on audit_log for each row execute function hub_refuse_change();

-- Who sees whom: the app sees people of the team at hand; better-auth sees all of its own tables; the seed works as owner.
alter table users enable row level security;
alter table users force row level security;
create policy auth on users to hub_auth using (true) with check (true);
create policy owner on users to hub_owner using (true) with check (true);
create policy team on users for select to hub_app using (exists (select from members m where m.user_id = users.id));
create policy auth on teams to hub_auth using (true) with check (true);
create policy auth on members to hub_auth using (true) with check (true);
create policy auth on invitations to hub_auth using (true) with check (true);

grant select, insert, update, delete on users, sessions, accounts, verifications, members, invitations to hub_auth;
grant select, delete on teams to hub_auth;
-- Not plan, settings or limits: a hole in sign-in must not buy a plan.
grant insert (id, name, slug, logo, metadata, created_at, updated_at), update (name, slug, logo, metadata, updated_at) on teams to hub_auth;

grant select on users, members to hub_app;
grant select, update on teams to hub_app;
grant select, insert, update, delete on members, invitations to hub_app;
grant select, insert, update, delete on api_keys, notices to hub_app;
grant select, insert on audit_log to hub_app;
