import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../testing/index.ts';
import { createRunNotifier, liveListener, type RunNotice } from './notifier.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

it('tells of each run that moved once per gathering, all of 1,000, ids only', async () => {
  const heard: { team: string; run: string }[][] = [];
  let left = 1_000;
  const all = Promise.withResolvers<void>();
  const listener = await liveListener(db.sql, (ids) => {
    heard.push(ids);
    left -= ids.length;
    if (left === 0) all.resolve();
  });
  const notifier = createRunNotifier(db.sql, (error) => all.reject(error));
  const id = (n: number) => `0198b7a0-0000-7000-8000-${String(n).padStart(12, '0')}`;
  for (let n = 0; n < 1_000; n += 1) for (const _ of [1, 2, 3]) notifier.note(id(1), id(n));
  await all.promise;
  expect(new Set(heard.flat().map((ref) => ref.run)).size).toBe(1_000);
  expect(heard.flat().every((ref) => ref.team === id(1))).toBe(true);
  expect(heard.length).toBeLessThanOrEqual(11);
  await notifier.close();
  await listener.close();
});

it('says of a run that it has ended, whatever else moved it', async () => {
  const heard = Promise.withResolvers<RunNotice[]>();
  const listener = await liveListener(db.sql, (notices) => heard.resolve(notices));
  const notifier = createRunNotifier(db.sql);
  const [one, other] = ['0198b7a0-0000-7000-8000-000000000001', '0198b7a0-0000-7000-8000-000000000002'];
  notifier.note(one, one);
  notifier.noteEnd(one, one);
  notifier.note(one, one);
  notifier.note(one, other);
  await notifier.close();
  expect(await heard.promise).toEqual([
    { team: one, run: one, ended: true },
    { team: one, run: other, ended: false },
  ]);
  await listener.close();
});

it('sends what is gathered when it closes', async () => {
  const heard = Promise.withResolvers<string>();
  const listener = await liveListener(db.sql, ([ref]) => heard.resolve(ref!.run));
  const notifier = createRunNotifier(db.sql);
  const run = '0198b7a0-0000-7000-8000-000000000009';
  notifier.note(run, run);
  await notifier.close();
  expect(await heard.promise).toBe(run);
  await listener.close();
});
