import { expect, it } from 'vitest';

import { contextFor } from '../../../testing/context.ts';
import { runJoinRows } from './run.ts';
import { joinRowsSpec } from './spec.ts';

const source = [{ order: 1, customer: 7 }, { order: 2, customer: '8' }, { order: 3 }, { order: 4, customer: 9 }];
const other = [
  { customer: 7, name: 'Ada', order: 'x' },
  { customer: 8, name: 'Bob' },
  { customer: 8, name: 'Bert' },
];
const call = async (params: object) =>
  (await runJoinRows(contextFor(joinRowsSpec, { source, other, on: ['customer'], ...params }))).output as { rows: object[] };

it('puts fields of partners beside rows; several partners give several rows', async () => {
  expect(await call({ prefix: 'c_' })).toEqual({
    rows: [
      { order: 1, customer: 7, c_name: 'Ada', c_order: 'x' },
      { order: 2, customer: '8', c_name: 'Bob' },
      { order: 2, customer: '8', c_name: 'Bert' },
    ],
    count: 3,
    unmatched: 2,
  });
});

it('keeps all rows, or only those without a partner; a missing key is equal to nothing', async () => {
  expect((await call({ keep: 'all' })).rows).toHaveLength(5);
  expect((await call({ keep: 'unmatched' })).rows).toEqual([source[2], source[3]]);
});
