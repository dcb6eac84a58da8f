/**
 * The life cycle of triggers (03): publishing applies a version's triggers in its own transaction. Whatever changes a trigger's row, or its workflow's
 * status, notes it in the outbox by SQL trigger (0010), so nobody can forget; the dispatcher takes it from there to Temporal.
 */
import type { Json } from '@hub/dag/planner';
import { asTeam, callOnce, isUuid, type Sql, type TeamSql } from '../database.ts';
import { cleanJson } from '../text.ts';

export interface NewTrigger {
  /** The id in the definition. */
  triggerId: string;
  type: string;
  config: Json;
}

/** One trigger of one workflow; `triggerId` as in the definition. */
export interface TriggerRef {
  team: string;
  workflowId: string;
  triggerId: string;
}

/** Makes the rows those of this version: new ones are added, others changed, those not named become `removed`. Pauses stay. */
export async function applyTriggers(
  tx: TeamSql,
  { team, workflowId, version }: { team: string; workflowId: string; version: number },
  triggers: NewTrigger[],
): Promise<void> {
  const kept = triggers.map((trigger) => trigger.triggerId);
  await tx`
    update triggers set status = 'removed', next_fire_at = null, series_id = null, updated_at = now()
    where team_id = ${team} and workflow_id = ${workflowId} and status <> 'removed' and trigger_id <> all(${kept}::text[])`;
  if (triggers.length === 0) return;
  await tx`
    insert into triggers as t (team_id, workflow_id, trigger_id, type, config, version)
    select ${team}, ${workflowId}, n."triggerId", n.type, n.config, ${version}
    from jsonb_to_recordset(${tx.json(cleanJson(triggers) as never)}::jsonb) as n("triggerId" text, type text, config jsonb)
    on conflict (team_id, workflow_id, trigger_id) do update set
      type = excluded.type, config = excluded.config, status = 'active', version = excluded.version, updated_at = now(),
      paused_at = case when t.type = excluded.type then t.paused_at end, paused_by = case when t.type = excluded.type then t.paused_by end,
      stopped_at = case when t.type = excluded.type and t.config = excluded.config then t.stopped_at end,
      stop_reason = case when t.type = excluded.type and t.config = excluded.config then t.stop_reason end,
      failures = case when t.type = excluded.type and t.config = excluded.config then t.failures else 0 end,
      series_id = case when t.type = excluded.type then t.series_id end, next_fire_at = case when t.type = excluded.type then t.next_fire_at end, not_before = null, push_after = null, push_tries = 0, push_problem = null`;
  // A poll of another source begins anew; the same one goes on where it stood.
  await tx`
    delete from trigger_cursors c using triggers t
    where c.team_id = ${team} and c.workflow_id = ${workflowId} and t.team_id = c.team_id and t.workflow_id = c.workflow_id and t.trigger_id = c.trigger_id
      and (t.status = 'removed' or t.type <> 'poll' or c.cursor ->> 'source' is distinct from md5((t.config - 'every')::text))`;
}

