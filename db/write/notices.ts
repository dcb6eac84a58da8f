import type { Json } from '@hub/dag/planner';
import { asTeam, type Sql } from '../database.ts';
import { cleanJson } from '../text.ts';

export interface NewNotice {
  team: string;
  userId: string;
  kind: string;
  title: string;
  body?: string;
  link?: string | null;
  /** A second notice with the same key to the same person is dropped. */
  dedupeKey?: string | null;
}

/** False: it was there already. */
export async function addNotice(sql: Sql, { team, userId, kind, title, body = '', link = null, dedupeKey = null }: NewNotice): Promise<boolean> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into notices (team_id, user_id, kind, title, body, link, dedupe_key) values (${team}, ${userId}, ${kind}, ${title}, ${body}, ${link}, ${dedupeKey})
    on conflict (team_id, user_id, dedupe_key) do nothing returning id`,
  );
  return rows.length > 0;
}

/** Answers how many were unread before. */
export async function markNoticesRead(sql: Sql, team: string, userId: string, ids: string[] | 'all'): Promise<number> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    update notices set read_at = now()
    where team_id = ${team} and user_id = ${userId} and read_at is null and (${ids === 'all'} or id = any(${ids === 'all' ? [] : ids}::uuid[])) returning id`,
  );
  return rows.length;
}

export interface NewAudit {
  team: string;
  userId: string | null;
  keyId?: string | null;
  /** `workflow.publish`. */
  action: string;
  /** `workflow:<id>`. */
  target: string | null;
  /** Address of the client. */
  from?: string | null;
  /** Never a secret. */
  details?: Json;
}

/** Append-only. */
export async function addAudit(sql: Sql, { team, userId, keyId = null, action, target, from = null, details }: NewAudit): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into audit_log (team_id, user_id, api_key_id, action, target, from_address, details)
    values (${team}, ${userId}, ${keyId}, ${action}, ${target}, ${from}, ${details === undefined ? null : tx.json(cleanJson(details) as never)})`,
  );
}
