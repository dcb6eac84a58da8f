/** Credentials are sealed before they come here; this package never sees a value. */
import { asTeam, isUuid, type Sql, type TeamSql } from '../database.ts';

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
  /** `pending`: somebody must consent at the provider first (default `active`). */
  status?: 'active' | 'pending';
  /** When it ends, as its owner knows. */
  endsAt?: Date | null;
}

/** `name-taken`: another live credential of the team has this name. */
export async function createCredential(sql: Sql, given: NewCredential): Promise<'ok' | 'name-taken'> {
  const { team, userId, id, name, kind, encrypted, keyId, rowVersion, allowedHosts, status = 'active', endsAt = null } = given;
  const made = await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into connector_credentials (team_id, id, user_id, name, connector_type, encrypted_credentials, encryption_key_id, row_version, allowed_hosts, status, ends_at)
    values (${team}, ${id}, ${userId}, ${name}, ${kind}, ${Buffer.from(encrypted)}, ${keyId}, ${rowVersion}, ${allowedHosts}::text[], ${status}, ${endsAt})
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
  usableBy?: 'team' | 'people';
  users?: string[];
  /** Null: it has no end that is known. Absent: as it was, but for new values, of which nobody has said so. */
  endsAt?: Date | null;
  /** New values: tokens that came of the old ones go, and the status is as of a new credential. */
  sealed?: { encrypted: Uint8Array; keyId: string; status?: 'active' | 'pending' };
}

/** A new seal counts the row version up by one; a change of anything else leaves it (the seal is bound to it). */
export async function updateCredential(
  sql: Sql,
  change: CredentialChange,
): Promise<{ outcome: 'ok' | 'stale'; rowVersion: number } | { outcome: 'not-found' }> {
  const { team, id, ifVersion, sealed } = change;
  if (!isUuid(id)) return { outcome: 'not-found' };
  const encrypted = sealed ? Buffer.from(sealed.encrypted) : null;
  return asTeam(sql, team, async (tx) => {
    const [row] = await tx<{ row_version: number }[]>`
      update connector_credentials set name = coalesce(${change.name ?? null}, name), allowed_hosts = coalesce(${change.allowedHosts ?? null}::text[], allowed_hosts),
        usable_by = coalesce(${change.usableBy ?? null}, usable_by), users = coalesce(${change.users ?? null}::uuid[], users),
        encrypted_credentials = coalesce(${encrypted}::bytea, encrypted_credentials), encryption_key_id = coalesce(${sealed?.keyId ?? null}, encryption_key_id),
        row_version = row_version + (${encrypted}::bytea is not null)::int, status = coalesce(${sealed === undefined ? null : (sealed.status ?? 'active')}, status),
        ends_at = case when ${change.endsAt !== undefined || sealed !== undefined} then ${change.endsAt ?? null}::timestamptz else ends_at end, updated_at = now()
      where team_id = ${team} and id = ${id} and row_version = ${ifVersion} and status <> 'revoked' returning row_version`;
    if (row !== undefined) {
      if (encrypted !== null)
        await tx`
        update connector_credentials set oauth_access_token_encrypted = null, oauth_refresh_token_encrypted = null, oauth_token_expires_at = null,
          token_version = token_version + 1, oauth_scopes = '{}', account = null, status_reason = null where team_id = ${team} and id = ${id}`;
      return { outcome: 'ok', rowVersion: row.row_version };
    }
    const [now] = await tx<
      { row_version: number }[]
    >`select row_version from connector_credentials where team_id = ${team} and id = ${id} and status <> 'revoked'`;
    return now === undefined ? { outcome: 'not-found' } : { outcome: 'stale', rowVersion: now.row_version };
  });
}

/** The values are thrown away; the row stays, so that runs that used it can name it. False: there is none. */
export async function revokeCredential(sql: Sql, team: string, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    update connector_credentials set status = 'revoked', encrypted_credentials = ''::bytea, oauth_access_token_encrypted = null, oauth_refresh_token_encrypted = null,
      token_version = token_version + 1, updated_at = now()
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
  accessToken: Buffer | null;
  refreshToken: Buffer | null;
  /** The seals of both tokens are bound to it. */
  tokenVersion: number;
  expiresAt: Date | null;
  scopes: string[];
}

