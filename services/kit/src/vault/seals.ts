/** The seals of one credential: its values, and the two tokens that came of them. */
import { credentialAad, type KeyRing, open, seal, tokenAad } from '../crypto/index.ts';
import type { SealedRow, SealedTokenRow, Tokens } from './types.ts';

/** What is sealed as the access token: the token and what the provider said with it. */
export interface AccessContent {
  token: string;
  instanceUrl?: string;
}

export const contentOf = (tokens: Tokens): AccessContent => ({
  token: tokens.access,
  ...(tokens.instanceUrl === null ? {} : { instanceUrl: tokens.instanceUrl }),
});

/** Opens and seals with the ring as it is at that moment. */
export function createSeals(ring: KeyRing) {
  const opened = (aad: string[], sealed: Buffer): string => open(ring.current(), aad, sealed.toString('utf8')).toString('utf8');
  /** All seals of a row are under one key, so that the re-wrap finds it by its key id: tokens of a row not yet re-wrapped take its old key. */
  const sealingKey = (row: SealedRow) => {
    const keyset = ring.current();
    return keyset.keys.has(row.keyId) ? { ...keyset, primary: row.keyId } : keyset;
  };
  const refreshTokenOf = (team: string, row: SealedRow): string | null =>
    row.refreshToken === null ? null : opened(tokenAad(team, row.id, 'refresh', row.tokenVersion), row.refreshToken);
  return {
    valuesOf: (team: string, row: SealedRow) =>
      JSON.parse(opened(credentialAad(team, row.id, row.rowVersion), row.encrypted)) as Record<string, string>,
    accessOf: (team: string, row: SealedRow): AccessContent | null =>
      row.accessToken === null ? null : (JSON.parse(opened(tokenAad(team, row.id, 'access', row.tokenVersion), row.accessToken)) as AccessContent),
    refreshTokenOf,
    /** For the next token version. `asked`: the scopes where the answer named none. */
    sealTokens: (team: string, row: SealedRow, tokens: Tokens, asked: string[]): SealedTokenRow => {
      const version = row.tokenVersion + 1;
      const sealed = (which: 'access' | 'refresh', text: string) =>
        Buffer.from(seal(sealingKey(row), tokenAad(team, row.id, which, version), text), 'utf8');
      // A provider that does not rotate leaves the old refresh token good (RFC 6749, 6).
      const refresh = tokens.refresh ?? refreshTokenOf(team, row);
      return {
        access: sealed('access', JSON.stringify(contentOf(tokens))),
        refresh: refresh === null ? null : sealed('refresh', refresh),
        expiresAt: tokens.expiresAt,
        scopes: tokens.scopes ?? asked,
        account: tokens.account,
        // Not the end of this access token, where the refresh token goes on.
        endsAt: tokens.refresh === null && refresh !== null ? null : tokens.endsAt,
      };
    },
  };
}
