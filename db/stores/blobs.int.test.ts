import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asTeam } from '../database.ts';
import { makeTeam, testDatabase, type TestDatabase } from '../testing/index.ts';
import { pruneRuns } from '../write/index.ts';
import { putBlob, readBlob } from './blobs.ts';

const key = randomBytes(32);
/** Its owners are made up: their references would go as those of runs that never came to be. */
const noOwners = { sizes: { references: 0 } };
const owner = (n: number) => ({ kind: 'run' as const, id: `0198b7a0-0000-7000-8000-${String(n).padStart(12, '0')}` });
let db: TestDatabase;
let team: string;
beforeAll(async () => {
  db = await testDatabase();
  ({ team } = await makeTeam(db));
});
afterAll(() => db.close());

const age = (blob: string) => asTeam(db.sql, team, (tx) => tx`update blobs set last_put_at = now() - interval '25 hours' where id = ${blob}`);
const drop = (n: number) => asTeam(db.sql, team, (tx) => tx`delete from blob_refs where owner_id = ${owner(n).id}`);
const chunks = (blob: string) => asTeam(db.sql, team, async (tx) => (await tx`select 1 from blob_chunks where blob_id = ${blob}`).length);

it("equal content put 16 times at once is one blob, of any size, and another team's is its own", async () => {
  const { team: other } = await makeTeam(db);
  for (const size of [0, 1, 1_048_576, 1_048_577, 3_000_000]) {
    const content = randomBytes(size);
    const ids = await Promise.all(Array.from({ length: 16 }, (_, n) => putBlob(db.sql, key, team, owner(n), content)));
    expect(new Set(ids).size, `${size} bytes`).toBe(1);
    expect((await readBlob(db.sql, team, ids[0]!)).equals(content)).toBe(true);
    expect(await putBlob(db.sql, key, other, owner(1), content)).not.toBe(ids[0]);
    // Neither another team's nor a removed one reads as empty content.
    await expect(readBlob(db.sql, other, ids[0]!)).rejects.toMatchObject({ code: 'value.gone' });
  }
});

it('a blob goes 24 hours after its last put, when nobody refers to it, and with it its chunks', async () => {
  const blob = await putBlob(db.sql, key, team, owner(20), randomBytes(1_500_000));
  await age(blob);
  await pruneRuns(db.sql, noOwners);
  expect(await chunks(blob)).toBe(2);
  await drop(20);
  const touched = await putBlob(db.sql, key, team, owner(21), await readBlob(db.sql, team, blob));
  expect(touched).toBe(blob);
  await drop(21);
  await pruneRuns(db.sql, noOwners);
  expect(await chunks(blob)).toBe(2);
  await age(blob);
  await pruneRuns(db.sql, noOwners);
  expect(await chunks(blob)).toBe(0);
});

it('put and prune of the same content at once never leave a reference to nothing', async () => {
  const content = randomBytes(50_000);
  for (let n = 0; n < 40; n += 1) {
    const blob = await putBlob(db.sql, key, team, owner(100), content);
    await drop(100);
    await age(blob);
    const [kept] = await Promise.all([putBlob(db.sql, key, team, owner(100), content), pruneRuns(db.sql, noOwners)]);
    expect((await readBlob(db.sql, team, kept)).equals(content)).toBe(true);
  }
});
