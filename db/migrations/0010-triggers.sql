-- Triggers that fire by themselves: what should stand in Temporal (an outbox that the change of a row fills in its own transaction), what became of
-- each fire, cursors of polls, and the ends of runs that others wait for.

alter table triggers
  add column paused_at timestamptz, -- by a person; survives versions
  add column paused_by uuid references users on delete set null,
  add column stopped_at timestamptz, -- by the hub, after failures in a row; `resume` and nothing else clears it
  add column stop_reason text,
  add column failures integer not null default 0, -- in a row
  add column not_before timestamptz, -- a poll that failed waits until then
  add column series_id uuid; -- the series of a continuous trigger that runs now
create index triggers_event on triggers (team_id) where type = 'event' and status = 'active';

alter table workflow_executions add column chain uuid[]; -- workflows whose ends led to this run, oldest first; null: none
create index workflow_executions_series on workflow_executions (team_id, series_id, id) where series_id is not null;
-- Of a series only the newest run is in the team's list; the others are read by their series.
alter table workflow_executions add column superseded boolean not null default false;
create index workflow_executions_list on workflow_executions (team_id, id) where not superseded;

-- What became of each fire. Kept 30 days and at most 1,000 a trigger.
create table trigger_events (
  team_id uuid not null,
  id uuid not null default uuidv7(),
  workflow_id uuid not null,
  trigger_id text not null,
  at timestamptz not null default clock_timestamp(),
  scheduled_at timestamptz,
  outcome text not null check (outcome in ('started', 'repeated', 'skipped', 'missed', 'held', 'failed', 'refused')),
  run_id uuid,
  code text,
  message text,
  primary key (team_id, id),
  foreign key (team_id, workflow_id) references workflows on delete cascade
);
create index trigger_events_trigger on trigger_events (team_id, workflow_id, trigger_id, id);
call hub_protect('trigger_events');

-- Where a poll stands. `seq` counts its fires: a fire is made for one number only.
create table trigger_cursors (
  team_id uuid not null,
  workflow_id uuid not null,
  trigger_id text not null,
  seq bigint not null default 0,
  cursor jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  primary key (team_id, workflow_id, trigger_id),
  foreign key (team_id, workflow_id) references workflows on delete cascade
);
call hub_protect('trigger_cursors');

-- Triggers whose far side must be looked at: one row each, with the number of the newest change. It outlives the workflow, so it refers to none.
create sequence trigger_outbox_seq;
create table trigger_outbox (
  team_id uuid not null,
  workflow_id uuid not null,
  trigger_id text not null,
  seq bigint not null default nextval('trigger_outbox_seq'),
  due_at timestamptz not null default clock_timestamp(),
  tries integer not null default 0,
  primary key (team_id, workflow_id, trigger_id)
);
create index trigger_outbox_due on trigger_outbox (due_at);
call hub_protect('trigger_outbox');

-- Ends (and waits) of runs that an event trigger or a continuous trigger's driver wants to know of.
create table run_ends (
  team_id uuid not null,
  run_id uuid not null,
  status text not null,
  due_at timestamptz not null default clock_timestamp(),
  tries integer not null default 0,
  primary key (team_id, run_id, status),
  foreign key (team_id, run_id) references workflow_executions on delete cascade
);
create index run_ends_due on run_ends (due_at);
call hub_protect('run_ends');

grant usage on sequence trigger_outbox_seq to hub_app;
grant select, insert, update, delete on trigger_events, trigger_cursors, trigger_outbox, run_ends to hub_app;

create function hub_note_trigger(p_team uuid, p_workflow uuid, p_trigger text) returns void language sql as $$
  insert into trigger_outbox as o (team_id, workflow_id, trigger_id) values (p_team, p_workflow, p_trigger)
  on conflict (team_id, workflow_id, trigger_id) do update set seq = nextval('trigger_outbox_seq'), due_at = clock_timestamp(), tries = 0
$$;

-- The kinds that have something in Temporal.
create function hub_fires_itself(p_type text) returns boolean language sql immutable as $$ select p_type in ('schedule', 'poll', 'continuous') $$;

create function hub_on_trigger_change() returns trigger language plpgsql as $$
begin
  if (tg_op <> 'DELETE' and hub_fires_itself(new.type)) or (tg_op <> 'INSERT' and hub_fires_itself(old.type)) then
    perform hub_note_trigger(coalesce(new.team_id, old.team_id), coalesce(new.workflow_id, old.workflow_id), coalesce(new.trigger_id, old.trigger_id));
  end if;
  return null;
end $$;
create trigger triggers_outbox after insert or delete or update of type, config, status, version, paused_at, stopped_at on triggers
  for each row execute function hub_on_trigger_change();

create function hub_on_workflow_status() returns trigger language plpgsql as $$
begin
  perform hub_note_trigger(t.team_id, t.workflow_id, t.trigger_id) from triggers t
  where t.team_id = new.team_id and t.workflow_id = new.id and hub_fires_itself(t.type);
  return null;
