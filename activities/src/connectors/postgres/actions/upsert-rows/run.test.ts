import { expect, it } from 'vitest';

import { runUpsertBy } from '../../../sql/runs.ts';
import { recorderOf } from '../../../sql/testing/recorder.ts';
import { contextFor } from '../../../testing/context.ts';
import { postgresDriver } from '../../connect.ts';
import { upsertRowsSpec } from './spec.ts';

it('updates by key; of two rows with one key the last counts, as a statement may touch a row once', async () => {
  const { driver, sent } = recorderOf(postgresDriver);
  const rows = [
    { k: 1, a: 'x' },
    { k: 2, a: 'y' },
    { k: 1, a: 'z' },
  ];
  expect((await runUpsertBy(driver)(contextFor(upsertRowsSpec, { table: 't', key: ['k'], rows }))).output).toEqual({ count: 3 });
  expect(sent).toEqual([
    {
      mode: 'write',
      sql: 'insert into "t" ("a", "k") values ($1, $2), ($3, $4) on conflict ("k") do update set "a" = excluded."a"',
      values: ['z', 1, 'y', 2],
    },
  ]);
});

it('wants the key in every row', async () => {
  const context = contextFor(upsertRowsSpec, { table: 't', key: ['k'], rows: [{ a: 1 }] });
  await expect(runUpsertBy(recorderOf(postgresDriver).driver)(context)).rejects.toMatchObject({ code: 'step.invalid-params' });
});
