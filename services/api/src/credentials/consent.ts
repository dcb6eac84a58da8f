/** The way through a provider's consent page and back: the state is good once, for ten minutes, for the session that began (05, rule 22). */
import { createHash } from 'node:crypto';
import type { Sql } from '@hub/db';
import { beginOAuthState, readSealedCredential, useOAuthState } from '@hub/db/write';
import { credentialAad, type KeyRing, open, randomToken, seal, verifierAad } from '@hub/kit/crypto';
import { credentialKind } from '@hub/kit/credentials';
import { errorCode, UserError } from '@hub/kit/errors';
import { GrantRefused, type OAuthClient, type Vault } from '@hub/kit/vault';

export interface ConsentDeps {
  sql: Sql;
  ring: KeyRing;
  vault: Vault;
  oauth: OAuthClient;
}

/** Who consents, where. */
export interface ConsentPlace {
  team: string;
  userId: string;
  sessionId: string;
  redirectUrl: string;
}

const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest();

/** The address of the consent page. @throws UserError `credential.not-found` | `credential.wrong-kind`. */
export async function beginConsent(deps: ConsentDeps, place: ConsentPlace, credentialId: string): Promise<string> {
  const { kind, values, rowVersion } = await readForConsent(deps, place.team, credentialId);
  // The team stands in the state only to find the row; what counts is the row.
  const state = `${place.team.replaceAll('-', '')}.${randomToken()}`;
  const verifier = randomToken(48);
  const stateHash = hashOf(state);
  await beginOAuthState(deps.sql, {
    team: place.team,
    stateHash,
    credentialId,
    rowVersion,
    userId: place.userId,
    sessionId: place.sessionId,
    verifierEncrypted: Buffer.from(seal(deps.ring.current(), verifierAad(place.team, stateHash.toString('hex')), verifier), 'utf8'),
    redirectUrl: place.redirectUrl,
  });
  return deps.oauth.authorizationUrl(kind, values, { redirectUrl: place.redirectUrl, state, verifier });
}

/** The team that a state was made in; null where it is none of ours. */
export function teamOfState(state: unknown): string | null {
  const match =
    typeof state === 'string' && state.length < 200
      ? /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.[\w-]{43}$/.exec(state)
      : null;
  return match === null ? null : match.slice(1).join('-');
}

/** How a consent ended. `state` covers forged, used, old and foreign ones: which it was is nobody's business. */
export type ConsentEnd =
  | { ok: true; credentialId: string }
  | { ok: false; credentialId: string | null; why: 'state' | 'denied' | 'refused' | 'changed' | 'provider' };

/** Takes what the provider sent the browser back with. The state is used up before anything else happens. */
export async function endConsent(deps: ConsentDeps, place: ConsentPlace, query: Record<string, string>): Promise<ConsentEnd> {
  const state = query['state'] ?? '';
  const stateHash = hashOf(state);
  const used = await useOAuthState(deps.sql, { team: place.team, stateHash, userId: place.userId, sessionId: place.sessionId });
  if (used === null) return { ok: false, credentialId: null, why: 'state' };
  const { credentialId } = used;
  const failed = (why: 'denied' | 'refused' | 'changed' | 'provider') => ({ ok: false as const, credentialId, why });
  if (query['error'] !== undefined) return failed(query['error'] === 'access_denied' ? 'denied' : 'provider');
  try {
    const { kind, values, rowVersion } = await readForConsent(deps, place.team, credentialId, used.rowVersion);
    const verifier = open(deps.ring.current(), verifierAad(place.team, stateHash.toString('hex')), used.verifierEncrypted.toString('utf8')).toString(
      'utf8',
    );
    const tokens = await deps.oauth.exchange(kind, values, { redirectUrl: used.redirectUrl, query, state, verifier });
    return (await deps.vault.keep(place.team, credentialId, rowVersion, tokens)) ? { ok: true, credentialId } : failed('changed');
  } catch (error) {
    if (error instanceof GrantRefused) return failed('refused');
    const code = errorCode(error);
    if (code === 'credential.not-found') return failed('changed');
    if (code?.startsWith('credential.') || code?.startsWith('http.')) return failed('provider');
    throw error;
  }
}

/** `ifVersion`: as it was when the consent began; other values since then are another app. */
async function readForConsent({ sql, ring }: ConsentDeps, team: string, id: string, ifVersion?: number) {
  const row = await readSealedCredential(sql, team, id, null);
  const kind = row === null ? null : credentialKind(row.kind);
  if (row === null || row.status === 'revoked' || kind === null || row.rowVersion !== (ifVersion ?? row.rowVersion))
    throw new UserError('credential.not-found', 'There is no such credential in this team.', { status: 404 });
  if (kind.grant !== 'authorization-code')
    throw new UserError('credential.wrong-kind', `A credential of kind ${kind.id} needs no consent.`, { status: 422, remedy: 'Use it as it is.' });
  const values = JSON.parse(open(ring.current(), credentialAad(team, id, row.rowVersion), row.encrypted.toString('utf8')).toString('utf8')) as Record<
    string,
    string
  >;
  return { kind, values, rowVersion: row.rowVersion };
}