/** A person pauses or resumes one trigger; resuming also sets one going that the hub stopped. */
export async function setTriggerPaused(
  sql: Sql,
  { team, workflowId, triggerId }: TriggerRef,
  { paused, userId }: { paused: boolean; userId: string | null },
): Promise<'ok' | 'not-found'> {
  if (!isUuid(workflowId)) return 'not-found';
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    update triggers set paused_at = case when ${paused} then coalesce(paused_at, now()) end, paused_by = case when ${paused} then ${userId}::uuid end,
      stopped_at = case when ${paused} then stopped_at end, stop_reason = case when ${paused} then stop_reason end,
      failures = case when ${paused} then failures else 0 end, not_before = null, push_after = null, push_tries = 0, push_problem = null, updated_at = now()
    where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and status <> 'removed' returning id`,
  );
  return rows.length > 0 ? 'ok' : 'not-found';
}

/** What those who keep a workflow are told. */
export interface KeeperNotice {
  kind: string;
  title: string;
  body: string;
  /** Default: the workflow's page. */
  link?: string;
}

/**
 * The hub stops a trigger after failures in a row, and tells those who keep its workflow, in one transaction: nothing is stopped in silence. Does nothing where it
 * was stopped or is gone.
 */
export async function stopTrigger(sql: Sql, ref: TriggerRef, { reason, notice }: { reason: string; notice: KeeperNotice }): Promise<void> {
  const { team, workflowId, triggerId } = ref;
  await asTeam(sql, team, async (tx) => {
    const stopped = await tx`
      update triggers set stopped_at = now(), stop_reason = ${reason.slice(0, 500)}, next_fire_at = null, updated_at = now()
      where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and status = 'active' and stopped_at is null returning id`;
    if (stopped.length > 0) await tellKeepers(tx, ref, notice);
  });
}

/** What a trigger says of itself between fires. Absent fields stay. */
export async function noteTriggerState(
  sql: Sql,
  { team, workflowId, triggerId }: TriggerRef,
  { failures, notBefore, seriesId, nextFireAt }: { failures?: number; notBefore?: Date | null; seriesId?: string | null; nextFireAt?: Date | null },
): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) => tx`
    update triggers set failures = coalesce(${failures ?? null}::int, failures),
      not_before = case when ${notBefore !== undefined} then ${notBefore ?? null}::timestamptz else not_before end,
      series_id = case when ${seriesId !== undefined} then ${seriesId ?? null}::uuid else series_id end,
      next_fire_at = case when ${nextFireAt !== undefined} then ${nextFireAt ?? null}::timestamptz else next_fire_at end
    where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId}`,
  );
}

/** A fire that made no run: `missed`, `refused`, a poll that `failed`. */
export async function noteTriggerEvent(
  sql: Sql,
  { team, workflowId, triggerId }: TriggerRef,
  event: { outcome: 'missed' | 'refused' | 'failed' | 'held'; scheduledAt?: Date | null; code: string; message: string },
): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into trigger_events (team_id, workflow_id, trigger_id, scheduled_at, outcome, code, message)
    values (${team}, ${workflowId}, ${triggerId}, ${event.scheduledAt ?? null}::timestamptz, ${event.outcome}, ${event.code}, ${event.message.slice(0, 1000)})`,
  );
}

/** A trigger whose far side is to be looked at; `seq` is that of the newest change when it was claimed. */
export interface ClaimedTrigger extends TriggerRef {
  seq: number;
  tries: number;
}

/** Claims what is due, for `leaseMs`; any number of processes may call it. With a workflow: only its triggers. */
export async function claimTriggers(
  sql: Sql,
  { max = 100, leaseMs = 30_000, workflowId = null }: { max?: number; leaseMs?: number; workflowId?: string | null } = {},
): Promise<ClaimedTrigger[]> {
  return callOnce(async () => [
    ...(await sql<ClaimedTrigger[]>`
      select team, workflow as "workflowId", trigger_id as "triggerId", seq, tries from hub_claim_triggers(${max}::int, ${leaseMs}::int, ${workflowId}::uuid)`),
  ]);
}

/**
 * Reports a claim as done. Where a newer change came in between it is due at once. Where the row is gone, another took our lease over and finished
 * before us: what we did may be older than what it did, so it is noted again.
 */
export async function releaseTrigger(sql: Sql, { team, workflowId, triggerId, seq }: ClaimedTrigger): Promise<void> {
  await asTeam(sql, team, async (tx) => {
    const done = await tx`
      delete from trigger_outbox where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and seq = ${seq} returning seq`;
    if (done.length > 0) return;
    await tx`select hub_note_trigger(${team}::uuid, ${workflowId}::uuid, ${triggerId})`;
  });
}

/** Gives a claim back for another try after a pause. */
export async function delayTrigger(sql: Sql, { team, workflowId, triggerId, seq, tries }: ClaimedTrigger): Promise<void> {
  const pauseMs = Math.min(60_000, 1_000 * 2 ** Math.min(tries, 6));
  await asTeam(
    sql,
    team,
    (tx) => tx`
    update trigger_outbox set due_at = clock_timestamp() + make_interval(secs => ${pauseMs / 1000}::float8)
    where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and seq = ${seq}`,
  );
}