const readSealed = async (tx: TeamSql, team: string, id: string): Promise<SealedCredential | null> => {
  const [row] = await tx<SealedCredential[]>`
    select id, name, connector_type as kind, encrypted_credentials as encrypted, encryption_key_id as "keyId", row_version as "rowVersion", allowed_hosts as "allowedHosts", status,
      oauth_access_token_encrypted as "accessToken", oauth_refresh_token_encrypted as "refreshToken", token_version as "tokenVersion", oauth_token_expires_at as "expiresAt", oauth_scopes as scopes
    from connector_credentials where team_id = ${team} and id = ${id}`;
  return row ?? null;
};

/** For maintenance: not a use. */
export async function readForRewrap(sql: Sql, team: string, id: string): Promise<SealedCredential | null> {
  return asTeam(sql, team, (tx) => readSealed(tx, team, id));
}

/** For use: its last use is noted at most every 10 s; with `where` the use is recorded in the audit log of the run (05, rule 37). */
export async function readSealedCredential(
  sql: Sql,
  team: string,
  id: string,
  where: { run: string; nodeId: string } | null,
): Promise<SealedCredential | null> {
  if (!isUuid(id)) return null;
  return asTeam(sql, team, async (tx) => {
    const row = await readSealed(tx, team, id);
    if (row === null) return null;
    await tx`update connector_credentials set last_used_at = now() where team_id = ${team} and id = ${id} and (last_used_at is null or last_used_at < now() - interval '10 seconds')`;
    if (where !== null) {
      await tx`insert into audit_log (team_id, action, target, details) values (${team}, 'credential.use', ${`credential:${id}`}, ${tx.json({ run: where.run, nodeId: where.nodeId })})`;
    }
    return row;
  });
}

export interface SealedTokens {
  access: Uint8Array;
  refresh: Uint8Array | null;
  expiresAt: Date | null;
  scopes: string[];
  /** Null: as it was. */
  account: string | null;
  /** When it cannot be refreshed any more; null: the provider did not say. */
  endsAt: Date | null;
}

/** What may be done to a credential while its lock is held. */
export interface HeldCredential {
  read(): Promise<SealedCredential | null>;
  /** Stores tokens sealed for `tokenVersion + 1` and makes the credential active. False: somebody changed it meanwhile. */
  saveTokens(row: SealedCredential, tokens: SealedTokens): Promise<boolean>;
  /** The provider takes what is stored no more: its owner is told once. */
  needsReauth(row: SealedCredential, reason: string): Promise<void>;
}

/**
 * Runs `work` while no other process holds this credential: a lock that falls with the connection, so also with a killed process. The one place
 * that calls out to another service inside a transaction: `work` must be bounded (30 s at most); who waits longer than 45 s gives up.
 */
export async function holdCredential<T>(sql: Sql, team: string, id: string, work: (held: HeldCredential) => Promise<T>): Promise<T> {
  return asTeam(sql, team, async (tx) => {
    await tx`select set_config('lock_timeout', '45s', true), set_config('idle_in_transaction_session_timeout', '60s', true)`;
    await tx`select pg_advisory_xact_lock(hashtextextended(${`credential ${team} ${id}`}, 0))`;
    return work({
      read: () => readSealed(tx, team, id),
      saveTokens: (row, tokens) => saveTokens(tx, team, row, tokens),
      needsReauth: (row, reason) => markNeedsReauth(tx, team, row, reason),
    });
  });
}

async function saveTokens(tx: TeamSql, team: string, row: SealedCredential, tokens: SealedTokens): Promise<boolean> {
  const rows = await tx`
    update connector_credentials set oauth_access_token_encrypted = ${Buffer.from(tokens.access)},
      oauth_refresh_token_encrypted = ${tokens.refresh === null ? null : Buffer.from(tokens.refresh)}, oauth_token_expires_at = ${tokens.expiresAt},
      oauth_scopes = ${tokens.scopes}::text[], account = coalesce(${tokens.account}, account),
      ends_at = coalesce(${tokens.endsAt}, case when ends_at > now() then ends_at end), token_version = token_version + 1,
      status = 'active', status_reason = null, updated_at = now()
    where team_id = ${team} and id = ${row.id} and token_version = ${row.tokenVersion} and row_version = ${row.rowVersion} and status <> 'revoked' returning id`;
  return rows.length > 0;
}

