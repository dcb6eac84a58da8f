import { asTeam, callOnce, isUuid, one, readAsTeam, type Sql } from '../database.ts';

export interface NewApiKey {
  team: string;
  userId: string | null;
  name: string;
  /** sha-256 of the whole key text. */
  hash: Uint8Array;
  prefix: string;
  scopes: string[];
  expiresAt?: Date | string | null;
}

export async function createApiKey(sql: Sql, { team, userId, name, hash, prefix, scopes, expiresAt = null }: NewApiKey): Promise<{ id: string }> {
  const until = expiresAt === null ? null : new Date(expiresAt);
  return one(
    await asTeam(
      sql,
      team,
      (tx) => tx<{ id: string }[]>`
    insert into api_keys (team_id, name, hash, prefix, scopes, created_by, expires_at)
    values (${team}, ${name}, ${Buffer.from(hash)}, ${prefix}, ${scopes}::text[], ${userId}, ${until}) returning id`,
    ),
  );
}

/** False: there is no such key, or it was revoked before. */
export async function revokeApiKey(sql: Sql, team: string, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`update api_keys set revoked_at = now() where team_id = ${team} and id = ${id} and revoked_at is null returning id`,
  );
  return rows.length > 0;
}

export interface Access {
  /** Of the person; of who made the key, null when that person has left. */
  role: string | null;
  plan: string;
}

export interface KeyAccess extends Access {
  team: string;
  keyId: string;
  userId: string | null;
  scopes: string[] | null;
}

/** Whose key has this hash, and what it may do now; null for none, a revoked or an expired one. One round trip: whose it is, then all else as that team. */
export async function readKeyAccess(sql: Sql, hash: Uint8Array): Promise<KeyAccess | null> {
  const [row] = await callOnce(
    () => sql<KeyAccess[]>`
    select k.team, k.key as "keyId", k.person as "userId", q.* from hub_find_api_key(${Buffer.from(hash)}::bytea) k
    cross join lateral hub_as_team(k.team) acting(team)
    cross join lateral (
      select m.role, t.plan, a.scopes from teams t
      join api_keys a on a.team_id = t.id and a.id = k.key and a.revoked_at is null
      left join members m on m.team_id = t.id and m.user_id = k.person
      where t.id = acting.team offset 0) q`,
  );
  return row ?? null;
}

/** What a person may do in a team now; null: they are not (any more) a member. */
export async function readAccess(sql: Sql, { team, userId }: { team: string; userId: string }): Promise<(Access & { role: string }) | null> {
  const [row] = await readAsTeam<Access & { role: string }>(
    sql,
    team,
    sql`select m.role, t.plan from teams t join members m on m.team_id = t.id and m.user_id = ${userId}::uuid where t.id = acting.team`,
  );
  return row ?? null;
}
