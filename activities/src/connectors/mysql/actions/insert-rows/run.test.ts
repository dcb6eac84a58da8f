import { expect, it } from 'vitest';

import { runInsertBy } from '../../../sql/runs.ts';
import { recorderOf } from '../../../sql/testing/recorder.ts';
import { contextFor } from '../../../testing/context.ts';
import { mysqlDriver } from '../../connect.ts';
import { insertRowsSpec } from './spec.ts';

it('sends rows of the same columns together, so that a missing column keeps its default', async () => {
  const { driver, sent } = recorderOf(mysqlDriver, [{ id: 1 }]);
  const rows = [{ b: 1, a: 'x' }, { a: 'y' }, { a: null, b: 2 }];
  expect((await runInsertBy(driver)(contextFor(insertRowsSpec, { table: 't', rows }))).output).toEqual({ count: 2 });
  expect(sent).toEqual([
    { mode: 'write', sql: 'insert into `t` (`a`, `b`) values (?, ?), (?, ?)', values: ['x', 1, null, 2] },
    { mode: 'write', sql: 'insert into `t` (`a`) values (?)', values: ['y'] },
  ]);
});

it('may be repeated only where rows that are there are left alone', async () => {
  const { driver, sent } = recorderOf(mysqlDriver);
  await runInsertBy(driver)(contextFor(insertRowsSpec, { table: 't', rows: { a: 1 }, ifThere: 'skip' }));
  expect(sent[0]?.sql).toBe('insert into `t` (`a`) values (?) on duplicate key update `a` = `a`');
  const of = (ifThere: string) => insertRowsSpec.idempotent(insertRowsSpec.params.parse({ table: 't', rows: [], ifThere }));
  expect([of('fail'), of('skip')]).toEqual([false, true]);
});
