import { asTeam, callOnce, isUuid, one, type Sql } from '../database.ts';

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

/** Whose key has this hash; null for none, a revoked or an expired one. Works as hub_auth or hub_app, without a team. */
export async function findApiKey(sql: Sql, hash: Uint8Array): Promise<{ team: string; keyId: string; userId: string | null } | null> {
  const [row] = await callOnce(
    () =>
      sql<
        { team: string; keyId: string; userId: string | null }[]
      >`select team, key as "keyId", person as "userId" from hub_find_api_key(${Buffer.from(hash)}::bytea)`,
  );
  return row ?? null;
}

export interface Access {
  /** Of the person, or of who made the key; null when that person has left. */
  role: string | null;
  plan: string;
  /** Of the key; null for a person. */
  scopes: string[] | null;
  userName: string | null;
  email: string | null;
}

/** What somebody may do in a team now. Null: not (any more) a member, or the key is revoked. */
export async function readAccess(
  sql: Sql,
  { team, userId, keyId }: { team: string; userId: string | null; keyId: string | null },
): Promise<Access | null> {
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<(Access & { key: string | null })[]>`
    select m.role, t.plan, k.id as key, k.scopes, u.name as "userName", u.email
    from teams t
    left join members m on m.team_id = t.id and m.user_id = ${userId}::uuid
    left join users u on u.id = m.user_id
    left join api_keys k on k.team_id = t.id and k.id = ${keyId}::uuid and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    where t.id = ${team}`,
  );
  if (row === undefined || (keyId === null ? row.role === null : row.key === null)) return null;
  const { key: _, ...access } = row;
  return access;
}
