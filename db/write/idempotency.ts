import { asTeam, type Sql } from '../database.ts';

export interface IdempotencyPlace {
  team: string;
  /** What the key belongs to: operation and caller. */
  scope: string;
  key: string;
}
export type IdempotencyState =
  | { state: 'new' }
  | { state: 'in-flight' }
  | { state: 'different' }
  | { state: 'done'; status: number; body: string | null };

/** An unfinished first request older than this died with its process: the key is free again. */
const deadAfter = '2 minutes';

/** Takes the key, or says what became of the first request. */
export async function beginIdempotent(
  sql: Sql,
  { team, scope, key, bodyHash }: IdempotencyPlace & { bodyHash: Uint8Array },
): Promise<IdempotencyState> {
  const hash = Buffer.from(bodyHash);
  return asTeam(sql, team, async (tx) => {
    const taken = await tx`
      insert into idempotency_keys as k (team_id, scope, key, body_hash) values (${team}, ${scope}, ${key}, ${hash})
      on conflict (team_id, scope, key) do update set body_hash = excluded.body_hash, created_at = now(), status = null, body = null
      where k.created_at < now() - interval '24 hours' or (k.status is null and k.created_at < now() - ${deadAfter}::interval)
      returning 1`;
    if (taken.length > 0) return { state: 'new' };
    const [row] = await tx<{ body_hash: Buffer; status: number | null; body: string | null }[]>`
      select body_hash, status, body from idempotency_keys where team_id = ${team} and scope = ${scope} and key = ${key}`;
    // Dropped in between: whoever dropped it failed, so this one may try.
    if (row === undefined) return { state: 'in-flight' };
    if (!row.body_hash.equals(hash)) return { state: 'different' };
    return row.status === null ? { state: 'in-flight' } : { state: 'done', status: row.status, body: row.body };
  });
}

/** Keeps the first answer for 24 hours. */
export async function endIdempotent(
  sql: Sql,
  { team, scope, key, status, body }: IdempotencyPlace & { status: number; body: string | null },
): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) => tx`update idempotency_keys set status = ${status}, body = ${body} where team_id = ${team} and scope = ${scope} and key = ${key}`,
  );
}

/** The request failed on our side: the key may be used again. */
export async function dropIdempotent(sql: Sql, { team, scope, key }: IdempotencyPlace): Promise<void> {
  await asTeam(sql, team, (tx) => tx`delete from idempotency_keys where team_id = ${team} and scope = ${scope} and key = ${key} and status is null`);
}
