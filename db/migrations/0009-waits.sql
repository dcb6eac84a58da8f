-- What runs wait for, and what is said to them. A message is written here first and then told to Temporal by its number; whatever is lost in
-- between is sent again by the sweep, and counts once by that number. Order of locks: waits and step rows first, the run's own row last.

alter table workflow_executions add column messages integer not null default 0;

create table run_messages (
  team_id uuid not null,
  run_id uuid not null,
  n integer not null, -- counts the run's messages, given by the run's own row
  message_id text not null,
  kind text not null check (kind in ('signal', 'answer', 'child', 'pause', 'resume')),
  name text,
  key_hash text,
  path text collate "C", -- the one node it is for
  decision text,
  payload_text text,
  payload_blob uuid,
  by_name text,
  by_user_id uuid references users on delete set null,
  created_at timestamptz not null default clock_timestamp(),
  sent_at timestamptz,
  taken_path text collate "C",
  primary key (team_id, run_id, n),
  unique (team_id, run_id, message_id),
  foreign key (team_id, run_id) references workflow_executions on delete cascade,
  foreign key (team_id, payload_blob) references blobs
);
create index run_messages_unsent on run_messages (created_at) where sent_at is null;
create index run_messages_kept on run_messages (team_id, run_id) where kind = 'signal' and taken_path is null;
call hub_protect('run_messages');

create table run_waits (
  team_id uuid not null,
  run_id uuid not null,
  path text collate "C" not null,
  node_id text not null,
  iteration integer,
  attempt integer not null,
  reason text not null check (reason in ('approval', 'signal', 'timer', 'child', 'budget', 'incident', 'unknown-outcome')),
  facts jsonb not null, -- as the planner knows them
  signal_name text,
  key_hash text,
  token_hash bytea, -- of its one-time link
  child_run_id uuid,
  expires_at timestamptz,
  answered_n integer, -- the message that answered or released it
  opened_at timestamptz not null default clock_timestamp(),
  closed_at timestamptz,
  primary key (team_id, run_id, path, attempt),
  foreign key (team_id, run_id) references workflow_executions on delete cascade
);
create index run_waits_open on run_waits (team_id, run_id, node_id) where closed_at is null;
create index run_waits_signal on run_waits (team_id, signal_name, key_hash) where closed_at is null and signal_name is not null;
create unique index run_waits_token on run_waits (token_hash) where token_hash is not null;
call hub_protect('run_waits');

create table approvals (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  run_id uuid not null,
  node_id text not null,
  path text collate "C" not null,
  attempt integer not null,
  title text not null,
  body text,
  form jsonb,
  approvers text[] not null default '{}',
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
  requested_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  decided_by text,
  decided_by_user_id uuid references users on delete set null,
  decided_at timestamptz,
  form_data jsonb,
  reminded integer not null default 0,
  primary key (team_id, id),
  unique (team_id, run_id, path, attempt),
  foreign key (team_id, run_id) references workflow_executions on delete cascade
);
create index approvals_status on approvals (team_id, status, id);
call hub_protect('approvals');

-- Signals that came by name before any wait for them was open; kept 24 hours.
create table held_signals (
  team_id uuid not null references teams on delete cascade,
  id uuid not null default uuidv7(),
  workflow_id uuid,
  name text not null,
  key_hash text,
  message_id text not null,
  payload_text text,
  payload_blob uuid,
  files uuid[] not null default '{}', -- that came with it: they are the run's that takes it
  created_at timestamptz not null default clock_timestamp(),
  primary key (team_id, id),
  unique (team_id, name, message_id),
  foreign key (team_id, payload_blob) references blobs
);
create index held_signals_age on held_signals (created_at);
call hub_protect('held_signals');

grant select, insert, update, delete on run_messages, run_waits, approvals, held_signals to hub_app;

-- Takes a message for a run that is under way; its number, or null where the run is over. The caller has looked for a repeat.
create function hub_add_message(p_team uuid, p_run uuid, p_id text, p_kind text, p jsonb) returns integer language plpgsql as $$
declare
  v_n integer;
  v_seq bigint;
