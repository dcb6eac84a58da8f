/** Push as a wake-up of polls: channels that the hub opened at vendors, their messages, and polls that are to run now (0023). */
import { asTeam, callOnce, isUuid, type Sql } from '../database.ts';
import type { TriggerRef } from './triggers.ts';

/** A message may wake a poll this long after the last one at the earliest: a burst costs one poll, and one more for what came meanwhile. */
const wakeEveryMs = 5_000;

/** A channel as its messages are checked against it. */
export interface PushChannel extends TriggerRef {
  connector: string;
  /** SHA-256 of the token, in hex. */
  tokenHash: string;
}

/** What a message says of itself. */
export interface PushMessage {
  /** Counts up in a channel. */
  number: bigint;
  /** The vendor's name of what is watched. */
  resource: string;
  /** False for the first one, which says only that the channel is open. */
  changed: boolean;
}

/** Whose channel it is; null: nobody's, or it is over. */
export async function findPushChannel(sql: Sql, id: string): Promise<PushChannel | null> {
  if (!isUuid(id)) return null;
  const [row] = await callOnce(() => sql<{ found: PushChannel | null }[]>`select hub_find_push(${id}::uuid) as found`);
  return row?.found ?? null;
}

/**
 * Takes a message whose token was checked. `repeated`: one of this number or a later one came before, so its change was seen to. `ignored`: it says nothing
 * new, a wake is due already, or the trigger does not fire now.
 */
export async function takePush(
  sql: Sql,
  { team, id }: { team: string; id: string },
  { number, resource, changed }: PushMessage,
): Promise<'woken' | 'ignored' | 'repeated'> {
  return asTeam(sql, team, async (tx) => {
    const [channel] = await tx<{ workflow_id: string; trigger_id: string }[]>`
      update push_channels set message = ${String(number)}::bigint, resource = coalesce(resource, ${resource})
      where team_id = ${team} and id = ${id} and message < ${String(number)}::bigint returning workflow_id, trigger_id`;
    if (channel === undefined) return 'repeated';
    if (!changed) return 'ignored';
    const woken = await tx`
      update triggers set wake_at = greatest(clock_timestamp(), woken_at + make_interval(secs => ${wakeEveryMs / 1000}::float8))
      where team_id = ${team} and workflow_id = ${channel.workflow_id} and trigger_id = ${channel.trigger_id} and wake_at is null
        and type = 'poll' and status = 'active' and paused_at is null and stopped_at is null returning id`;
    return woken.length > 0 ? 'woken' : 'ignored';
  });
}

/** Takes wakes that are due; any number of processes may call it. */
export async function claimWakes(sql: Sql, max = 100): Promise<TriggerRef[]> {
  return callOnce(async () => [
    ...(await sql<TriggerRef[]>`select team, workflow as "workflowId", trigger_id as "triggerId" from hub_claim_wakes(${max}::int)`),
  ]);
}

/** Puts a wake back that did not reach Temporal. */
export async function putWakeBack(sql: Sql, { team, workflowId, triggerId }: TriggerRef): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) => tx`
    update triggers set wake_at = clock_timestamp() + interval '2 seconds'
    where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and wake_at is null`,
  );
}

/** Which channels there should be. */
export interface PushWish {
  /** `connector/action` of what can be pushed; none where the hub has no public address. */
  actions: readonly string[];
  /** Where messages go; the connector's id follows it. */
  address: string;
}

export interface ClaimedOpening extends TriggerRef {
  connector: string;
  credentialId: string;
  /** In a row, with this one. */
  tries: number;
}

/** Claims polls that want a channel: they have none, or one that ends within `renewMs`. */
export async function claimOpenings(
  sql: Sql,
  { actions, address }: PushWish,
  { renewMs, leaseMs, max = 20 }: { renewMs: number; leaseMs: number; max?: number },
): Promise<ClaimedOpening[]> {
  return callOnce(async () => [
    ...(await sql<ClaimedOpening[]>`
      select team, workflow as "workflowId", trigger_id as "triggerId", connector, credential as "credentialId", tries
      from hub_claim_push_opens(${[...actions]}::text[], ${address}, ${renewMs}::bigint, ${leaseMs}::bigint, ${max}::int)`),
  ]);
}

export interface NewPushChannel extends ClaimedOpening {
  id: string;
  address: string;
  tokenHash: Uint8Array;
  expiresAt: Date;
}

/** Notes a channel before the vendor is asked for it, so that its first message finds it. */
export async function addPushChannel(sql: Sql, channel: NewPushChannel): Promise<void> {
  const { team, id, workflowId, triggerId, connector, credentialId, address, tokenHash, expiresAt } = channel;
  await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into push_channels (team_id, id, workflow_id, trigger_id, connector, credential_id, address, token_hash, expires_at)
    values (${team}, ${id}, ${workflowId}, ${triggerId}, ${connector}, ${credentialId}, ${address}, ${Buffer.from(tokenHash)}, ${expiresAt})`,
  );
}

/** The vendor opened it. */
export async function notePushOpened(
  sql: Sql,
  { team, id, workflowId, triggerId }: TriggerRef & { id: string },
  { resource, expiresAt }: { resource: string; expiresAt: Date },
): Promise<void> {
  await asTeam(sql, team, async (tx) => {
    await tx`update push_channels set resource = ${resource}, expires_at = ${expiresAt} where team_id = ${team} and id = ${id}`;
    await tx`
      update triggers set push_after = null, push_tries = 0, push_problem = null
      where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId}`;
  });
}

/** The vendor refused it; it is tried again after a pause. */
export async function notePushRefused(
  sql: Sql,
  { team, id, workflowId, triggerId }: TriggerRef & { id: string },
  { problem, pauseMs }: { problem: string; pauseMs: number },
): Promise<void> {
  await asTeam(sql, team, async (tx) => {
    await tx`delete from push_channels where team_id = ${team} and id = ${id} and resource is null`;
    await tx`
      update triggers set push_problem = ${problem.slice(0, 500)}, push_after = clock_timestamp() + make_interval(secs => ${pauseMs / 1000}::float8)
      where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId}`;
  });
}

export interface ClaimedStop extends TriggerRef {
  id: string;
  connector: string;
  credentialId: string;
  /** Null: the vendor never said that it is open. */
  resource: string | null;
  /** It has ended by itself. */
  over: boolean;
}

/** Claims channels that are to be stopped. */
export async function claimStops(
  sql: Sql,
  { actions, address }: PushWish,
  { leaseMs, max = 20 }: { leaseMs: number; max?: number },
): Promise<ClaimedStop[]> {
  return callOnce(async () => [
    ...(await sql<ClaimedStop[]>`
      select team, id, workflow as "workflowId", trigger_id as "triggerId", connector, credential as "credentialId", resource, over
      from hub_claim_push_stops(${[...actions]}::text[], ${address}, ${leaseMs}::bigint, ${max}::int)`),
  ]);
}

/** It is stopped, or over. */
export async function dropPushChannel(sql: Sql, { team, id }: { team: string; id: string }): Promise<void> {
  await asTeam(sql, team, (tx) => tx`delete from push_channels where team_id = ${team} and id = ${id}`);
}
