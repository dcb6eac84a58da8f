/**
 * Opens credentials for one use and keeps access tokens fresh: at most one refresh of a credential at a time among all processes, and whoever waited
 * takes what came of it. Values live only in the call that asked; they are never logged.
 */
import type { KeyRing } from '../crypto/index.ts';
import { type CredentialKind, credentialKind, type CredentialKindSpec } from '../credentials/index.ts';
import { TransientError, UserError } from '../errors.ts';
import { GrantRefused, type OAuthClient, wantedScopes } from './oauth.ts';
import { type AccessContent, contentOf, createSeals } from './seals.ts';
import type { HeldRow, LiveSecret, SealedRow, Tokens, VaultRows } from './types.ts';

export interface VaultOptions {
  rows: VaultRows;
  ring: KeyRing;
  oauth: OAuthClient;
  now?: () => number;
  /** Credentials refreshed at a time in this process (default 4): each holds a database connection meanwhile. */
  refreshersAtOnce?: number;
}

export interface Vault {
  /** @throws UserError `credential.not-found` | `credential.revoked` | `credential.not-connected` | `credential.needs-reauth`; TransientError `credential.refresh-failed`. */
  use(team: string, id: string, where: { run: string; nodeId: string } | null): Promise<LiveSecret>;
  /** After the service refused `stale`. @throws as `use`; UserError `credential.refused` where the secret does not renew itself. */
  renew(team: string, stale: LiveSecret): Promise<LiveSecret>;
  /** Stores the tokens a consent gave. False: the credential was changed or revoked meanwhile. */
  keep(team: string, id: string, rowVersion: number, tokens: Tokens): Promise<boolean>;
  /** The stored values and tokens, to take access back before they are destroyed. Null: nothing that a provider could take back. */
  forRevocation(team: string, id: string): Promise<{ kind: CredentialKindSpec; values: Record<string, string>; token: string } | null>;
}

/** An access token this near its end is refreshed first. */
const marginMs = 60_000;

/** With the token go the values that are no secrets: how the connection was set up. */
function withToken(row: SealedRow, values: Record<string, string>, { token, instanceUrl }: AccessContent): LiveSecret {
  const plain = (credentialKind(row.kind)?.fields ?? []).flatMap(({ name, secret }) =>
    secret || values[name] === undefined ? [] : [[name, values[name]]],
  );
  return live(row, { ...(Object.fromEntries(plain) as Record<string, string>), token, ...(instanceUrl === undefined ? {} : { instanceUrl }) });
}

const live = (row: SealedRow, values: Record<string, string>): LiveSecret => ({
  id: row.id,
  kind: row.kind as CredentialKind,
  values,
  allowedHosts: row.allowedHosts,
});