begin
  update workflow_executions set messages = messages + 1, seq = seq + 1
  where team_id = p_team and id = p_run and status in ('queued', 'starting', 'running', 'waiting') returning messages, seq into v_n, v_seq;
  if v_n is null then return null; end if;
  insert into run_messages (team_id, run_id, n, message_id, kind, name, key_hash, path, decision, payload_text, payload_blob, by_name, by_user_id)
  values (p_team, p_run, v_n, p_id, p_kind, p ->> 'name', p ->> 'key', p ->> 'path', p ->> 'decision', p #>> '{payload,text}', (p #>> '{payload,blob}')::uuid,
    p ->> 'by', (p ->> 'userId')::uuid);
  insert into run_events (team_id, run_id, seq, type, path, refs)
  values (p_team, p_run, v_seq, 'run.' || p_kind, p ->> 'path', jsonb_strip_nulls(jsonb_build_object('name', p ->> 'name', 'decision', p ->> 'decision')));
  return v_n;
end $$;

-- A signal to a run. Answers { outcome: accepted | repeated | ended | full | not-found }.
create function hub_signal_run(p_team uuid, p_run uuid, p jsonb) returns jsonb language plpgsql as $$
declare
  v_status text;
begin
  perform set_config('app.team', p_team::text, true);
  -- Its own lock first, so that two with the same id, and the thousandth, cannot pass each other.
  select r.status into v_status from workflow_executions r where r.team_id = p_team and r.id = p_run for update;
  if v_status is null then return '{"outcome": "not-found"}'; end if;
  if exists (select from run_messages m where m.team_id = p_team and m.run_id = p_run and m.message_id = p ->> 'messageId') then return '{"outcome": "repeated"}'; end if;
  if v_status not in ('queued', 'starting', 'running', 'waiting') then return '{"outcome": "ended"}'; end if;
  if (select count(*) from run_messages m where m.team_id = p_team and m.run_id = p_run and m.kind = 'signal' and m.taken_path is null) >= 1000 then
    return '{"outcome": "full"}';
  end if;
  perform hub_add_message(p_team, p_run, p ->> 'messageId', 'signal', p);
  return '{"outcome": "accepted"}';
end $$;

-- Pause and resume. Answers { outcome: accepted | ended | not-begun | not-found, status }.
create function hub_steer_run(p_team uuid, p_run uuid, p_kind text, p_user uuid) returns jsonb language plpgsql as $$
declare
  v_status text;
begin
  perform set_config('app.team', p_team::text, true);
  select r.status into v_status from workflow_executions r where r.team_id = p_team and r.id = p_run for update;
  if v_status is null then return '{"outcome": "not-found"}'; end if;
  if v_status in ('queued', 'starting') then return '{"outcome": "not-begun"}'; end if;
  if v_status not in ('running', 'waiting') then return '{"outcome": "ended"}'; end if;
  perform hub_add_message(p_team, p_run, gen_random_uuid()::text, p_kind, jsonb_build_object('userId', p_user));
  return jsonb_build_object('outcome', 'accepted', 'status', v_status);
end $$;

-- One lock per name and key, so that a wait that opens and a signal that comes cannot miss each other.
create function hub_lock_signal(p_team uuid, p_name text) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended(p_team::text || '/signal/' || p_name, 0))
$$;

-- A signal by name, from outside any run. Answers { outcome: delivered | repeated | held | full, run }.
create function hub_deliver_signal(p_team uuid, p jsonb) returns jsonb language plpgsql as $$
declare
  v_run uuid;
  v_workflow uuid := (p ->> 'workflowId')::uuid;
begin
  perform set_config('app.team', p_team::text, true);
  perform hub_lock_signal(p_team, p ->> 'name');
  select m.run_id into v_run from run_messages m join workflow_executions r on r.team_id = m.team_id and r.id = m.run_id
  where m.team_id = p_team and m.message_id = p ->> 'messageId' and m.kind = 'signal' and m.name = p ->> 'name' order by m.created_at desc limit 1;
  if v_run is not null then return jsonb_build_object('outcome', 'repeated', 'run', v_run); end if;
  if exists (select from held_signals h where h.team_id = p_team and h.name = p ->> 'name' and h.message_id = p ->> 'messageId') then return '{"outcome": "held"}'; end if;
  -- The longest waiting that no message is on its way to yet.
  select w.run_id into v_run from run_waits w join workflow_executions r on r.team_id = w.team_id and r.id = w.run_id
  where w.team_id = p_team and w.signal_name = p ->> 'name' and w.closed_at is null and r.status in ('running', 'waiting')
    and (p ->> 'key' is null or w.key_hash = p ->> 'key') and (v_workflow is null or r.workflow_id = v_workflow)
    and (select count(*) from run_messages m where m.team_id = w.team_id and m.run_id = w.run_id and m.kind = 'signal' and m.name = w.signal_name and m.taken_path is null
          and (m.key_hash is null or m.key_hash = w.key_hash))
      < (select count(*) from run_waits o where o.team_id = w.team_id and o.run_id = w.run_id and o.closed_at is null and o.signal_name = w.signal_name
          and (p ->> 'key' is null or o.key_hash = p ->> 'key'))
  order by w.opened_at limit 1;
  if v_run is not null and hub_add_message(p_team, v_run, p ->> 'messageId', 'signal', p) is not null then
    return jsonb_build_object('outcome', 'delivered', 'run', v_run);
  end if;
  if (select count(*) from held_signals h where h.team_id = p_team and h.created_at > now() - interval '24 hours') >= 1000 then return '{"outcome": "full"}'; end if;
  insert into held_signals (team_id, workflow_id, name, key_hash, message_id, payload_text, payload_blob, files)
  values (p_team, v_workflow, p ->> 'name', p ->> 'key', p ->> 'messageId', p #>> '{payload,text}', (p #>> '{payload,blob}')::uuid,
    array(select jsonb_array_elements_text(p -> 'files'))::uuid[]);
  return '{"outcome": "held"}';
