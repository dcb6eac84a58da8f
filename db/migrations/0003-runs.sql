-- Runs, their steps and their values. Values are exact text (inline to 32 KB, else a blob); JSONB columns are previews for people.

-- key (team, HMAC of the content with the team's key); hash null: being written.
create table blobs (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  hash bytea,
  bytes bigint not null default 0,
  last_put_at timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default now(),
  primary key (team_id, id),
  unique (team_id, hash)
);
create index blobs_untouched on blobs (last_put_at);
call hub_protect('blobs');

create table blob_chunks (
  team_id uuid not null,
  blob_id uuid not null,
  n integer not null,
  content bytea not null check (length(content) <= 1048576),
  primary key (team_id, blob_id, n),
  foreign key (team_id, blob_id) references blobs on delete cascade
);
call hub_protect('blob_chunks');

-- Who needs the blob: a run or a file. A blob without a row here is swept 24 hours after its last put.
create table blob_refs (
  team_id uuid not null,
  blob_id uuid not null,
  owner_kind text not null check (owner_kind in ('run', 'file')),
  owner_id uuid not null,
  primary key (team_id, blob_id, owner_kind, owner_id),
  foreign key (team_id, blob_id) references blobs
);
create index blob_refs_owner on blob_refs (team_id, owner_kind, owner_id);
call hub_protect('blob_refs');

create table files (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  name text not null,
  mime text not null,
  bytes bigint not null,
  sha256 text not null,
  blob_id uuid not null,
  run_id uuid,
  created_by uuid references users on delete set null,
  created_at timestamptz not null default now(),
  primary key (team_id, id),
  foreign key (team_id, blob_id) references blobs
);
call hub_protect('files');

-- Locked before every change of who has a slot: the team's row first, then the workflow's.
create table team_slots (
  team_id uuid primary key references teams on delete cascade,
  used integer not null default 0 check (used >= 0)
);
call hub_protect('team_slots');
create table workflow_slots (
  team_id uuid not null,
  workflow_id uuid not null,
  used integer not null default 0 check (used >= 0),
  primary key (team_id, workflow_id),
  foreign key (team_id, workflow_id) references workflows on delete cascade
);
call hub_protect('workflow_slots');

create table workflow_executions (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  workflow_version integer,
  version_id uuid not null,
  root_run_id uuid not null,
  parent_run_id uuid,
  series_id uuid,

  triggered_by text not null,
  triggered_by_user_id uuid references users on delete set null,
  trigger_id text not null default '',
  trigger jsonb not null default '{}',
  idempotency_key text,
  idempotency_hash bytea,

  status text not null check (status in ('queued', 'starting', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out')),
  status_reason text,
  -- What it holds while starting, running or waiting: both slots, the team's only (a test run), none (a child run).
  slot text not null default 'workflow' check (slot in ('workflow', 'team', 'none')),
  priority smallint not null default 3 check (priority between 1 and 5),
  starting_at timestamptz,
  cancel_requested_at timestamptz,
  cancelled_by_user_id uuid references users on delete set null,
  started_at timestamptz,
  completed_at timestamptz,

  input_data jsonb,
  input_text text,
  input_blob uuid,
  input_bytes bigint not null default 0,
  output_data jsonb,
  output_text text,
  output_blob uuid,
  output_bytes bigint,
  vars jsonb not null default '{}',
  start_options jsonb not null default '{}',
  pinned jsonb not null default '{}',
  is_test boolean not null default false,

  seq bigint not null default 0,
  total_nodes integer,
  completed_nodes integer,
  failed_nodes integer,
  skipped_nodes integer,
  steps integer not null default 0,
  total_tokens_used bigint not null default 0,
  total_cost_usd numeric(14, 6) not null default 0,
  execution_time_ms bigint,

  error_message text,
  error_node_id text,
  error_code text,
  error_path text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows,
  foreign key (team_id, version_id) references workflow_versions,
  foreign key (team_id, input_blob) references blobs,
  foreign key (team_id, output_blob) references blobs
) with (fillfactor = 70); -- its counters change with every step: room for the new version on the same page
create unique index workflow_executions_idempotency on workflow_executions (team_id, workflow_id, idempotency_key, trigger_id) where idempotency_key is not null;
create index workflow_executions_workflow on workflow_executions (team_id, workflow_id, id);
create index workflow_executions_status on workflow_executions (team_id, status, id);
create index workflow_executions_queue on workflow_executions (team_id, workflow_id, priority, created_at, id) where status = 'queued' and slot = 'workflow';
create index workflow_executions_test_queue on workflow_executions (team_id, priority, created_at, id) where status = 'queued' and slot = 'team';
create index workflow_executions_starting on workflow_executions (starting_at) where status = 'starting';
create index workflow_executions_active on workflow_executions (team_id, workflow_id, id) where status in ('starting', 'running', 'waiting');
call hub_protect('workflow_executions');

create table node_executions (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_execution_id uuid not null,
  node_id text not null,
  node_type text,
  path text collate "C" not null,
  iteration integer,
  status text not null check (status in ('queued', 'running', 'waiting', 'completed', 'failed', 'skipped', 'cancelled', 'lost')),
  port text,
  started_at timestamptz,
  completed_at timestamptz,

  input_data jsonb,
  input_text text,
  input_blob uuid,
  input_bytes bigint,
  output_data jsonb,
  output_text text,
  output_blob uuid,
  output_bytes bigint,

  tokens_used integer,
  cost_usd numeric(14, 6),
  model text,

  attempt_number integer not null default 1, -- 0: never attempted (skipped, disabled, pinned), or the verdict after the last attempt (recovered)
  error_message text,
  error_code text,
  error_details jsonb,
  recovered boolean not null default false,
  disabled boolean not null default false,
  pinned boolean not null default false,
  seeded boolean not null default false,
  warnings jsonb not null default '[]',
  created_at timestamptz not null default clock_timestamp(),
  primary key (team_id, id),
  unique (team_id, workflow_execution_id, path, attempt_number),
  foreign key (team_id, workflow_execution_id) references workflow_executions on delete cascade,
  foreign key (team_id, input_blob) references blobs,
  foreign key (team_id, output_blob) references blobs
) with (fillfactor = 85);
-- The node before the run: with (team, run) first, PostgreSQL takes it for look-ups by path too as long as the table has no statistics, and reads all rows of the run.
create index node_executions_node on node_executions (team_id, node_id, workflow_execution_id, id);
call hub_protect('node_executions');

-- Append-only. `seq` is given by the run's own row in the same transaction, so numbers appear in commit order; no foreign key is needed for that.
create table run_events (
  team_id uuid not null,
  run_id uuid not null,
  seq bigint not null,
  at timestamptz not null default clock_timestamp(),
  type text not null,
  path text collate "C",
  iteration integer,
  refs jsonb not null default '{}',
  primary key (team_id, run_id, seq)
);
call hub_protect('run_events');
create trigger run_events_append_only before update or delete on run_events for each row execute function hub_refuse_change();

-- A loop's items as they were when it opened.
create table loop_items (
  team_id uuid not null,
  run_id uuid not null,
  path text collate "C" not null,
  count integer not null,
  items_text text,
  items_blob uuid,
  primary key (team_id, run_id, path),
  foreign key (team_id, run_id) references workflow_executions on delete cascade,
  foreign key (team_id, items_blob) references blobs
);
call hub_protect('loop_items');

-- Results of iterations that are not simply their sink's output: an expression of `result`, and exceptions of items that ran in chunks.
create table iteration_results (
  team_id uuid not null,
  run_id uuid not null,
  loop_path text collate "C" not null,
  index integer not null,
  value_text text,
  value_blob uuid,
  dropped boolean not null default false, -- onItemError: skip
  primary key (team_id, run_id, loop_path, index),
  foreign key (team_id, run_id) references workflow_executions on delete cascade,
  foreign key (team_id, value_blob) references blobs
);
call hub_protect('iteration_results');

create table model_calls (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  node_id text not null,
  path text collate "C" not null,
  attempt integer not null,
  n integer not null, -- the how-manieth of its attempt
  provider text not null,
  model text not null,
  input_tokens integer not null,
  output_tokens integer not null,
  cached_tokens integer not null default 0,
  cost_usd numeric(14, 6), -- null: price unknown
  duration_ms integer not null,
  status text not null check (status in ('ok', 'error')),
  error_code text,
  provider_request_id text,
  demo boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  primary key (team_id, id),
  unique (team_id, run_id, path, attempt, n),
  foreign key (team_id, run_id) references workflow_executions on delete cascade
);
call hub_protect('model_calls');

create table workflow_alerts (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid,
  workflow_execution_id uuid,
  alert_type text not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  title text not null,
  message text,
  metadata jsonb,
  notified_users uuid[] not null default '{}',
  acknowledged boolean not null default false,
  acknowledged_by_user_id uuid references users on delete set null,
  acknowledged_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows on delete cascade,
  foreign key (team_id, workflow_execution_id) references workflow_executions on delete cascade
);
call hub_protect('workflow_alerts');

-- The saved first answer of a POST (kept 24 hours); status null: in flight.
create table idempotency_keys (
  team_id uuid not null references teams on delete cascade,
  scope text not null,
  key text not null,
  body_hash bytea not null,
  status integer,
  body text,
  created_at timestamptz not null default now(),
  primary key (team_id, scope, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
call hub_protect('idempotency_keys');

-- Not a tenant table: its keys are route class and address or team. Losing it in a crash only forgives.
create unlogged table rate_limits (
  key text primary key,
  points integer not null,
  expire timestamptz not null
);

grant select, insert, update, delete on blobs, blob_chunks, blob_refs, files, node_executions, loop_items, iteration_results, workflow_alerts, idempotency_keys to hub_app;
grant select, insert, update on team_slots, workflow_slots, workflow_executions to hub_app;
grant select, insert on run_events, model_calls to hub_app;
grant select, insert, update, delete on rate_limits to hub_app, hub_auth;
