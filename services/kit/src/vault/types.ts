/** What the vault needs of the outside: rows and a guarded `fetch`. */
import type { CredentialKind } from '../credentials/index.ts';

/** A credential as it is stored. Seals are their text as bytes. */
export interface SealedRow {
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
  tokenVersion: number;
  expiresAt: Date | null;
  scopes: string[];
}

export interface SealedTokenRow {
  access: Uint8Array;
  refresh: Uint8Array | null;
  expiresAt: Date | null;
  scopes: string[];
  account: string | null;
  endsAt: Date | null;
}

/** What may be done while nobody else holds the credential. */
export interface HeldRow {
  read(): Promise<SealedRow | null>;
  saveTokens(row: SealedRow, tokens: SealedTokenRow): Promise<boolean>;
  needsReauth(row: SealedRow, reason: string): Promise<void>;
}

export interface VaultRows {
  /** Reads and notes the use. */
  read(team: string, id: string, where: { run: string; nodeId: string } | null): Promise<SealedRow | null>;
  /** One holder at a time among all processes; the lock falls with the process. */
  hold<T>(team: string, id: string, work: (held: HeldRow) => Promise<T>): Promise<T>;
}

/** A credential ready to use: see LiveCredential of @hub/activities/ports. */
export interface LiveSecret {
  id: string;
  kind: CredentialKind;
  values: Record<string, string>;
  allowedHosts: string[];
}

/** Tokens as a provider gave them. */
export interface Tokens {
  access: string;
  refresh: string | null;
  expiresAt: Date | null;
  /** Null: the answer named none, so those asked for were granted (RFC 6749, 5.1). */
  scopes: string[] | null;
  account: string | null;
  /** When somebody must consent again, where the provider says so. */
  endsAt: Date | null;
  /** Where the provider says which server to talk to (Salesforce). */
  instanceUrl: string | null;
}
