import { expect, it } from 'vitest';

import { contextFor } from '../../../testing/context.ts';
import { runDedupeRows } from './run.ts';
import { dedupeRowsSpec } from './spec.ts';

const source = [
  { id: 1, mail: 'A@x.example ' },
  { id: 2, mail: 'a@x.example' },
  { id: '1', mail: 'A@x.example ' },
  { id: 3, mail: 'b@x.example' },
];
const call = async (params: object) => (await runDedupeRows(contextFor(dedupeRowsSpec, { source, ...params }))).output;

it('keeps one of rows that are the same in some fields, or in all', async () => {
  expect(await call({})).toMatchObject({ count: 3, removed: 1 });
  expect(await call({ by: ['mail'], ignoreCase: true })).toEqual({ rows: [source[0], source[3]], count: 2, removed: 2 });
});

it('keeps the last at the place of the first', async () => {
  expect(await call({ by: ['mail'], ignoreCase: true, keep: 'last' })).toEqual({ rows: [source[2], source[3]], count: 2, removed: 2 });
});
