import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkBoot, findBootFaults } from './boot-check.ts';
import { testDatabase, type TestDatabase } from './testing/index.ts';
import { tryRls } from './testing/rls-tries.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

it('finds no fault in the migrated database, and every try from outside a team is refused', async () => {
  expect(await findBootFaults(db.sql)).toEqual([]);
  const { tables, walled, tries, refused, holes } = await tryRls(db);
  expect(holes).toEqual([]);
  expect([walled, refused]).toEqual([tables, tries]);
  expect(tables).toBeGreaterThan(25);
});

it('names every planted hole at once', async () => {
  const holed = await testDatabase();
  try {
    await holed.ownerSql.unsafe(`
      alter table variables no force row level security;
      alter table files disable row level security;
      drop policy team on notices; create policy team on notices using (true) with check (true);
      drop policy team on triggers; create policy team on triggers using (team_id = nullif(current_setting('app.team', true), '')::uuid);
      create view everything as select * from workflow_executions;
      create function peep() returns bigint language sql security definer as 'select count(*) from workflow_executions';
      create table forgotten (team_id uuid, secret text);`);
    const faults = await findBootFaults(holed.sql);
    for (const name of ['variables', 'files', 'notices', 'triggers', 'everything', 'peep', 'forgotten'])
      expect(
        faults.some((fault) => fault.startsWith(name)),
        name,
      ).toBe(true);
    await expect(checkBoot(holed.sql)).rejects.toThrow(/forgotten.*[\s\S]*variables/);
    const { holes } = await tryRls(holed).catch((error: Error) => ({ holes: [error.message] }));
    expect(holes.length).toBeGreaterThan(0);
    expect((await findBootFaults(holed.ownerSql)).some((fault) => fault.includes('owned by the role'))).toBe(true);
  } finally {
    await holed.close();
  }
});