end $$;
create trigger workflows_outbox after update of status on workflows for each row when (old.status is distinct from new.status) execute function hub_on_workflow_status();

-- Runs in the finish transaction, so it asks one small index and mostly does nothing.
create function hub_on_run_status() returns trigger language plpgsql as $$
begin
  if (new.series_id is not null and new.status <> 'waiting') or (new.status <> 'cancelled' and exists (
    select from triggers t where t.team_id = new.team_id and t.type = 'event' and t.status = 'active' and t.config -> 'on' ? new.status
      and (t.config ->> 'workflowId' = new.workflow_id::text or t.config ->> 'any' = 'true'))) then
    insert into run_ends (team_id, run_id, status) values (new.team_id, new.id, new.status) on conflict do nothing;
  end if;
  return null;
end $$;
create trigger workflow_executions_ends after update of status on workflow_executions for each row
  when (old.status is distinct from new.status and new.status in ('completed', 'failed', 'timed_out', 'cancelled', 'waiting') and not new.is_test)
  execute function hub_on_run_status();

-- One fire: the start, its event, the cursor and the trigger's own state in one transaction.
-- p_run: as hub_create_run takes it. p_fire: { workflowId, triggerId, version, scheduledAt?, backfill?, failed?: { code, message }, cursor?: { seq, value }, series?, chain?, monthlyRuns? }.
-- monthlyRuns: by plan; where the month is full the fire is `held`, and its event `refused`.
-- Answers { outcome, run?, status?, start, cancel }; outcome is that of trigger_events, or `changed` (another version came in between), `gone`.
create function hub_fire(p_team uuid, p_run jsonb, p_fire jsonb) returns jsonb language plpgsql as $$
declare
  v_workflow uuid := (p_fire ->> 'workflowId')::uuid;
  v_trigger text := p_fire ->> 'triggerId';
  v_failed jsonb := p_fire -> 'failed';
  t record;
  w record;
  v_seq bigint;
  v jsonb := '{}';
  v_outcome text;
  v_end jsonb;
  v_full boolean;
