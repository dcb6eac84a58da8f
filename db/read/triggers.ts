/** Triggers as people, the dispatcher and a fire read them. */
import type { Json } from '@hub/dag/planner';
import { asTeam, isUuid, type Sql } from '../database.ts';
import { afterOf, iso, isoOrNull, limitOf, type Page, type PageQuery, pageOf } from './page.ts';

export type TriggerOutcome = 'started' | 'repeated' | 'skipped' | 'missed' | 'held' | 'failed' | 'refused';
export interface TriggerEventRead {
  id: string;
  triggerId: string;
  at: string;
  scheduledAt: string | null;
  outcome: TriggerOutcome;
  runId: string | null;
  code: string | null;
  message: string | null;
}
export interface TriggerRead {
  id: string;
  triggerId: string;
  type: string;
  config: Json;
  status: 'active' | 'removed';
  version: number | null;
  hasToken: boolean;
  pausedAt: string | null;
  stoppedAt: string | null;
  stopReason: string | null;
  failures: number;
  seriesId: string | null;
  workflowStatus: 'draft' | 'active' | 'paused' | 'archived';
  /** The newest change has not reached Temporal yet. */
  pending: boolean;
  /** Until when a vendor tells of changes; null: no channel is open. */
  pushedUntil: string | null;
  pushProblem: string | null;
  lastFire: TriggerEventRead | null;
}

type EventRow = Omit<TriggerEventRead, 'at' | 'scheduledAt'> & { at: Date; scheduledAt: Date | null };
type TriggerRow = Omit<TriggerRead, 'lastFire' | 'pausedAt' | 'stoppedAt' | 'pushedUntil'> & {
  pausedAt: Date | null;
  stoppedAt: Date | null;
  pushedUntil: Date | null;
} & {
  [K in keyof EventRow as `last_${K}`]: EventRow[K] | null;
};

const eventOf = (row: EventRow): TriggerEventRead => ({ ...row, at: iso(row.at), scheduledAt: isoOrNull(row.scheduledAt) });

function triggerOf(row: TriggerRow): TriggerRead {
  const { last_id, last_triggerId, last_at, last_scheduledAt, last_outcome, last_runId, last_code, last_message, ...rest } = row;
  const lastFire =
    last_id === null || last_at === null || last_outcome === null
      ? null
      : {
          id: last_id,
          triggerId: last_triggerId ?? row.triggerId,
          at: iso(last_at),
          scheduledAt: isoOrNull(last_scheduledAt),
          outcome: last_outcome,
          runId: last_runId,
          code: last_code,
          message: last_message,
        };
  return { ...rest, pausedAt: isoOrNull(row.pausedAt), stoppedAt: isoOrNull(row.stoppedAt), pushedUntil: isoOrNull(row.pushedUntil), lastFire };
}

async function readTriggers(sql: Sql, team: string, workflowId: string, triggerId: string | null): Promise<TriggerRead[]> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<TriggerRow[]>`
    select t.id, t.trigger_id as "triggerId", t.type, t.config, t.status, t.version, t.token_hash is not null as "hasToken", t.paused_at as "pausedAt", t.stopped_at as "stoppedAt",
      t.stop_reason as "stopReason", t.failures, t.series_id as "seriesId", w.status as "workflowStatus", t.push_problem as "pushProblem",
      (select max(c.expires_at) from push_channels c where c.team_id = t.team_id and c.workflow_id = t.workflow_id and c.trigger_id = t.trigger_id
        and c.resource is not null and c.credential_id = t.config ->> 'credentialId' and c.expires_at > now()) as "pushedUntil",
      exists (select from trigger_outbox o where o.team_id = t.team_id and o.workflow_id = t.workflow_id and o.trigger_id = t.trigger_id) as pending,
      e.id as "last_id", e.trigger_id as "last_triggerId", e.at as "last_at", e.scheduled_at as "last_scheduledAt", e.outcome as "last_outcome", e.run_id as "last_runId", e.code as "last_code", e.message as "last_message"
    from triggers t join workflows w on w.team_id = t.team_id and w.id = t.workflow_id
    left join lateral (select x.* from trigger_events x where x.team_id = t.team_id and x.workflow_id = t.workflow_id and x.trigger_id = t.trigger_id order by x.id desc limit 1) e on true
    where t.team_id = ${team} and t.workflow_id = ${workflowId} and (${triggerId}::text is null or t.trigger_id = ${triggerId}) order by t.status, t.trigger_id`,
  );
  return rows.map(triggerOf);
}

/** Of the published version and, as `removed`, of older ones. */
export async function listTriggers(sql: Sql, team: string, workflowId: string): Promise<TriggerRead[]> {
  return isUuid(workflowId) ? readTriggers(sql, team, workflowId, null) : [];
}

export async function readTrigger(sql: Sql, team: string, workflowId: string, triggerId: string): Promise<TriggerRead | null> {
  return isUuid(workflowId) ? ((await readTriggers(sql, team, workflowId, triggerId))[0] ?? null) : null;
}

