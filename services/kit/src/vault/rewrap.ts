/** Brings seals to the primary key, while everything runs: only the data keys are wrapped anew, and a row that changed meanwhile is left for the next round. */
import { credentialAad, type KeyRing, keyIdOf, rewrap, tokenAad } from '../crypto/index.ts';
import type { SealedRow } from './types.ts';

export interface RewrapRows {
  /** Of any team, in order of id. */
  list(keyId: string, after: string | null, max: number): Promise<{ team: string; credential: string }[]>;
  read(team: string, id: string): Promise<SealedRow | null>;
  save(
    team: string,
    old: SealedRow,
    fresh: { encrypted: Buffer; keyId: string; accessToken: Buffer | null; refreshToken: Buffer | null },
  ): Promise<boolean>;
}

export interface Rewrapped {
  rewrapped: number;
  /** Changed meanwhile; the next round takes them. */
  left: number;
  /** Do not open: the key is gone or the row was tampered with. Ids for the log. */
  broken: string[];
}

const batch = 100;

/** One round over all rows that are not sealed with the primary key. */
export async function rewrapAll(rows: RewrapRows, ring: KeyRing): Promise<Rewrapped> {
  const done: Rewrapped = { rewrapped: 0, left: 0, broken: [] };
  const keyset = ring.current();
  for (let after: string | null = null; ; ) {
    const found: { team: string; credential: string }[] = await rows.list(keyset.primary, after, batch);
    for (const { team, credential } of found) {
      const row = await rows.read(team, credential);
      if (row === null || row.keyId === keyset.primary) continue;
      try {
        const again = (seal: Buffer | null, aad: string[]) =>
          seal === null ? null : Buffer.from(rewrap(keyset, aad, seal.toString('utf8')), 'utf8');
        const encrypted = again(row.encrypted, credentialAad(team, row.id, row.rowVersion)) ?? row.encrypted;
        const saved = await rows.save(team, row, {
          encrypted,
          keyId: keyIdOf(encrypted.toString('utf8')),
          accessToken: again(row.accessToken, tokenAad(team, row.id, 'access', row.tokenVersion)),
          refreshToken: again(row.refreshToken, tokenAad(team, row.id, 'refresh', row.tokenVersion)),
        });
        if (saved) done.rewrapped += 1;
        else done.left += 1;
      } catch {
        done.broken.push(credential);
      }
    }
    after = found.at(-1)?.credential ?? null;
    if (found.length < batch) return done;
  }
}
