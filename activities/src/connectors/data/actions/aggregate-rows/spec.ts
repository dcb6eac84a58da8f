import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { fieldName, into, rowsOutput, source } from '../../params.ts';

const params = z.strictObject({
  source,
  groupBy: z
    .array(fieldName)
    .max(20)
    .default([])
    .describe('One row for each of their values; one for all when empty.')
    .meta({ ui: { words: { one: 'field' } } }),
  measures: z
    .array(
      z.strictObject({
        name: fieldName.describe('Of the new field.').meta({ ui: { width: 'half' } }),
        op: z.enum(['count', 'sum', 'avg', 'min', 'max', 'first', 'last', 'count_distinct']).meta({
          title: 'Is',
          ui: { labels: ['Number of rows', 'Sum', 'Average', 'Least', 'Greatest', 'First', 'Last', 'Number of different values'] },
        }),
        field: fieldName
          .optional()
          .describe('Of which field; the number of rows needs none.')
          .meta({ ui: { width: 'half' } }),
      }),
    )
    .min(1)
    .max(50)
    .describe('What is worked out for each group.')
    .meta({ ui: { words: { one: 'measure' } } }),
  into,
});

export const aggregateRowsSpec = {
  id: 'aggregate-rows',
  version: 1,
  kind: 'either',
  title: 'Group rows',
  help: 'Counts, sums and averages rows by group, of a list or of a file of any size. Only groups are held in memory.',
  example: {
    params: {
      source: '{{ input.file }}',
      groupBy: ['country'],
      measures: [
        { name: 'orders', op: 'count' },
        { name: 'total', op: 'sum', field: 'amount' },
      ],
    },
    output: { rows: [{ country: 'DE', orders: 2, total: 30 }], count: 1, of: 2 },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: rowsOutput('One row per group in order of appearance (or their file), their number, and of how many rows they are made.', {
    of: { type: 'integer' },
  }),
  credentialKinds: [],
} as const satisfies ActionSpec<typeof params>;