begin
  perform set_config('app.team', p_team::text, true);
  perform hub_lock_slots(p_team, v_workflow);
  select x.status, x.version, x.paused_at, x.stopped_at into t from triggers x where x.team_id = p_team and x.workflow_id = v_workflow and x.trigger_id = v_trigger for update;
  if not found or t.status = 'removed' then return '{"outcome": "gone", "start": [], "cancel": []}'; end if;
  if t.version is distinct from (p_fire ->> 'version')::int then return '{"outcome": "changed", "start": [], "cancel": []}'; end if;
  if (t.paused_at is not null or t.stopped_at is not null) and not coalesce((p_fire ->> 'backfill')::boolean, false) then return '{"outcome": "gone", "start": [], "cancel": []}'; end if;
  if p_fire ? 'cursor' then
    select c.seq into v_seq from trigger_cursors c where c.team_id = p_team and c.workflow_id = v_workflow and c.trigger_id = v_trigger for update;
    if coalesce(v_seq, 0) <> (p_fire #>> '{cursor,seq}')::bigint then return '{"outcome": "repeated", "start": [], "cancel": []}'; end if;
  end if;

  select x.status into w from workflows x where x.team_id = p_team and x.id = v_workflow;
  v_full := hub_month_is_full(p_team, p_fire -> 'monthlyRuns', false);
  if w.status <> 'active' or v_full then
    v_outcome := 'held';
  else
    v := hub_create_run(p_team, case when v_failed is null then p_run else p_run || '{"failed": true}' end);
    v_outcome := case v ->> 'outcome' when 'created' then 'started' when 'repeated' then 'repeated' when 'key-reused' then 'repeated' when 'busy' then 'skipped' else 'held' end;
  end if;

  if v_outcome = 'started' and (p_fire ? 'series' or p_fire ? 'chain') then
    update workflow_executions set superseded = true where team_id = p_team and series_id = (p_fire ->> 'series')::uuid and not superseded;
    update workflow_executions set series_id = (p_fire ->> 'series')::uuid,
      chain = (select array_agg(c.value::uuid order by c.ord) from jsonb_array_elements_text(p_fire -> 'chain') with ordinality c(value, ord))
    where team_id = p_team and id = (v ->> 'run')::uuid;
  end if;
  if v_outcome = 'started' and v_failed is not null then
    v_end := hub_finish_run(p_team, (v ->> 'run')::uuid, jsonb_build_object('status', 'failed', 'error', v_failed, 'rows', '[]'::jsonb,
      'output', '{"text": "{}", "preview": {}, "bytes": 2}'::jsonb));
    v_outcome := 'failed';
    v := v || '{"start": [], "cancel": [], "status": "failed"}';
  end if;

  if v_outcome <> 'repeated' then
    insert into trigger_events (team_id, workflow_id, trigger_id, scheduled_at, outcome, run_id, code, message)
    values (p_team, v_workflow, v_trigger, (p_fire ->> 'scheduledAt')::timestamptz, case when v_full then 'refused' else v_outcome end, (v ->> 'run')::uuid,
      coalesce(v_failed ->> 'code', case when v_full then 'plan.limit' else case v_outcome when 'skipped' then 'workflow.busy' when 'held' then 'workflow.' || case when w.status = 'active' then 'not-published' else w.status end end end), v_failed ->> 'message');
    if v_outcome in ('started', 'failed') then
      update triggers set last_fired_at = clock_timestamp() where team_id = p_team and workflow_id = v_workflow and trigger_id = v_trigger;
    end if;
  end if;
  if p_fire ? 'cursor' and v_outcome in ('started', 'failed', 'repeated') then
    insert into trigger_cursors as c (team_id, workflow_id, trigger_id, seq, cursor) values (p_team, v_workflow, v_trigger, (p_fire #>> '{cursor,seq}')::bigint + 1, p_fire #> '{cursor,value}')
    on conflict (team_id, workflow_id, trigger_id) do update set seq = excluded.seq, cursor = excluded.cursor, updated_at = now();
  end if;
  return jsonb_build_object('outcome', v_outcome, 'run', v ->> 'run', 'status', v ->> 'status', 'start', coalesce(v -> 'start', '[]'), 'cancel', coalesce(v -> 'cancel', '[]'));
end $$;
grant execute on function hub_note_trigger, hub_fires_itself, hub_fire to hub_app;

-- Work without a team yet: who is due. A claim is a lease: its holder reports, or another takes it up after it.
-- It also inserts: a function of its own that changes a workflow or a run sets off the triggers above.
grant select, insert, update on trigger_outbox, run_ends to hub_definer;
grant usage on sequence trigger_outbox_seq to hub_definer;
grant execute on function hub_note_trigger, hub_fires_itself to hub_definer;
grant select, delete on trigger_events to hub_definer;

create function hub_claim_triggers(p_max integer, p_lease_ms integer, p_workflow uuid) returns table (team uuid, workflow uuid, trigger_id text, seq bigint, tries integer)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with due as (
    select o.team_id, o.workflow_id, o.trigger_id from trigger_outbox o
    where o.due_at <= clock_timestamp() and (p_workflow is null or o.workflow_id = p_workflow)
    order by o.due_at limit p_max for update skip locked)
  update trigger_outbox o set due_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0), tries = o.tries + 1 from due d
  where o.team_id = d.team_id and o.workflow_id = d.workflow_id and o.trigger_id = d.trigger_id
  returning o.team_id, o.workflow_id, o.trigger_id, o.seq, o.tries
$$;

create function hub_claim_ends(p_max integer, p_lease_ms integer) returns table (team uuid, run uuid, status text)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with due as (
    select e.team_id, e.run_id, e.status from run_ends e where e.due_at <= clock_timestamp() order by e.due_at limit p_max for update skip locked)
  update run_ends e set due_at = clock_timestamp() + make_interval(secs => least(300, p_lease_ms / 1000.0 * power(2, least(e.tries, 6)))), tries = e.tries + 1 from due d
  where e.team_id = d.team_id and e.run_id = d.run_id and e.status = d.status
  returning e.team_id, e.run_id, e.status
$$;

-- All triggers that have something in Temporal, for the reconciliation with Temporal's own list.
create function hub_all_triggers(p_after uuid, p_max integer) returns table (team uuid, workflow uuid, trigger_id text, id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.team_id, t.workflow_id, t.trigger_id, t.id from triggers t
  where t.type in ('schedule', 'poll', 'continuous') and (p_after is null or t.id > p_after) order by t.id limit p_max
$$;

create function hub_prune_triggers() returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  v_all bigint := 0;
  v_rows bigint;
begin
  delete from trigger_events where at < now() - interval '30 days';
  get diagnostics v_rows = row_count; v_all := v_all + v_rows;
  delete from trigger_events e using (
    select team_id, id, row_number() over (partition by team_id, workflow_id, trigger_id order by id desc) as n from trigger_events) o
  where o.n > 1000 and e.team_id = o.team_id and e.id = o.id;
  get diagnostics v_rows = row_count; v_all := v_all + v_rows;
  return v_all;
end $$;

grant create on schema public to hub_definer;
alter function hub_claim_triggers(integer, integer, uuid) owner to hub_definer;
alter function hub_claim_ends(integer, integer) owner to hub_definer;
alter function hub_all_triggers(uuid, integer) owner to hub_definer;
alter function hub_prune_triggers() owner to hub_definer;
revoke create on schema public from hub_definer;
set local role hub_definer;
grant execute on function hub_claim_triggers, hub_claim_ends, hub_all_triggers, hub_prune_triggers to hub_app;
reset role;
