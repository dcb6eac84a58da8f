/** Opens sealed credentials for one use. Values live only in the activity that asked; they are never logged or returned to a workflow. */
import type { CredentialStore, LiveCredential } from '@hub/activities/ports';
import type { Sql } from '@hub/db';
import { readSealedCredential } from '@hub/db/write';
import { credentialAad, open, parseKeyset } from '@hub/kit/crypto';
import { UserError } from '@hub/kit/errors';

/** Throws UserError `credential.not-found` for an id that is not the team's, `credential.revoked` for one that is no longer active. */
export function createCredentialStore(sql: Sql, keys: string): CredentialStore {
  const keyset = parseKeyset(keys);
  return {
    async use(team, id, where) {
      const sealed = await readSealedCredential(sql, team, id, where);
      if (sealed === null)
        throw new UserError('credential.not-found', 'The credential of this step is not there. Choose one of the team’s credentials.');
      if (sealed.status !== 'active')
        throw new UserError('credential.revoked', `The credential "${sealed.name}" is ${sealed.status}. Choose another or make it anew.`);
      const text = open(keyset, credentialAad(team, id, sealed.rowVersion), sealed.encrypted.toString('utf8')).toString('utf8');
      const values = JSON.parse(text) as Record<string, string>;
      return { id, kind: sealed.kind as LiveCredential['kind'], values, allowedHosts: sealed.allowedHosts };
    },
  };
}
