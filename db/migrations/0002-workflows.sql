-- What teams make: workflows, their versions, triggers, data sources, credentials. Columns of the first plan keep their names and meaning.

create table workflows (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  user_id uuid references users on delete set null,
  name text not null,
  description text,
  definition jsonb not null, -- the draft, for querying
  definition_source json not null default '{}', -- the draft as it was given: keys in the author's order
  execution_mode text not null default 'manual',
  schedule_config jsonb,
  max_concurrent_runs integer not null default 1 check (max_concurrent_runs >= 0),
  timeout_seconds integer not null default 3600,
  retry_config jsonb not null default '{"max_attempts": 3, "backoff": "exponential"}',
  status text not null default 'draft' check (status in ('draft', 'active', 'paused', 'archived')),
  version integer not null default 1, -- the number the next publish gets
  tags text[] not null default '{}',
  revision integer not null default 1, -- of the draft, for If-Match
  definition_hash text not null default '',
  overlap text not null default 'queue' check (overlap in ('queue', 'skip', 'cancel_older')),
  priority smallint not null default 3 check (priority between 1 and 5),
  published_version integer,
  published_version_id uuid,
  pins jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (team_id, id)
);
call hub_protect('workflows');

-- version null: a frozen draft of a test run. Never changed.
create table workflow_versions (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  version integer,
  definition json not null, -- json, not jsonb: keys keep the author's order, which shows in values made from it
  hash text not null,
  plan jsonb not null,
  note text not null default '',
  warnings jsonb not null default '[]',
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows on delete cascade,
  unique (team_id, workflow_id, version)
);
create unique index workflow_versions_snapshot on workflow_versions (team_id, workflow_id, hash) where version is null;
call hub_protect('workflow_versions');
create trigger workflow_versions_immutable before update of definition, hash, plan, version, note, workflow_id, team_id, id on workflow_versions
  for each row execute function hub_refuse_change();
alter table workflows add foreign key (team_id, published_version_id) references workflow_versions (team_id, id) deferrable initially deferred;

-- Derived from the draft on save, for querying.
create table workflow_nodes (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  node_id text not null,
  node_type text not null,
  config jsonb not null,
  position jsonb,
  depends_on text[] not null default '{}',
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows on delete cascade,
  unique (team_id, workflow_id, node_id)
);
call hub_protect('workflow_nodes');

create table triggers (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  trigger_id text not null,
  type text not null,
  config jsonb not null default '{}',
  status text not null default 'active' check (status in ('active', 'removed')),
  token_hash bytea unique check (token_hash is null or length(token_hash) = 32),
  version integer,
  last_fired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows on delete cascade,
  unique (team_id, workflow_id, trigger_id)
);
call hub_protect('triggers');

create table variables (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  name text not null,
  value jsonb not null,
  revision integer not null default 1,
  updated_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (team_id, id),
  unique (team_id, name)
);
call hub_protect('variables');

create table workflow_permissions (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  user_id uuid not null references users on delete cascade,
  permission_level text not null check (permission_level in ('viewer', 'editor', 'runner', 'admin')),
  granted_by_user_id uuid references users on delete set null,
  granted_at timestamptz not null default now(),
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows on delete cascade,
  unique (team_id, workflow_id, user_id)
);
call hub_protect('workflow_permissions');

create table workflow_templates (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  name text not null,
  description text,
  category text,
  definition jsonb not null,
  is_public boolean not null default false,
  created_by_user_id uuid references users on delete set null,
  use_count integer not null default 0,
  rating numeric(2, 1),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (team_id, id)
);
call hub_protect('workflow_templates');
-- The public library is read by every team.
create policy library on workflow_templates for select using (is_public and nullif(current_setting('app.team', true), '') is not null);
create index workflow_templates_library on workflow_templates (category, id) where is_public;

create table connector_credentials (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  user_id uuid references users on delete set null,
  connector_type text not null,
  encrypted_credentials bytea not null,
  encryption_key_id text not null,
  oauth_token_expires_at timestamptz,
  oauth_refresh_token_encrypted bytea,
  status text not null default 'active' check (status in ('active', 'expired', 'revoked')),
  last_used_at timestamptz,
  name text not null,
  allowed_hosts text[] not null default '{}',
  row_version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (team_id, id)
);
create unique index connector_credentials_name on connector_credentials (team_id, name) where status <> 'revoked';
call hub_protect('connector_credentials');

create table data_sources (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  user_id uuid references users on delete set null,
  name text not null,
  type text not null,
  config jsonb not null,
  status text not null default 'active' check (status in ('active', 'error', 'paused')),
  last_sync_at timestamptz,
  sync_frequency text,
  error_log jsonb,
  credential_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (team_id, id),
  foreign key (team_id, credential_id) references connector_credentials
);
call hub_protect('data_sources');

create table data_source_syncs (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  data_source_id uuid not null,
  status text not null check (status in ('running', 'completed', 'failed')),
  started_at timestamptz default now(),
  completed_at timestamptz,
  records_fetched integer not null default 0,
  records_processed integer not null default 0,
  records_failed integer not null default 0,
  error_message text,
  sync_metadata jsonb,
  created_at timestamptz not null default now(),
  primary key (team_id, id),
  foreign key (team_id, data_source_id) references data_sources on delete cascade
);
create index data_source_syncs_source on data_source_syncs (team_id, data_source_id, id);
call hub_protect('data_source_syncs');

grant select, insert, update, delete on workflows, workflow_nodes, triggers, variables, workflow_permissions, workflow_templates,
  connector_credentials, data_sources, data_source_syncs to hub_app;
grant select, insert, delete on workflow_versions to hub_app;
