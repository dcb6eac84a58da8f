import { expect, it } from 'vitest';

import { runQueryBy } from '../../../sql/runs.ts';
import { recorderOf } from '../../../sql/testing/recorder.ts';
import { contextFor } from '../../../testing/context.ts';
import { postgresDriver } from '../../connect.ts';
import { querySpec } from './spec.ts';

it('sends the statement as written with its values apart, and only reads unless told otherwise', async () => {
  const { driver, sent } = recorderOf(postgresDriver, [{ id: 1 }, { id: 2 }, { id: 3 }]);
  const params = { sql: 'select id from t where a = $1', values: ["x'; drop table t"], limit: 2 };
  const context = contextFor(querySpec, params);
  expect((await runQueryBy(driver)(context)).output).toEqual({ rows: [{ id: 1 }, { id: 2 }], count: 2, more: true });
  expect(context.warnings).toEqual(['connector.more-rows']);
  await runQueryBy(driver)(contextFor(querySpec, { sql: 'delete from t', readOnly: false }));
  expect(sent).toEqual([
    { mode: 'read', sql: params.sql, values: params.values },
    { mode: 'write', sql: 'delete from t', values: [] },
  ]);
});

it('may be repeated where it reads, or where its author says so', () => {
  const of = (params: object) => querySpec.idempotent(querySpec.params.parse({ sql: 'x', ...params }));
  expect([of({}), of({ readOnly: false }), of({ readOnly: false, idempotent: true })]).toEqual([true, false, true]);
});