/** What became of a trigger's fires, newest first. */
export async function listTriggerEvents(
  sql: Sql,
  team: string,
  { workflowId, triggerId }: { workflowId: string; triggerId: string },
  query: PageQuery & { outcome?: TriggerOutcome | undefined } = {},
): Promise<Page<TriggerEventRead>> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<EventRow[]>`
    select id, trigger_id as "triggerId", at, scheduled_at as "scheduledAt", outcome, run_id as "runId", code, message from trigger_events
    where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and (${query.outcome ?? null}::text is null or outcome = ${query.outcome ?? null})
      and (${afterOf(query)}::uuid is null or id < ${afterOf(query)}::uuid) order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(rows, query, eventOf, (row) => row.id);
}

/** What should stand in Temporal for a trigger. Null: nothing, because it is gone, removed, or its workflow is archived. */
export interface DesiredTrigger {
  type: string;
  config: Record<string, Json>;
  version: number;
  /** It is there but fires nothing. */
  paused: boolean;
}

export async function readDesiredTrigger(
  sql: Sql,
  { team, workflowId, triggerId }: { team: string; workflowId: string; triggerId: string },
): Promise<DesiredTrigger | null> {
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<DesiredTrigger[]>`
    select t.type, t.config, t.version, (w.status <> 'active' or t.paused_at is not null or t.stopped_at is not null) as paused
    from triggers t join workflows w on w.team_id = t.team_id and w.id = t.workflow_id
    where t.team_id = ${team} and t.workflow_id = ${workflowId} and t.trigger_id = ${triggerId} and t.status = 'active' and w.status in ('active', 'paused') and hub_fires_itself(t.type)`,
  );
  return row ?? null;
}

/** All that a fire needs, read at once. Null: there is nothing that fires. */
export interface TriggerForFire extends DesiredTrigger {
  workflowStatus: string;
  workflowName: string;
  /** JSON Schema of the run's input. */
  inputs: Json | null;
  failures: number;
  notBefore: string | null;
  seriesId: string | null;
  cursor: { seq: number; value: Record<string, Json> };
  /** Names what a poll reads; another config, another source. */
  source: string;
}

export async function readTriggerForFire(
  sql: Sql,
  { team, workflowId, triggerId }: { team: string; workflowId: string; triggerId: string },
): Promise<TriggerForFire | null> {
  if (!isUuid(workflowId)) return null;
  type Row = Omit<TriggerForFire, 'cursor' | 'notBefore'> & { notBefore: Date | null; seq: number | null; value: Record<string, Json> | null };
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<Row[]>`
    select t.type, t.config, t.version, (t.paused_at is not null or t.stopped_at is not null) as paused, w.status as "workflowStatus", w.name as "workflowName", v.definition -> 'inputs' as inputs,
      t.failures, t.not_before as "notBefore", t.series_id as "seriesId", md5((t.config - 'every')::text) as source, c.seq, c.cursor as value
    from triggers t join workflows w on w.team_id = t.team_id and w.id = t.workflow_id
    join workflow_versions v on v.team_id = t.team_id and v.workflow_id = t.workflow_id and v.version = t.version
    left join trigger_cursors c on c.team_id = t.team_id and c.workflow_id = t.workflow_id and c.trigger_id = t.trigger_id
    where t.team_id = ${team} and t.workflow_id = ${workflowId} and t.trigger_id = ${triggerId} and t.status = 'active'`,
  );
  if (row === undefined) return null;
  const { seq, value, notBefore, ...rest } = row;
  return { ...rest, notBefore: isoOrNull(notBefore), cursor: { seq: seq ?? 0, value: value ?? {} } };
}

/** A run that ended or waits, with what led to it. */
export interface EndedRunRead {
  workflowId: string;
  seriesId: string | null;
  triggerId: string;
  /** Workflows whose ends led to it, its parents' among them, its own last. */
  chain: string[];
}

export async function readEndedRun(sql: Sql, team: string, run: string): Promise<EndedRunRead | null> {
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<EndedRunRead[]>`
    with recursive up as (
      select r.id, r.workflow_id, r.parent_run_id, r.chain, r.series_id, r.trigger_id, 0 as depth from workflow_executions r where r.team_id = ${team} and r.id = ${run}
      union all
      select p.id, p.workflow_id, p.parent_run_id, p.chain, p.series_id, p.trigger_id, up.depth + 1 from up join workflow_executions p on p.team_id = ${team} and p.id = up.parent_run_id where up.depth < 20)
    select (select workflow_id from up where depth = 0) as "workflowId", (select series_id from up where depth = 0) as "seriesId", (select trigger_id from up where depth = 0) as "triggerId",
      array(select x.id::text from up, lateral unnest(coalesce(up.chain, '{}') || up.workflow_id) with ordinality as x(id, n) order by up.depth desc, x.n) as chain
    where exists (select from up)`,
  );
  return row ?? null;
}

export interface EventTriggerRead {
  workflowId: string;
  triggerId: string;
}

/** Event triggers of the team that want to know of this status of a run of this workflow: up to 200 after the one given. */
export async function matchingEventTriggers(
  sql: Sql,
  team: string,
  { workflowId, status, after = null }: { workflowId: string; status: string; after?: EventTriggerRead | null },
): Promise<EventTriggerRead[]> {
  return asTeam(sql, team, async (tx) => [
    ...(await tx<EventTriggerRead[]>`
      select t.workflow_id as "workflowId", t.trigger_id as "triggerId" from triggers t
      where t.team_id = ${team} and t.type = 'event' and t.status = 'active' and t.paused_at is null and t.config -> 'on' ? ${status}
        and (t.config ->> 'workflowId' = ${workflowId} or t.config ->> 'any' = 'true')
        and (${after === null} or (t.workflow_id, t.trigger_id) > (${after?.workflowId ?? null}::uuid, ${after?.triggerId ?? null}::text)) order by t.workflow_id, t.trigger_id limit 200`),
  ]);
}

/** Null: there is no such run. */
export async function readRunStatus(sql: Sql, team: string, run: string): Promise<string | null> {
  if (!isUuid(run)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<{ status: string }[]>`select status from workflow_executions where team_id = ${team} and id = ${run}`,
  );
  return row?.status ?? null;
}
