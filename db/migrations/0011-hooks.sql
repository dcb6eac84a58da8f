-- What comes in over HTTP: tokens of webhooks and forms, the requests that came, listening for a test event, and answers of respond steps.

alter table triggers add column token_hint text; -- the first characters, to tell two tokens apart
alter table triggers add column form_token text; -- a form's link is meant to be handed around, so it can be read again; a webhook's cannot
alter table triggers add column token_made_at timestamptz;

create table hook_deliveries (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  trigger_id text not null,
  at timestamptz not null default clock_timestamp(),
  method text not null,
  content_type text,
  headers jsonb not null default '{}', -- secrets masked
  query jsonb not null default '{}', -- secrets masked
  bytes integer not null default 0,
  input_text text, -- the input it made, when it was taken and is small enough to keep
  outcome text not null check (outcome in ('started', 'repeated', 'delivered', 'held', 'shown', 'refused', 'failed')),
  status smallint not null,
  code text,
  run_id uuid,
  ms integer not null default 0,
  is_test boolean not null default false,
  replay_of uuid,
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows on delete cascade
);
create index hook_deliveries_of_trigger on hook_deliveries (team_id, workflow_id, trigger_id, id desc);
create index hook_deliveries_age on hook_deliveries (at);
call hub_protect('hook_deliveries');

create table hook_listens (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  trigger_id text not null,
  type text not null check (type in ('webhook', 'form')),
  config jsonb not null, -- as the draft had it when the window was opened
  starts boolean not null default false,
  token_hash bytea not null unique check (length(token_hash) = 32),
  user_id uuid references users on delete set null,
  status text not null default 'waiting' check (status in ('waiting', 'received')),
  delivery_id uuid,
  run_id uuid,
  problem text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows on delete cascade
);
call hub_protect('hook_listens');

-- A row is made when somebody waits for the run's answer; the first respond step fills it.
create table run_answers (
  team_id uuid not null,
  run_id uuid not null,
  until timestamptz, -- null: as long as it takes (a form's page asks again and again)
  path text, -- of the respond step that answered
  status smallint,
  headers jsonb,
  body_text text, -- JSON text
  answered_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (team_id, run_id),
  foreign key (team_id, run_id) references workflow_executions on delete cascade
);
call hub_protect('run_answers');

grant select, insert, update, delete on hook_deliveries, hook_listens, run_answers to hub_app;

grant select on hook_listens to hub_definer;
grant select, delete on hook_deliveries, hook_listens to hub_definer;

grant create on schema public to hub_definer;
set local role hub_definer;

-- Replaced by hub_open_token.
drop function hub_find_hook(bytea);

-- Whose token this is, with all that decides what becomes of a request: one round trip before anything of its body is read.
create function hub_open_token(p_hash bytea) returns jsonb language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select jsonb_build_object('team', t.team_id, 'plan', m.plan, 'workflowId', t.workflow_id, 'workflowStatus', w.status, 'triggerId', t.trigger_id, 'type', t.type,
    'config', t.config, 'status', t.status, 'listen', null)
  from triggers t join workflows w on w.team_id = t.team_id and w.id = t.workflow_id join teams m on m.id = t.team_id where t.token_hash = p_hash
  union all
  select jsonb_build_object('team', l.team_id, 'plan', m.plan, 'workflowId', l.workflow_id, 'workflowStatus', w.status, 'triggerId', l.trigger_id, 'type', l.type,
    'config', l.config, 'status', 'active',
    'listen', jsonb_build_object('id', l.id, 'starts', l.starts, 'userId', l.user_id, 'open', l.status = 'waiting' and l.expires_at > clock_timestamp(), 'runId', l.run_id))
  from hook_listens l join workflows w on w.team_id = l.team_id and w.id = l.workflow_id join teams m on m.id = l.team_id where l.token_hash = p_hash
$$;

-- Deliveries are kept 7 days, ended windows one day.
create function hub_prune_hooks() returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_all bigint := 0;
  v_rows bigint;
begin
  delete from hook_deliveries where at < now() - interval '7 days';
  get diagnostics v_rows = row_count; v_all := v_all + v_rows;
  delete from hook_listens where expires_at < now() - interval '1 day';
  get diagnostics v_rows = row_count; v_all := v_all + v_rows;
  return v_all;
end $$;

grant execute on function hub_open_token, hub_prune_hooks to hub_app;
reset role;
revoke create on schema public from hub_definer;

-- Mails of notify steps where no mail server is set: the operator reads them at /dev/mail, the newest 200 of each team.
create table unsent_mails (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  at timestamptz not null default clock_timestamp(),
  recipients text not null,
  subject text not null,
  body text not null,
  message_id text not null,
  primary key (team_id, id),
  unique (team_id, message_id)
);
call hub_protect('unsent_mails');
grant select, insert, delete on unsent_mails to hub_app;
grant select on unsent_mails to hub_definer;
grant create on schema public to hub_definer;
set local role hub_definer;
create function hub_unsent_mails(p_max integer) returns table (id uuid, at timestamptz, recipients text, subject text, body text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id, m.at, m.recipients, m.subject, m.body from unsent_mails m order by m.id desc limit least(p_max, 200)
$$;
grant execute on function hub_unsent_mails to hub_app;
reset role;
revoke create on schema public from hub_definer;
