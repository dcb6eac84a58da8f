import { expect, it } from 'vitest';

import { contextFor, memoryFiles } from '../../../testing/context.ts';
import { runAggregateRows } from './run.ts';
import { aggregateRowsSpec } from './spec.ts';

const measures = [
  { name: 'rows', op: 'count' },
  { name: 'filled', op: 'count', field: 'n' },
  { name: 'sum', op: 'sum', field: 'n' },
  { name: 'avg', op: 'avg', field: 'n' },
  { name: 'least', op: 'min', field: 'n' },
  { name: 'greatest', op: 'max', field: 'n' },
  { name: 'first', op: 'first', field: 'n' },
  { name: 'last', op: 'last', field: 'n' },
  { name: 'kinds', op: 'count_distinct', field: 'n' },
];

it('works out every measure per group, of a file as of a list', async () => {
  const files = memoryFiles();
  const source = { $file: files.put('country,n\nDE,0.1\nFR,5\nDE,0.2\nDE,\nDE,0.1\n') };
  const { output } = await runAggregateRows(contextFor(aggregateRowsSpec, { source, groupBy: ['country'], measures }, { files }));
  expect(output).toEqual({
    rows: [
      { country: 'DE', rows: 4, filled: 3, sum: 0.4, avg: expect.closeTo(0.4 / 3, 12), least: 0.1, greatest: 0.2, first: 0.1, last: 0.1, kinds: 2 },
      { country: 'FR', rows: 1, filled: 1, sum: 5, avg: 5, least: 5, greatest: 5, first: 5, last: 5, kinds: 1 },
    ],
    count: 2,
    of: 5,
  });
});

it('says which field holds what is no number', async () => {
  const params = { source: [{ n: 'n/a' }], measures: [{ name: 'sum', op: 'sum', field: 'n' }] };
  await expect(runAggregateRows(contextFor(aggregateRowsSpec, params))).rejects.toMatchObject({ code: 'data.not-a-number' });
});
