import { randomBytes, randomUUID } from 'node:crypto';
import { makeTeam, testDatabase, type TestDatabase } from '@hub/db/testing';
import { createCredential, readForRewrap } from '@hub/db/write';
import { createKeyRing, credentialAad, keyIdOf, seal } from '@hub/kit/crypto';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCredentialStore, rewrapWork } from './credential-store.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

it('brings the seals of all teams to the primary key while they are used, and the old key can be dropped then', async () => {
  const [old, fresh] = [key('k1'), key('k2')];
  const before = createKeyRing(old);
  const rows = await Promise.all(
    [1, 2, 3].map(async (n) => {
      const { team, userId } = await makeTeam(db, { plan: 'teams' });
      const id = randomUUID();
      const encrypted = Buffer.from(seal(before.current(), credentialAad(team, id, 1), JSON.stringify({ token: `t${n}` })), 'utf8');
      await createCredential(db.sql, {
        team,
        userId,
        id,
        name: 'c',
        kind: 'bearer',
        encrypted,
        keyId: 'k1',
        rowVersion: 1,
        allowedHosts: ['a.test'],
      });
      return { team, id, token: `t${n}` };
    }),
  );
  const both = createKeyRing(`${fresh},${old}`);
  const http = createOutbound({ allow: parseAllowList('') });
  const faults: unknown[] = [];
  const store = createCredentialStore(db.sql, both, http);
  const use = () =>
    Promise.all(rows.map(async ({ team, id, token }) => expect((await store.use(team, id, { run: id, nodeId: 'n' })).values).toEqual({ token })));
  await Promise.all([use(), rewrapWork(db.sql, both, { info: () => undefined, error: (facts: unknown) => void faults.push(facts) })(), use()]);
  expect(faults).toEqual([]);
  const sealed = await Promise.all(rows.map(({ team, id }) => readForRewrap(db.sql, team, id)));
  expect(sealed.map((row) => [row?.keyId, keyIdOf(row?.encrypted.toString('utf8') ?? '')])).toEqual(rows.map(() => ['k2', 'k2']));
  const after = createCredentialStore(db.sql, createKeyRing(fresh), http);
  for (const { team, id, token } of rows) expect((await after.use(team, id, { run: id, nodeId: 'n' })).values).toEqual({ token });
  await http.close();
});