end $$;

-- Who of the team is asked: by address or role; where nobody is named, whoever started the run, else owners and admins.
create function hub_approver_ids(p_team uuid, p_run uuid, p_approvers text[]) returns setof uuid language sql stable as $$
  select m.user_id from members m join users u on u.id = m.user_id
  where m.team_id = p_team and case
    when cardinality(p_approvers) > 0 then lower(u.email) = any(select lower(a) from unnest(p_approvers) a) or m.role = any(p_approvers)
    when exists (select from workflow_executions r join members s on s.team_id = r.team_id and s.user_id = r.triggered_by_user_id where r.team_id = p_team and r.id = p_run)
      then m.user_id = (select r.triggered_by_user_id from workflow_executions r where r.team_id = p_team and r.id = p_run)
    else m.role in ('owner', 'admin') end
$$;

-- Tells those who are asked, in each round once. Where none of them is in the team (a misspelt address, a role that nobody has), whoever would be asked without
-- names hears of it: an approval that nobody knows of would wait for ever.
create function hub_tell_approvers(p_team uuid, p_approval uuid, p_round integer) returns integer language plpgsql as $$
declare
  v_rows integer;
begin
  insert into notices (team_id, user_id, kind, title, body, link, dedupe_key)
  select a.team_id, i.id, 'approval.' || case when p_round = 0 then 'asked' else 'reminder' end,
    left(case when n.nobody then 'Nobody in the team is asked: ' when p_round = 0 then '' else 'Still waiting: ' end || a.title, 200),
    left(case when n.nobody then 'Named are ' || array_to_string(a.approvers, ', ') || '. Cancel the run, or invite them.' else coalesce(a.body, '') end, 500),
    '/approvals/' || a.id, 'approval/' || a.id || '/' || p_round
  from approvals a cross join lateral (select not exists (select from hub_approver_ids(a.team_id, a.run_id, a.approvers)) as nobody) n
    cross join lateral hub_approver_ids(a.team_id, a.run_id, case when n.nobody then '{}' else a.approvers end) as i(id)
  where a.team_id = p_team and a.id = p_approval and a.status = 'pending'
  on conflict (team_id, user_id, dedupe_key) do nothing;
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;

-- Tells people, once per run and node, that a call may or may not have had its effect: only they can say.
create function hub_tell_unknown(p_team uuid, p_run uuid, p_node text, p_path text, p_message text) returns void language sql as $$
  insert into notices (team_id, user_id, kind, title, body, link, dedupe_key)
  select p_team, i.id, 'run.unknown-outcome', left('A step may or may not have done its work: ' || w.name, 200), left(coalesce(p_message, ''), 500),
    '/runs/' || p_run || '?step=' || p_node || '&path=' || replace(replace(p_path, '[', '%5B'), ']', '%5D'), 'unknown/' || p_run || '/' || p_node
  from workflow_executions r join workflows w on w.team_id = r.team_id and w.id = r.workflow_id cross join lateral hub_approver_ids(p_team, p_run, '{}') as i(id)
  where r.team_id = p_team and r.id = p_run
  on conflict (team_id, user_id, dedupe_key) do nothing
$$;

