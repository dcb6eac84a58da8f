/** What publishing refuses of webhooks: one that names a check without a secret that can be used would refuse everything (05, rule 20). */
import type { Fault } from '@hub/contract';
import { type Definition, webhookTrigger } from '@hub/dag';
import type { Sql } from '@hub/db';
import type { Keyset } from '@hub/kit/crypto';
import { readSecrets } from './check.ts';
import { standardKey } from '@hub/kit/webhooks';

/** Faults of webhooks' checks, at the credential that is wrong. */
export async function hookFaults(deps: { sql: Sql; credentialKeys: Keyset }, team: string, definition: Definition): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const [at, trigger] of (definition.triggers ?? []).entries()) {
    if (trigger.type !== 'webhook') continue;
    const { data } = webhookTrigger.safeParse(trigger.config ?? {});
    if (data?.verify === undefined || data.verify.scheme === 'none') continue;
    const path = `/triggers/${at}/config/verify/credentialId`;
    const { secrets, problem } = await readSecrets(deps, team, data.verify.credentialId);
    if (problem !== null) faults.push({ path, code: 'trigger.no-secret', message: problem });
    else if (data.verify.scheme === 'standardwebhooks' && secrets.some((secret) => standardKey(secret) === null))
      faults.push({
        path,
        code: 'trigger.no-secret',
        message: 'Standard Webhooks wants a secret of base64, at least 16 bytes, with or without whsec_.',
      });
  }
  return faults;
}
