/** The vault of the API: connects, tests and revokes; steps use the worker's. */
import { holdCredential, readSealedCredential } from '@hub/db/write';
import { createOAuthClient, createVault, type OAuthClient, type Vault } from '@hub/kit/vault';
import type { ApiDeps } from '../settings.ts';

/** A person waits for these calls. */
const limits = { totalTimeoutMs: 15_000, maxBodyBytes: 200_000 };

export function openVault(deps: ApiDeps): { vault: Vault; oauth: OAuthClient } {
  const oauth = createOAuthClient({ fetchFor: (hosts) => deps.http.fetchFor(hosts, limits) });
  const vault = createVault({
    rows: {
      read: (team, id, where) => readSealedCredential(deps.sql, team, id, where),
      hold: (team, id, work) => holdCredential(deps.sql, team, id, work),
    },
    ring: deps.settings.credentialKeys,
    oauth,
  });
  return { vault, oauth };
}
