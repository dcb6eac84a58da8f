/** Opens credentials for one use. Values live only in the activity that asked; they are never logged or returned to a workflow. */
import type { CredentialStore } from '@hub/activities/ports';
import type { Sql } from '@hub/db';
import { credentialsToRewrap, holdCredential, readForRewrap, readSealedCredential, saveRewrapped } from '@hub/db/write';
import type { Logger } from '@hub/kit';
import { createKeyRing, type KeyRing } from '@hub/kit/crypto';
import type { Outbound } from '@hub/kit/http';
import { createOAuthClient, createVault, rewrapAll, type RewrapRows } from '@hub/kit/vault';

/** The vault over this database. Keep one per process. */
export function createCredentialStore(sql: Sql, ring: KeyRing, http: Outbound): CredentialStore {
  return createVault({
    rows: {
      read: (team, id, where) => readSealedCredential(sql, team, id, where),
      hold: (team, id, work) => holdCredential(sql, team, id, work),
    },
    ring,
    oauth: createOAuthClient({ fetchFor: (hosts) => http.fetchFor(hosts, { totalTimeoutMs: 20_000, maxBodyBytes: 200_000 }) }),
  });
}

/** The key ring of a process: from the environment, or from a file that may change while it runs. */
export function workerRing(keys: string, log: Pick<Logger, 'error'>): KeyRing {
  return createKeyRing(keys, (err) => log.error({ err }, 'the file of the credential keys cannot be used; the keys stay as they were'));
}

/** After a rotation: brings every seal to the primary key, so that the old one can be dropped. For a periodic beat. */
export function rewrapWork(sql: Sql, ring: KeyRing, log: Pick<Logger, 'info' | 'error'>): () => Promise<void> {
  const rows: RewrapRows = {
    list: (keyId, after, max) => credentialsToRewrap(sql, keyId, after, max),
    read: (team, id) => readForRewrap(sql, team, id),
    save: (team, old, fresh) => saveRewrapped(sql, team, old, fresh),
  };
  return async () => {
    const { rewrapped, left, broken } = await rewrapAll(rows, ring);
    if (broken.length > 0) log.error({ credentials: broken.slice(0, 20), count: broken.length }, 'credentials do not open with any key');
    if (rewrapped > 0) log.info({ rewrapped, left }, 'credentials are sealed with the primary key');
  };
}
