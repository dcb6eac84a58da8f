import { expect, it } from 'vitest';

import { runDeleteBy } from '../../../sql/runs.ts';
import { recorderOf } from '../../../sql/testing/recorder.ts';
import { contextFor } from '../../../testing/context.ts';
import { postgresDriver } from '../../connect.ts';
import { deleteRowsSpec } from './spec.ts';

it('deletes by conditions, and by nothing is one of an empty list', async () => {
  const { driver, sent } = recorderOf(postgresDriver, [{}, {}]);
  expect((await runDeleteBy(driver)(contextFor(deleteRowsSpec, { table: 't', filters: [{ field: 'id', op: 'in', value: [7, 8] }] }))).output).toEqual(
    { count: 2 },
  );
  await runDeleteBy(driver)(contextFor(deleteRowsSpec, { table: 't', filters: [{ field: 'id', op: 'in', value: [] }] }));
  expect(sent.map(({ sql }) => sql)).toEqual(['delete from "t" where "id" in ($1, $2)', 'delete from "t" where 1 = 0']);
});

it('never empties a table by leaving the conditions out', () => {
  expect(deleteRowsSpec.params.safeParse({ table: 't', filters: [] }).success).toBe(false);
  expect(deleteRowsSpec.params.safeParse({ table: 't' }).success).toBe(false);
});
