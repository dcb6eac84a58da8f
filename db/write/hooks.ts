/** Tokens of webhooks and forms, and windows that listen for a test event. Only hashes are kept of what is a secret. */
import type { Json } from '@hub/dag/planner';
import { asTeam, callOnce, isUuid, one, type Sql, type TeamSql } from '../database.ts';
import { cleanJson } from '../text.ts';

export type TokenKind = 'webhook' | 'form';

/** A fresh token as `newTriggerToken` of the api makes it. */
export interface NewToken {
  token: string;
  /** SHA-256 of the token. */
  hash: Uint8Array;
}

/** What a token opens, read before anything of the request is believed. */
export interface OpenedToken {
  team: string;
  plan: string;
  workflowId: string;
  workflowStatus: 'draft' | 'active' | 'paused' | 'archived';
  triggerId: string;
  /** Of the trigger as it is published now; a removed one keeps its last. */
  type: string;
  config: Record<string, Json>;
  status: string;
  /** Set for the token of a window that listens for a test event. */
  listen: { id: string; starts: boolean; userId: string | null; open: boolean; runId: string | null } | null;
}

/** Who a token belongs to; null: nobody's. */
export async function openToken(sql: Sql, hash: Uint8Array): Promise<OpenedToken | null> {
  const [row] = await callOnce(() => sql<{ opened: OpenedToken }[]>`select hub_open_token(${Buffer.from(hash)}) as opened`);
  return row?.opened ?? null;
}

const hintOf = (token: string): string => `${token.slice(0, 10)}…`;

/**
 * Gives every active webhook and form of a workflow that has none its token. Call it in the transaction that publishes, after the trigger rows
 * are there. Answers the new ones: the only time a webhook's token can be read. A token outlives versions, and a trigger that was removed.
 */
export async function giveTriggerTokens(
  tx: TeamSql,
  team: string,
  workflowId: string,
  make: (kind: TokenKind) => NewToken,
): Promise<{ triggerId: string; type: TokenKind; token: string }[]> {
  const rows = await tx<{ trigger_id: string; type: TokenKind }[]>`
    select trigger_id, type from triggers
    where team_id = ${team} and workflow_id = ${workflowId} and status <> 'removed' and type in ('webhook', 'form')
      and (token_hash is null or left(token_hint, 3) <> case type when 'form' then 'frm' else 'whk' end) order by trigger_id`;
  const given = [];
  for (const row of rows) {
    const made = make(row.type);
    await setToken(tx, { team, workflowId, triggerId: row.trigger_id, type: row.type }, made);
    given.push({ triggerId: row.trigger_id, type: row.type, token: made.token });
  }
  return given;
}

interface TriggerPlace {
  team: string;
  workflowId: string;
  triggerId: string;
}

async function setToken(tx: TeamSql, { team, workflowId, triggerId, type }: TriggerPlace & { type: TokenKind }, made: NewToken): Promise<void> {
  await tx`
    update triggers set token_hash = ${Buffer.from(made.hash)}, token_hint = ${hintOf(made.token)}, form_token = ${type === 'form' ? made.token : null},
      token_made_at = now(), updated_at = now()
    where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId}`;
}

/** A new token; the old one is nobody's at once. Null: there is no such webhook or form. */
export async function rotateTriggerToken(
  sql: Sql,
  place: TriggerPlace,
  make: (kind: TokenKind) => NewToken,
): Promise<{ type: TokenKind; token: string } | null> {
  const { team, workflowId, triggerId } = place;
  if (!isUuid(workflowId)) return null;
  return asTeam(sql, team, async (tx) => {
    const [row] = await tx<{ type: TokenKind }[]>`
      select type from triggers where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId}
        and status <> 'removed' and type in ('webhook', 'form') for update`;
    if (row === undefined) return null;
    const made = make(row.type);
    await setToken(tx, { ...place, type: row.type }, made);
    return { type: row.type, token: made.token };
  });
}

/** Notes that a trigger was called; at most every 10 s, so that a busy one is not a hot row. */
export async function noteFired(sql: Sql, { team, workflowId, triggerId }: TriggerPlace): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) => tx`
    update triggers set last_fired_at = now() where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId}
      and (last_fired_at is null or last_fired_at < now() - interval '10 seconds')`,
  );
}

export interface NewListening extends TriggerPlace {
  type: TokenKind;
  config: Json;
  starts: boolean;
  userId: string | null;
  tokenHash: Uint8Array;
  /** How long it listens. */
  forMs: number;
}

/** Windows open at once per team; more push the oldest out. */
const maxWindows = 20;

/** Opens a window for one test event; an older one of the same trigger is closed by it. */
export async function openListening(sql: Sql, given: NewListening): Promise<{ id: string; expiresAt: string }> {
  const { team, workflowId, triggerId } = given;
  return asTeam(sql, team, async (tx) => {
    await tx`update hook_listens set expires_at = least(expires_at, clock_timestamp()) where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and status = 'waiting'`;
    await tx`delete from hook_listens where team_id = ${team} and id in (select id from hook_listens where team_id = ${team} order by id desc offset ${maxWindows - 1})`;
    const row = one(
      await tx<{ id: string; expires_at: Date }[]>`
      insert into hook_listens (team_id, workflow_id, trigger_id, type, config, starts, token_hash, user_id, expires_at)
      values (${team}, ${workflowId}, ${triggerId}, ${given.type}, ${tx.json(cleanJson(given.config) as never)}, ${given.starts}, ${Buffer.from(given.tokenHash)}, ${given.userId},
        clock_timestamp() + make_interval(secs => ${given.forMs / 1000}::float8)) returning id, expires_at`,
    );
    return { id: row.id, expiresAt: row.expires_at.toISOString() };
  });
}

/** An event that was refused: the window goes on listening, and says what was wrong. */
export async function noteListening(
  sql: Sql,
  { team, id, deliveryId, problem }: { team: string; id: string; deliveryId: string | null; problem: string },
): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) =>
      tx`update hook_listens set delivery_id = ${deliveryId}, problem = ${problem} where team_id = ${team} and id = ${id} and status = 'waiting'`,
  );
}

/** The event a window waited for; the first wins. False: it was there already, or the window is closed. */
export async function endListening(
  sql: Sql,
  { team, id, deliveryId, runId, problem }: { team: string; id: string; deliveryId: string | null; runId: string | null; problem: string | null },
): Promise<boolean> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    update hook_listens set status = 'received', delivery_id = ${deliveryId}, run_id = ${runId}, problem = ${problem}
    where team_id = ${team} and id = ${id} and status = 'waiting' and expires_at > clock_timestamp() returning id`,
  );
  return rows.length > 0;
}
