/** Credentials are sealed before they come here; this package never sees a value. */
import { asTeam, isUuid, type Sql } from '../database.ts';

export interface NewCredential {
  team: string;
  userId: string | null;
  /** Made before sealing: the seal is bound to it. */
  id: string;
  name: string;
  kind: string;
  encrypted: Uint8Array;
  keyId: string;
  rowVersion: number;
  allowedHosts: string[];
}

/** `name-taken`: another live credential of the team has this name. */
export async function createCredential(sql: Sql, given: NewCredential): Promise<'ok' | 'name-taken'> {
  const { team, userId, id, name, kind, encrypted, keyId, rowVersion, allowedHosts } = given;
  const made = await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into connector_credentials (team_id, id, user_id, name, connector_type, encrypted_credentials, encryption_key_id, row_version, allowed_hosts)
    values (${team}, ${id}, ${userId}, ${name}, ${kind}, ${Buffer.from(encrypted)}, ${keyId}, ${rowVersion}, ${allowedHosts}::text[])
    on conflict (team_id, name) where status <> 'revoked' do nothing returning id`,
  );
  return made.length > 0 ? 'ok' : 'name-taken';
}

export interface CredentialChange {
  team: string;
  id: string;
  /** The row version the change was made on; the new seal is bound to `rowVersion`, one more. */
  ifVersion: number;
  name?: string;
  allowedHosts?: string[];
  sealed?: { encrypted: Uint8Array; keyId: string };
}

/** A new seal counts the row version up by one; a change of name or hosts alone leaves it (the seal is bound to it). */
export async function updateCredential(
  sql: Sql,
  change: CredentialChange,
): Promise<{ outcome: 'ok' | 'stale'; rowVersion: number } | { outcome: 'not-found' }> {
  const { team, id, ifVersion } = change;
  if (!isUuid(id)) return { outcome: 'not-found' };
  const encrypted = change.sealed ? Buffer.from(change.sealed.encrypted) : null;
  return asTeam(sql, team, async (tx) => {
    const [row] = await tx<{ row_version: number }[]>`
      update connector_credentials set name = coalesce(${change.name ?? null}, name), allowed_hosts = coalesce(${change.allowedHosts ?? null}::text[], allowed_hosts),
        encrypted_credentials = coalesce(${encrypted}::bytea, encrypted_credentials), encryption_key_id = coalesce(${change.sealed?.keyId ?? null}, encryption_key_id),
        row_version = row_version + (${encrypted}::bytea is not null)::int, updated_at = now()
      where team_id = ${team} and id = ${id} and row_version = ${ifVersion} and status <> 'revoked' returning row_version`;
    if (row !== undefined) return { outcome: 'ok', rowVersion: row.row_version };
    const [now] = await tx<
      { row_version: number }[]
    >`select row_version from connector_credentials where team_id = ${team} and id = ${id} and status <> 'revoked'`;
    return now === undefined ? { outcome: 'not-found' } : { outcome: 'stale', rowVersion: now.row_version };
  });
}

/** The value is thrown away; the row stays, so that runs that used it can name it. False: there is none. */
export async function revokeCredential(sql: Sql, team: string, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    update connector_credentials set status = 'revoked', encrypted_credentials = ''::bytea, oauth_refresh_token_encrypted = null, updated_at = now()
    where team_id = ${team} and id = ${id} and status <> 'revoked' returning id`,
  );
  return rows.length > 0;
}

export interface SealedCredential {
  id: string;
  name: string;
  kind: string;
  encrypted: Buffer;
  keyId: string;
  rowVersion: number;
  allowedHosts: string[];
  status: string;
}

/** For use in a step: with `where` the use is recorded in the audit log of the run (05, rule 37). */
export async function readSealedCredential(
  sql: Sql,
  team: string,
  id: string,
  where: { run: string; nodeId: string } | null,
): Promise<SealedCredential | null> {
  if (!isUuid(id)) return null;
  return asTeam(sql, team, async (tx) => {
    const [row] = await tx<SealedCredential[]>`
      update connector_credentials set last_used_at = case when last_used_at > now() - interval '10 seconds' then last_used_at else now() end
      where team_id = ${team} and id = ${id}
      returning id, name, connector_type as kind, encrypted_credentials as encrypted, encryption_key_id as "keyId", row_version as "rowVersion", allowed_hosts as "allowedHosts", status`;
    if (row === undefined) return null;
    if (where !== null) {
      await tx`insert into audit_log (team_id, action, target, details) values (${team}, 'credential.use', ${`credential:${id}`}, ${tx.json({ run: where.run, nodeId: where.nodeId })})`;
    }
    return row;
  });
}