async function markNeedsReauth(tx: TeamSql, team: string, row: SealedCredential, reason: string): Promise<void> {
  await tx`
    with changed as (
      update connector_credentials set status = 'needs_reauth', status_reason = ${reason}, updated_at = now()
      where team_id = ${team} and id = ${row.id} and token_version = ${row.tokenVersion} and status in ('active', 'expired') returning user_id, name)
    insert into notices (team_id, user_id, kind, title, body, link, dedupe_key)
    select ${team}, c.user_id, 'credential.needs-reauth', 'Connect again', c.name || ' is taken by its provider no more. Steps that use it fail until somebody connects it again.',
      ${`/connections/${row.id}`}, ${`needs-reauth ${row.id} ${row.tokenVersion}`}
    from changed c where c.user_id is not null on conflict (team_id, user_id, dedupe_key) do nothing`;
}

export interface NewOAuthState {
  team: string;
  stateHash: Buffer;
  credentialId: string;
  rowVersion: number;
  userId: string;
  sessionId: string;
  verifierEncrypted: Buffer;
  redirectUrl: string;
}

/** Keeps a consent under way for 10 minutes; an earlier one of the same credential in the same session is dropped. */
export async function beginOAuthState(sql: Sql, given: NewOAuthState): Promise<void> {
  const { team, stateHash, credentialId, rowVersion, userId, sessionId, verifierEncrypted, redirectUrl } = given;
  await asTeam(sql, team, async (tx) => {
    await tx`delete from oauth_states where team_id = ${team} and credential_id = ${credentialId} and session_id = ${sessionId}`;
    await tx`
      insert into oauth_states (team_id, state_hash, credential_id, row_version, user_id, session_id, verifier_encrypted, redirect_url, expires_at)
      values (${team}, ${stateHash}, ${credentialId}, ${rowVersion}, ${userId}, ${sessionId}, ${verifierEncrypted}, ${redirectUrl}, now() + interval '10 minutes')`;
  });
}

export interface UsedOAuthState {
  credentialId: string;
  rowVersion: number;
  verifierEncrypted: Buffer;
  redirectUrl: string;
}

/** Takes a state once, for the session and person that began it. Null: unknown, used, too old, or another's. */
export async function useOAuthState(
  sql: Sql,
  { team, stateHash, userId, sessionId }: { team: string; stateHash: Buffer; userId: string; sessionId: string },
): Promise<UsedOAuthState | null> {
  if (!isUuid(team)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<UsedOAuthState[]>`
    update oauth_states set used_at = now()
    where team_id = ${team} and state_hash = ${stateHash} and used_at is null and expires_at > now() and session_id = ${sessionId} and user_id = ${userId}
    returning credential_id as "credentialId", row_version as "rowVersion", verifier_encrypted as "verifierEncrypted", redirect_url as "redirectUrl"`,
  );
  return row ?? null;
}

/** Credentials sealed with another key than `keyId`, of any team, in order of id. */
export async function credentialsToRewrap(
  sql: Sql,
  keyId: string,
  after: string | null,
  max: number,
): Promise<{ team: string; credential: string }[]> {
  return sql<{ team: string; credential: string }[]>`select team, credential from hub_credentials_to_rewrap(${keyId}, ${after}::uuid, ${max})`;
}

/** Replaces seals by ones of the same content under another key. False: the row changed meanwhile; it is found again. */
export async function saveRewrapped(
  sql: Sql,
  team: string,
  old: SealedCredential,
  fresh: { encrypted: Buffer; keyId: string; accessToken: Buffer | null; refreshToken: Buffer | null },
): Promise<boolean> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx`
    update connector_credentials set encrypted_credentials = ${fresh.encrypted}, encryption_key_id = ${fresh.keyId},
      oauth_access_token_encrypted = ${fresh.accessToken}, oauth_refresh_token_encrypted = ${fresh.refreshToken}
    where team_id = ${team} and id = ${old.id} and row_version = ${old.rowVersion} and token_version = ${old.tokenVersion} and encryption_key_id = ${old.keyId} and status <> 'revoked' returning id`,
  );
  return rows.length > 0;
}
