import { createHash, randomBytes } from 'node:crypto';
import { verifyPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listMembers, listTeamsOfUser, listVariables } from '../read/index.ts';
import { testDatabase, type TestDatabase } from '../testing/index.ts';
import { readKeyAccess } from '../write/index.ts';
import { demoTeam, seed } from './index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

it('makes the demo team once; a new password replaces the old one, and the key is exactly the one given', async () => {
  const settings = {
    ownerUrl: db.ownerUrl,
    email: 'Demo@Example.test',
    password: 'first password',
    apiKey: `hub_${randomBytes(32).toString('base64url')}`,
  };
  expect(await seed(settings)).toEqual(['person Demo@Example.test', 'team Demo team (Enterprise)', 'API key']);
  expect(await seed(settings)).toEqual([]);
  expect(await seed({ ...settings, password: 'second password' })).toEqual(['password of Demo@Example.test']);
  const [account] = await db.authSql<{ password: string }[]>`select password from accounts`;
  expect(await verifyPassword({ hash: account!.password, password: 'second password' })).toBe(true);

  const key = (await readKeyAccess(db.sql, createHash('sha256').update(settings.apiKey).digest()))!;
  expect(key).toMatchObject({ team: demoTeam.id, role: 'owner', plan: 'enterprise', scopes: ['*'] });
  expect(await listTeamsOfUser(db.authSql, key.userId!)).toMatchObject([{ name: 'Demo team', role: 'owner' }]);
  expect((await listMembers(db.sql, key.team)).items).toMatchObject([{ email: 'demo@example.test' }]);
  expect((await listVariables(db.sql, key.team)).items.length).toBe(2);
});
