/** A process that uses a credential once, to be killed in the middle of its refresh. Told by its environment; says `asked` before and `done` after. */
import { openDatabase } from '@hub/db';
import { holdCredential, readSealedCredential } from '@hub/db/write';
import { createKeyRing } from '@hub/kit/crypto';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import { createOAuthClient, createVault } from '@hub/kit/vault';

const told = (name: string): string => process.env[name] ?? '';
const sql = openDatabase({ url: told('CHILD_DATABASE'), max: 3, applicationName: 'refresh-child' });
const http = createOutbound({ allow: parseAllowList(told('CHILD_ALLOW')) });
const vault = createVault({
  rows: { read: (team, id, where) => readSealedCredential(sql, team, id, where), hold: (team, id, work) => holdCredential(sql, team, id, work) },
  ring: createKeyRing(told('CHILD_KEYS')),
  oauth: createOAuthClient({ fetchFor: (hosts) => http.fetchFor(hosts) }),
});
process.stdout.write('asked\n');
await vault.use(told('CHILD_TEAM'), told('CHILD_CREDENTIAL'), null);
process.stdout.write('done\n');
process.exit(0);