/** A vault over these rows. Keep one per process: it knows which refreshes are under way. */
export function createVault({ rows, ring, oauth, now = Date.now, refreshersAtOnce = 4 }: VaultOptions): Vault {
  const { valuesOf, accessOf, refreshTokenOf, sealTokens } = createSeals(ring);
  /** The stored token where it is still good and not the one that was refused. */
  const goodToken = (team: string, row: SealedRow, refused: string | null): LiveSecret | null => {
    if (row.expiresAt !== null && row.expiresAt.getTime() - now() < marginMs) return null;
    const access = accessOf(team, row);
    return access === null || access.token === refused ? null : withToken(row, valuesOf(team, row), access);
  };
  const save = async (team: string, held: HeldRow, row: SealedRow, kind: CredentialKindSpec, values: Record<string, string>, tokens: Tokens) => {
    const asked = row.scopes.length > 0 ? row.scopes : wantedScopes(kind, values);
    return (await held.saveTokens(row, sealTokens(team, row, tokens, asked))) ? withToken(row, values, contentOf(tokens)) : null;
  };
  const underWay = new Map<string, Promise<LiveSecret>>();
  const slots = createSlots(refreshersAtOnce);

  const obtain = async (team: string, row: SealedRow, kind: CredentialKindSpec, values: Record<string, string>): Promise<Tokens> => {
    if (kind.grant === 'client-credentials') return oauth.clientCredentials(kind, values);
    if (kind.grant === 'service-account') return oauth.serviceAccount(kind, values, row.allowedHosts);
    const refresh = refreshTokenOf(team, row);
    if (refresh === null) throw new GrantRefused('no-refresh-token');
    return oauth.refresh(kind, values, refresh);
  };

  /** Under the lock. Answers a function, because what is stored must be committed before anything is thrown. */
  const refreshHeld = async (team: string, refused: string | null, held: HeldRow): Promise<() => LiveSecret> => {
    const row = await held.read();
    const kind = check(row);
    if (row === null || kind === null) throw notFound();
    const good = goodToken(team, row, refused);
    if (good !== null) return () => good;
    const values = valuesOf(team, row);
    try {
      const saved = await save(team, held, row, kind, values, await obtain(team, row, kind, values));
      if (saved === null)
        throw new TransientError('credential.changed', 'The credential was changed while its token was refreshed.', { didNothing: true });
      return () => saved;
    } catch (error) {
      if (!(error instanceof GrantRefused)) throw error;
      const consent = kind.grant === 'authorization-code' && error.reason !== 'invalid_client' && error.reason !== 'unauthorized_client';
      if (consent) await held.needsReauth(row, error.reason);
      return () => {
        throw consent ? needsReauth(row.name, error.reason) : refusedByProvider(row.name, error.reason);
      };
    }
  };
  const refresh = (team: string, id: string, refused: string | null): Promise<LiveSecret> => {
    const place = `${team} ${id}`;
    const before = underWay.get(place);
    // Whoever waits looks again: what came of the wait may be the very token it was refused with.
    if (before !== undefined) return before.then(async (got) => (got.values['token'] === refused ? refresh(team, id, refused) : got));
    const mine = slots(() => rows.hold(team, id, (held) => refreshHeld(team, refused, held)))
      .then((settle) => settle())
      .finally(() => underWay.delete(place));
    underWay.set(place, mine);
    return mine;
  };

  return {
    async use(team, id, where) {
      const row = await rows.read(team, id, where);
      const kind = check(row);
      if (row === null || kind === null) throw notFound();
      if (kind.grant === 'stored') return live(row, valuesOf(team, row));
      return goodToken(team, row, null) ?? refresh(team, id, null);
    },
    async renew(team, stale) {
      if (credentialKind(stale.kind)?.grant === 'stored') throw refusedByProvider(null, 'unauthorized');
      return refresh(team, stale.id, stale.values['token'] ?? null);
    },
    async keep(team, id, rowVersion, tokens) {
      return rows.hold(team, id, async (held) => {
        const row = await held.read();
        const kind = row === null ? null : credentialKind(row.kind);
        if (row === null || kind === null || row.rowVersion !== rowVersion || row.status === 'revoked') return false;
        return (await save(team, held, { ...row, refreshToken: null, scopes: [] }, kind, valuesOf(team, row), tokens)) !== null;
      });
    },
    async forRevocation(team, id) {
      const row = await rows.read(team, id, null);
      const kind = row === null ? null : credentialKind(row.kind);
      if (row === null || kind === null || kind.grant !== 'authorization-code' || row.status === 'revoked') return null;
      const token = refreshTokenOf(team, row) ?? accessOf(team, row)?.token ?? null;
      return token === null ? null : { kind, values: valuesOf(team, row), token };
    },
  };
}

/** The kind of a row that may be used; null where there is none. Throws what a person must do otherwise. */
function check(row: SealedRow | null): CredentialKindSpec | null {
  if (row === null) return null;
  if (row.status === 'revoked')
    throw new UserError('credential.revoked', `The credential "${row.name}" is revoked.`, {
      status: 422,
      remedy: 'Choose another or store it anew.',
    });
  if (row.status === 'pending')
    throw new UserError('credential.not-connected', `The credential "${row.name}" was never connected.`, {
      status: 422,
      remedy: 'Open it under Connections and connect it.',
    });
  if (row.status === 'needs_reauth') throw needsReauth(row.name, 'refused-before');
  const kind = credentialKind(row.kind);
  if (kind === null)
    throw new UserError('credential.wrong-kind', `The kind of the credential "${row.name}" is not known to this version.`, {
      status: 422,
      remedy: 'Store it anew.',
    });
  return kind;
}

const notFound = () =>
  new UserError('credential.not-found', 'The credential of this step is not there. Choose one of the team’s credentials.', { status: 422 });
const needsReauth = (name: string, reason: string) =>
  new UserError('credential.needs-reauth', `The provider takes the credential "${name}" no more (${reason}).`, {
    status: 422,
    remedy: 'Open it under Connections and connect it again; then continue the run.',
  });
const refusedByProvider = (name: string | null, reason: string) =>
  new UserError('credential.refused', `The service does not take ${name === null ? 'the credential' : `the credential "${name}"`} (${reason}).`, {
    status: 422,
    remedy: 'Check it at the service and store its values again.',
  });

/** At most `most` of the works at a time; the others wait in order. */
function createSlots(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let used = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (used >= most) await new Promise<void>((go) => waiting.push(go));
    else used += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) used -= 1;
      else next();
    }
  };
}