-- Opens a wait: the step's row is waiting, and what it waits for is kept. p.attempt: a step's own attempt that cannot go on. Repeated, it answers
-- as the first time; what it waited for may be over by then. Answers { facts, tell }, { done: port } or { failed: { code, message, attempt } }.
create function hub_open_wait(p_team uuid, p_run uuid, p jsonb) returns jsonb language plpgsql as $$
declare
  v_path text := p ->> 'path';
  v_node text := p ->> 'nodeId';
  v_iteration integer := (p ->> 'iteration')::int;
  v_attempt integer := (p ->> 'attempt')::int;
  v_name text := p #>> '{facts,signal,name}';
  v_key text := p #>> '{facts,signal,key}';
  v_expires timestamptz := to_timestamp((p #>> '{facts,at}')::double precision / 1000);
  v_approval uuid;
  v_told boolean := false;
  v_steps integer := 0;
  v_events jsonb := '[]';
  r record;
begin
  perform set_config('app.team', p_team::text, true);
  if v_name is not null then perform hub_lock_signal(p_team, v_name); end if;
  select n.port into r from node_executions n
  where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path and n.status = 'completed' order by n.attempt_number desc limit 1;
  if found then return jsonb_build_object('done', coalesce(r.port, 'out')); end if;
  select w.facts into r from run_waits w where w.team_id = p_team and w.run_id = p_run and w.path = v_path and w.closed_at is null and (v_attempt is null or w.attempt = v_attempt);
  if found then return jsonb_build_object('facts', r.facts, 'tell', true); end if;
  if jsonb_array_length(p -> 'rows') > 0 then v_events := hub_apply_rows(p_team, p_run, p -> 'rows'); end if;
  -- It was opened and ended before, by decisions that were lost with their worker: a failure stands; what was stopped is open again.
  if v_attempt is null then
    select w.attempt, w.facts, n.status, n.error_code, n.error_message into r from run_waits w
    join node_executions n on n.team_id = w.team_id and n.workflow_execution_id = w.run_id and n.path = w.path and n.attempt_number = w.attempt
    where w.team_id = p_team and w.run_id = p_run and w.path = v_path and n.status in ('failed', 'cancelled') order by w.attempt desc limit 1;
    if r.status = 'failed' then
      return jsonb_build_object('failed', jsonb_build_object('code', r.error_code, 'message', r.error_message, 'attempt', r.attempt));
    elsif r.status = 'cancelled' then
      update node_executions n set status = 'waiting', completed_at = null
      where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path and n.attempt_number = r.attempt;
      update run_waits w set closed_at = null where w.team_id = p_team and w.run_id = p_run and w.path = v_path and w.attempt = r.attempt;
      update approvals a set status = 'pending', decided_at = null
      where a.team_id = p_team and a.run_id = p_run and a.path = v_path and a.attempt = r.attempt and a.status = 'cancelled';
      perform hub_note(p_team, p_run, v_events || hub_event('step.waiting', v_path, v_iteration,
        jsonb_build_object('nodeId', v_node, 'attempt', r.attempt, 'reason', r.facts ->> 'reason')), 0, 0, 0);
      return jsonb_build_object('facts', r.facts, 'tell', true);
    end if;
  end if;
  if v_attempt is null then
    select coalesce(max(n.attempt_number), 0) + 1 into v_attempt from node_executions n where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path;
    insert into node_executions (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, started_at, attempt_number, input_text, input_data, input_blob, input_bytes, warnings)
    values (p_team, p_run, v_node, p ->> 'nodeType', v_path, v_iteration, 'waiting', clock_timestamp(), v_attempt,
      p #>> '{input,text}', p #> '{input,preview}', (p #>> '{input,blob}')::uuid, (p #>> '{input,bytes}')::bigint, coalesce(p -> 'warnings', '[]'));
    v_steps := 1;
  else
    update node_executions n set status = 'waiting', error_code = p #>> '{error,code}', error_message = p #>> '{error,message}',
      input_text = p #>> '{input,text}', input_data = p #> '{input,preview}', input_blob = (p #>> '{input,blob}')::uuid, input_bytes = (p #>> '{input,bytes}')::bigint
    where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path and n.attempt_number = v_attempt and n.status = 'running';
  end if;
  insert into run_waits (team_id, run_id, path, node_id, iteration, attempt, reason, facts, signal_name, key_hash, token_hash, child_run_id, expires_at)
  values (p_team, p_run, v_path, v_node, v_iteration, v_attempt, p #>> '{facts,reason}', p -> 'facts', v_name, v_key, decode(p ->> 'tokenHash', 'hex'), (p #>> '{facts,child}')::uuid, v_expires);
  if p #>> '{facts,reason}' = 'unknown-outcome' then perform hub_tell_unknown(p_team, p_run, v_node, v_path, p #>> '{error,message}'); end if;
  if p -> 'approval' is not null then
    insert into approvals (team_id, run_id, node_id, path, attempt, title, body, form, approvers, expires_at)
    values (p_team, p_run, v_node, v_path, v_attempt, p #>> '{approval,title}', p #>> '{approval,body}', nullif(p #> '{approval,form}', 'null'::jsonb),
      array(select jsonb_array_elements_text(p #> '{approval,approvers}')), v_expires) returning id into v_approval;
    perform hub_tell_approvers(p_team, v_approval, 0);
    if not exists (select from hub_approver_ids(p_team, p_run, array(select jsonb_array_elements_text(p #> '{approval,approvers}')))) then
      update node_executions n set warnings = n.warnings || jsonb_build_array(jsonb_build_object('code', 'approval.nobody-asked',
        'message', 'Nobody in the team has one of these addresses or roles, so nobody was asked.'))
      where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = v_path and n.attempt_number = v_attempt;
    end if;
  end if;
  if v_name is not null then
    select h.* into r from held_signals h join workflow_executions x on x.team_id = h.team_id and x.id = p_run
    where h.team_id = p_team and h.name = v_name and (h.key_hash is null or h.key_hash = v_key) and (h.workflow_id is null or h.workflow_id = x.workflow_id)
      and h.created_at > now() - interval '24 hours' order by h.created_at limit 1;
    if found then
      delete from held_signals h where h.team_id = p_team and h.id = r.id;
      perform hub_add_message(p_team, p_run, r.message_id, 'signal', jsonb_build_object('name', r.name, 'key', r.key_hash, 'path', v_path,
        'payload', jsonb_build_object('text', r.payload_text, 'blob', r.payload_blob)));
      if r.payload_blob is not null then
        insert into blob_refs (team_id, blob_id, owner_kind, owner_id) values (p_team, r.payload_blob, 'run', p_run) on conflict do nothing;
      end if;
      update files f set run_id = p_run where f.team_id = p_team and f.id = any(r.files) and f.run_id is null;
      v_told := true;
    end if;
  end if;
  v_events := v_events || hub_event('step.waiting', v_path, v_iteration,
    jsonb_build_object('nodeId', v_node, 'attempt', v_attempt, 'reason', p #>> '{facts,reason}', 'approval', v_approval));
  perform hub_note(p_team, p_run, v_events, v_steps, 0, 0);
  -- What was said before the run had begun could not be told to anybody then.
  v_told := v_told or exists (select from run_messages m where m.team_id = p_team and m.run_id = p_run and m.sent_at is null);
  return jsonb_build_object('facts', p -> 'facts', 'tell', v_told);
end $$;

-- Ends a wait by message number (p.by) or by its time (p.by null). The step's row is ended after it. Answers what the step gives is made from:
-- { outcome: closed | reopened | gone, reason, node, attempt, message, approval, child }, or { outcome: ended } of a step whose row has ended already: the
-- decision to end it was carried out and lost with its worker, so what was done stands, and a message that had no part in it is free (unused).
create function hub_close_wait(p_team uuid, p_run uuid, p_path text, p_by integer) returns jsonb language plpgsql as $$
declare
  w record;
  m record;
  n record;
  a record;
  c record;
  v_by integer := p_by;
  v_unused boolean := false;
  v jsonb;
begin
  perform set_config('app.team', p_team::text, true);
  select x.* into w from run_waits x where x.team_id = p_team and x.run_id = p_run and x.path = p_path order by x.attempt desc limit 1 for update;
  if not found then return '{"outcome": "gone"}'; end if;
  if w.closed_at is not null then
    select x.status, x.port, x.error_code, x.error_message into n from node_executions x
    where x.team_id = p_team and x.workflow_execution_id = p_run and x.path = p_path and x.attempt_number = w.attempt;
    if n.status in ('completed', 'failed') then
      return jsonb_build_object('outcome', 'ended', 'status', n.status, 'port', coalesce(n.port, 'out'), 'attempt', w.attempt, 'code', n.error_code, 'message', n.error_message,
        'unused', p_by is not null and w.answered_n is distinct from p_by);
    end if;
  end if;
  -- Closed, and the step's row not yet ended.
  if p_by is not null and w.answered_n is not null and w.answered_n <> p_by then
    v_by := w.answered_n;
    v_unused := true;
  end if;
  -- An answer that was accepted in time wins over the clock.
  if v_by is null then v_by := w.answered_n; end if;
  if v_by is not null then
    select x.* into m from run_messages x where x.team_id = p_team and x.run_id = p_run and x.n = v_by for update;
    if not found or (m.taken_path is not null and m.taken_path <> p_path) then return jsonb_build_object('outcome', 'reopened', 'takenBy', m.taken_path); end if;
    update run_messages x set taken_path = p_path where x.team_id = p_team and x.run_id = p_run and x.n = v_by;
    update run_waits x set answered_n = v_by where x.team_id = p_team and x.run_id = p_run and x.path = p_path and x.attempt = w.attempt and x.answered_n is null;
  elsif w.reason = 'approval' then
    update approvals x set status = 'expired', decided_at = clock_timestamp()
    where x.team_id = p_team and x.run_id = p_run and x.path = p_path and x.attempt = w.attempt and x.status = 'pending';
  end if;
  v := jsonb_build_object('outcome', 'closed', 'reason', w.reason, 'attempt', w.attempt, 'signal', w.signal_name is not null, 'unused', v_unused);
  if v_by is not null then
    v := v || jsonb_build_object('message', jsonb_build_object('text', m.payload_text, 'blob', m.payload_blob, 'decision', m.decision, 'by', m.by_name, 'at', m.created_at));
  end if;
  if w.child_run_id is not null then
    select x.status, x.output_text, x.output_blob, x.error_code, x.error_message into c from workflow_executions x where x.team_id = p_team and x.id = w.child_run_id;
    v := v || jsonb_build_object('child', jsonb_build_object('run', w.child_run_id, 'status', c.status, 'text', c.output_text, 'blob', c.output_blob, 'code', c.error_code, 'message', c.error_message));
  end if;
  return v;
end $$;

-- The step's row, after its wait was closed: what it saw stays. Repeated, it changes nothing. A row that is cancelled was so by a decision that was lost.
create function hub_end_wait(p_team uuid, p_run uuid, p jsonb) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  update node_executions n set
    status = p ->> 'status', port = p ->> 'port', completed_at = clock_timestamp(),
    output_text = p #>> '{output,text}', output_data = p #> '{output,preview}', output_blob = (p #>> '{output,blob}')::uuid, output_bytes = (p #>> '{output,bytes}')::bigint,
    error_code = p #>> '{error,code}', error_message = p #>> '{error,message}'
  where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = p ->> 'path' and n.attempt_number = (p ->> 'attempt')::int and n.status in ('waiting', 'cancelled');
  if found then
    perform hub_note(p_team, p_run, jsonb_build_array(hub_event('step.' || (p ->> 'status'), p ->> 'path', (p ->> 'iteration')::int,
      jsonb_build_object('nodeId', p ->> 'nodeId', 'attempt', (p ->> 'attempt')::int, 'port', p ->> 'port', 'code', p #>> '{error,code}'))), 0, 0, 0);
  end if;
end $$;

-- An answer to a step that waits. Answers { outcome: accepted | repeated | ended | not-waiting | answered | path-needed | wrong-decision | not-found, path, decision }.
create function hub_answer_wait(p_team uuid, p_run uuid, p jsonb) returns jsonb language plpgsql as $$
declare
  w record;
  m record;
  v_status text;
  v_open integer;
  v_n integer;
  v_decision text := p ->> 'decision';
begin
  perform set_config('app.team', p_team::text, true);
  select r.status into v_status from workflow_executions r where r.team_id = p_team and r.id = p_run;
  if v_status is null then return '{"outcome": "not-found"}'; end if;
  select count(*) into v_open from run_waits x
  where x.team_id = p_team and x.run_id = p_run and x.node_id = p ->> 'nodeId' and x.closed_at is null and x.reason in ('approval', 'unknown-outcome')
    and (p ->> 'path' is null or x.path = p ->> 'path') and x.answered_n is null;
  select x.* into w from run_waits x
  where x.team_id = p_team and x.run_id = p_run and x.node_id = p ->> 'nodeId' and x.reason in ('approval', 'unknown-outcome') and (p ->> 'path' is null or x.path = p ->> 'path')
  order by x.closed_at is null desc, x.answered_n is null desc, x.attempt desc, x.path limit 1 for update;
  select x.* into m from run_messages x where x.team_id = p_team and x.run_id = p_run and x.message_id = p ->> 'messageId';
  if found then return jsonb_build_object('outcome', 'repeated', 'path', coalesce(m.path, ''), 'decision', coalesce(m.decision, '')); end if;
  if v_status not in ('running', 'waiting', 'starting') then return '{"outcome": "ended"}'; end if;
  if w.path is null then return '{"outcome": "not-waiting"}'; end if;
  if v_open > 1 then return '{"outcome": "path-needed"}'; end if;
  if w.answered_n is not null then return '{"outcome": "answered"}'; end if;
  if w.closed_at is not null then return jsonb_build_object('outcome', case when w.reason = 'approval' then 'answered' else 'not-waiting' end); end if;
  if (w.reason = 'approval') <> (v_decision in ('approved', 'rejected')) then return jsonb_build_object('outcome', 'wrong-decision', 'path', w.path); end if;
  if w.reason = 'approval' then
    -- Right and form were checked against one approval: where another waits here by now (an iteration that opened in between), nobody was asked about it.
    if p ? 'approvalId' and not exists (select from approvals a
      where a.team_id = p_team and a.run_id = p_run and a.path = w.path and a.attempt = w.attempt and a.id::text = p ->> 'approvalId') then
      return '{"outcome": "path-needed"}';
    end if;
    update approvals a set status = v_decision, decided_by = p ->> 'by', decided_by_user_id = (p ->> 'userId')::uuid, decided_at = clock_timestamp(), form_data = p #> '{payload,preview}'
    where a.team_id = p_team and a.run_id = p_run and a.path = w.path and a.attempt = w.attempt and a.status = 'pending';
    if not found then return '{"outcome": "answered"}'; end if;
  elsif v_decision = 'retry' then
    -- The attempt is over, as far as it went; the next one may repeat what it did.
    update node_executions n set status = 'lost', completed_at = clock_timestamp()
    where n.team_id = p_team and n.workflow_execution_id = p_run and n.path = w.path and n.attempt_number = w.attempt and n.status = 'waiting';
  end if;
  v_n := hub_add_message(p_team, p_run, p ->> 'messageId', 'answer', p || jsonb_build_object('path', w.path));
  if v_n is null then raise exception 'the run has ended' using errcode = 'HB001'; end if;
  update run_waits x set answered_n = v_n where x.team_id = p_team and x.run_id = p_run and x.path = w.path and x.attempt = w.attempt;
  return jsonb_build_object('outcome', 'accepted', 'path', w.path, 'decision', v_decision);
end $$;

-- Lets a wait (not an approval) go on by its one-time link. Answers { outcome: released | used | expired | gone }.
create function hub_resume_wait(p_team uuid, p_run uuid, p_path text, p_hash bytea, p jsonb) returns jsonb language plpgsql as $$
declare
  w record;
  v_n integer;
begin
  perform set_config('app.team', p_team::text, true);
  select x.* into w from run_waits x where x.team_id = p_team and x.run_id = p_run and x.path = p_path and x.token_hash = p_hash and x.reason <> 'approval' for update;
  if not found then return '{"outcome": "gone"}'; end if;
  if w.answered_n is not null then return '{"outcome": "used"}'; end if;
  if w.closed_at is not null then return '{"outcome": "expired"}'; end if;
  v_n := hub_add_message(p_team, p_run, 'link/' || encode(p_hash, 'hex'), 'answer', p || jsonb_build_object('path', p_path));
  if v_n is null then return '{"outcome": "gone"}'; end if;
  update run_waits x set answered_n = v_n where x.team_id = p_team and x.run_id = p_run and x.path = p_path and x.attempt = w.attempt;
  return '{"outcome": "released"}';
end $$;

-- The run shows as waiting; any write of a step shows it as running again (hub_note).
create function hub_run_waits(p_team uuid, p_run uuid, p_reason text) returns void language plpgsql as $$
declare
  v_seq bigint;
begin
  perform set_config('app.team', p_team::text, true);
  update workflow_executions set status = 'waiting', status_reason = p_reason, seq = seq + 1, started_at = coalesce(started_at, starting_at, clock_timestamp())
  where team_id = p_team and id = p_run and status in ('starting', 'running', 'waiting') returning seq into v_seq;
  if v_seq is not null then
    insert into run_events (team_id, run_id, seq, type, refs) values (p_team, p_run, v_seq, 'run.waiting', jsonb_build_object('reason', p_reason));
  end if;
end $$;

create function hub_remind(p_team uuid, p_run uuid, p_path text) returns integer language plpgsql as $$
declare
  v_id uuid;
  v_round integer;
begin
  perform set_config('app.team', p_team::text, true);
  update approvals a set reminded = reminded + 1 where a.team_id = p_team and a.run_id = p_run and a.path = p_path and a.status = 'pending' returning a.id, a.reminded into v_id, v_round;
  return case when v_id is null then 0 else hub_tell_approvers(p_team, v_id, v_round) end;
end $$;

-- How many runs stand above this one.
create function hub_run_depth(p_team uuid, p_run uuid) returns integer language plpgsql as $$
declare
  v_depth integer;
begin
  perform set_config('app.team', p_team::text, true);
  with recursive above as (
    select r.parent_run_id as id, 0 as depth from workflow_executions r where r.team_id = p_team and r.id = p_run
    union all
    select r.parent_run_id, a.depth + 1 from above a join workflow_executions r on r.team_id = p_team and r.id = a.id where a.depth < 100)
  select max(above.depth) into v_depth from above;
  return v_depth;
end $$;

-- However a waiting step's row ends, its wait ends with it.
create function hub_wait_ended() returns trigger language plpgsql as $$
begin
  update run_waits w set closed_at = clock_timestamp()
  where w.team_id = new.team_id and w.run_id = new.workflow_execution_id and w.path = new.path and w.attempt = new.attempt_number and w.closed_at is null;
  update approvals a set status = 'cancelled', decided_at = clock_timestamp()
  where a.team_id = new.team_id and a.run_id = new.workflow_execution_id and a.path = new.path and a.attempt = new.attempt_number and a.status = 'pending';
  return null;
end $$;
create trigger node_executions_wait_ended after update of status on node_executions for each row
  when (old.status = 'waiting' and new.status not in ('waiting', 'running')) execute function hub_wait_ended();

-- A child run that ends tells its parent, in the same transaction.
create function hub_child_ended() returns trigger language plpgsql as $$
begin
  perform hub_add_message(new.team_id, new.parent_run_id, 'child/' || new.id, 'child', jsonb_build_object('path', new.trigger ->> 'path'));
  return null;
end $$;
create trigger workflow_executions_child_ended after update of status on workflow_executions for each row
  when (new.parent_run_id is not null and new.trigger ->> 'path' is not null and old.status in ('queued', 'starting', 'running', 'waiting')
    and new.status in ('completed', 'failed', 'cancelled', 'timed_out')) execute function hub_child_ended();

-- Marks what Temporal has. Several may do so at once: rows are locked in one order.
create function hub_mark_sent(p_team uuid, p_run uuid, p_numbers integer[]) returns void language plpgsql as $$
begin
  perform set_config('app.team', p_team::text, true);
  perform from run_messages x where x.team_id = p_team and x.run_id = p_run and x.n = any(p_numbers) and x.sent_at is null order by x.n for update;
  update run_messages x set sent_at = clock_timestamp() where x.team_id = p_team and x.run_id = p_run and x.n = any(p_numbers) and x.sent_at is null;
end $$;

-- What was written more than 3 s ago and not told to Temporal, over all teams. Messages to ended runs have nobody to be told to.
create function hub_unsent(p_max integer) returns table (team uuid, run uuid) language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update run_messages m set sent_at = clock_timestamp() from (
    select x.team_id, x.run_id, x.n from run_messages x join workflow_executions r on r.team_id = x.team_id and r.id = x.run_id
    where x.sent_at is null and r.status in ('completed', 'failed', 'cancelled', 'timed_out') for update of x skip locked) d
  where m.team_id = d.team_id and m.run_id = d.run_id and m.n = d.n;
  delete from held_signals h where h.created_at < clock_timestamp() - interval '24 hours';
  return query
    select distinct m.team_id, m.run_id from run_messages m join workflow_executions r on r.team_id = m.team_id and r.id = m.run_id
    where m.sent_at is null and m.created_at < clock_timestamp() - interval '3 seconds' and r.status in ('running', 'waiting') limit p_max;
end $$;

-- Whose one-time link a token is.
create function hub_find_wait(p_hash bytea) returns table (team uuid, run uuid, path text) language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select w.team_id, w.run_id, w.path from run_waits w where w.token_hash = p_hash
$$;

grant select, update on run_messages to hub_definer;
grant select on run_waits to hub_definer;
grant select, delete on held_signals to hub_definer;
grant execute on function hub_add_message, hub_signal_run, hub_steer_run, hub_lock_signal, hub_deliver_signal, hub_approver_ids, hub_tell_approvers, hub_tell_unknown, hub_open_wait, hub_close_wait, hub_end_wait,
  hub_answer_wait, hub_resume_wait, hub_run_waits, hub_remind, hub_run_depth, hub_wait_ended, hub_child_ended, hub_mark_sent to hub_app;
-- A definer's function may end a run too (a test of limits): the trigger then runs as it.
grant execute on function hub_add_message, hub_child_ended to hub_definer;
grant insert on run_messages to hub_definer;
grant create on schema public to hub_definer;
alter function hub_unsent(integer) owner to hub_definer;
alter function hub_find_wait(bytea) owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_unsent, hub_find_wait to hub_app;
reset role;
