import { expect, it } from 'vitest';

import { runReadTableBy } from '../../../sql/runs.ts';
import { recorderOf } from '../../../sql/testing/recorder.ts';
import { contextFor } from '../../../testing/context.ts';
import { postgresDriver } from '../../connect.ts';
import { readTableSpec } from './spec.ts';

it('quotes names, sends values apart, and goes on behind the cursor', async () => {
  const { driver, sent } = recorderOf(postgresDriver, [{ id: 7 }, { id: 9 }, { id: 11 }]);
  const params = {
    schema: 's',
    table: 't"x',
    columns: ['a'],
    filters: [
      { field: 'b', op: 'in', value: [1, 2] },
      { field: 'c', op: 'is_null' },
    ],
    orderBy: 'id',
    after: 5,
    limit: 2,
  };
  const { output } = await runReadTableBy(driver)(contextFor(readTableSpec, params));
  expect(output).toEqual({ rows: [{ id: 7 }, { id: 9 }], count: 2, more: true, cursor: 9 });
  expect(sent).toEqual([
    {
      mode: 'read',
      sql: 'select "a", "id" from "s"."t""x" where "b" in ($1, $2) and "c" is null and "id" > $3 order by "id" limit 3',
      values: [1, 2, 5],
    },
  ]);
});

it('writes any number of rows into a file', async () => {
  const { driver } = recorderOf(postgresDriver, [
    { id: 1, a: '=x' },
    { id: 2, a: 'b' },
    { id: 3, a: null },
  ]);
  const { output } = await runReadTableBy(driver)(contextFor(readTableSpec, { table: 't', into: 'csv', limit: 1 }));
  expect(output).toMatchObject({ count: 3, file: { name: 't.csv', bytes: 25 } });
});