/** Notes a trigger again, when Temporal's list and the rows differ. One of a team that is not in this database is another installation's: left alone. */
export async function noteTrigger(sql: Sql, { team, workflowId, triggerId }: TriggerRef): Promise<void> {
  if (!isUuid(team) || !isUuid(workflowId)) return;
  await asTeam(sql, team, (tx) => tx`select hub_note_trigger(t.id, ${workflowId}::uuid, ${triggerId}) from teams t where t.id = ${team}`);
}

/** All triggers that may have something in Temporal, page by page. */
export async function allTriggers(sql: Sql, after: string | null, max = 500): Promise<(TriggerRef & { id: string })[]> {
  return callOnce(async () => [
    ...(await sql<(TriggerRef & { id: string })[]>`
      select team, workflow as "workflowId", trigger_id as "triggerId", id from hub_all_triggers(${after}::uuid, ${max}::int)`),
  ]);
}

/** A run whose end (or wait) somebody wants to know of. */
export interface RunEnd {
  team: string;
  run: string;
  status: string;
}

export async function claimEnds(sql: Sql, { max = 50, leaseMs = 10_000 }: { max?: number; leaseMs?: number } = {}): Promise<RunEnd[]> {
  return callOnce(async () => [...(await sql<RunEnd[]>`select team, run, status from hub_claim_ends(${max}::int, ${leaseMs}::int)`)]);
}

export async function releaseEnd(sql: Sql, { team, run, status }: RunEnd): Promise<void> {
  await asTeam(sql, team, (tx) => tx`delete from run_ends where team_id = ${team} and run_id = ${run} and status = ${status}`);
}

/** Removes old events; hourly, in some process. */
export async function pruneTriggers(sql: Sql): Promise<number> {
  const [row] = await callOnce(() => sql<{ rows: number }[]>`select hub_prune_triggers() as rows`);
  return row?.rows ?? 0;
}

/** Moves a poll's place without a fire: the first look. False where another was faster, or the version is another one by now. */
export async function movePollCursor(
  sql: Sql,
  { team, workflowId, triggerId }: TriggerRef,
  { version, seq, value }: { version: number; seq: number; value: Json },
): Promise<boolean> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into trigger_cursors as c (team_id, workflow_id, trigger_id, seq, cursor)
    select t.team_id, t.workflow_id, t.trigger_id, ${seq + 1}, ${tx.json(cleanJson(value) as never)} from triggers t
    where t.team_id = ${team} and t.workflow_id = ${workflowId} and t.trigger_id = ${triggerId} and t.version = ${version} and t.status = 'active'
    on conflict (team_id, workflow_id, trigger_id) do update set seq = excluded.seq, cursor = excluded.cursor, updated_at = now() where c.seq = ${seq} returning seq`,
  );
  return rows.length > 0;
}

/** A notice for those who keep a workflow: its owner and whoever published last, else the team's owners. Once per stop. */
async function tellKeepers(tx: TeamSql, { team, workflowId, triggerId }: TriggerRef, { kind, title, body, link }: KeeperNotice): Promise<void> {
  await tx`
    with keepers as (
      select m.user_id from members m join workflows w on w.team_id = m.team_id and w.id = ${workflowId}
        left join workflow_versions v on v.team_id = w.team_id and v.id = w.published_version_id
      where m.team_id = ${team} and (m.user_id = w.user_id or m.user_id = v.created_by)),
    told as (
      select user_id from keepers union select m.user_id from members m where m.team_id = ${team} and m.role = 'owner' and not exists (select from keepers))
    insert into notices (team_id, user_id, kind, title, body, link, dedupe_key)
    select ${team}, t.user_id, ${kind}, ${title.slice(0, 300)}, ${body.slice(0, 2000)}, ${link ?? `/workflows/${workflowId}`},
      ${`${kind}/${workflowId}/${triggerId}/`} || (select extract(epoch from x.stopped_at)::text from triggers x where x.team_id = ${team} and x.workflow_id = ${workflowId} and x.trigger_id = ${triggerId})
    from told t on conflict (team_id, user_id, dedupe_key) do nothing`;
}
