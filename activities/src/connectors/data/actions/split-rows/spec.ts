import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { fieldName, source } from '../../params.ts';

const params = z.strictObject({
  source,
  by: z
    .enum(['count', 'field'])
    .default('count')
    .describe('Into parts of so many rows, or one part per value of a field.')
    .meta({ title: 'Split by', ui: { labels: ['Number of rows', 'Value of a field'] } }),
  size: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('Rows in a part; the last may have fewer.')
    .meta({ ui: { unit: 'rows', when: { field: 'by', is: [null, 'count'] } } }),
  field: fieldName
    .optional()
    .describe('One part per value; at most 100 values.')
    .meta({ ui: { when: { field: 'by', is: ['field'] } } }),
  give: z
    .enum(['rows', 'csv', 'jsonl'])
    .default('rows')
    .describe('Each part as a list of rows or as a file.')
    .meta({ ui: { labels: ['Lists of rows', 'CSV files', 'JSON lines files'] } }),
});

export const splitRowsSpec = {
  id: 'split-rows',
  version: 1,
  kind: 'either',
  title: 'Split rows',
  help: 'Parts rows, or a file of any size, into pieces: a loop can then work on each.',
  example: {
    params: { source: '{{ input.file }}', by: 'count', size: 10_000, give: 'csv' },
    output: { parts: [{ key: '1', count: 10_000, file: { $file: '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f', name: 'part-1.csv' } }], count: 1 },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The parts in order: key (its number, or the value), number of rows, and the rows or the file.',
    schema: {
      type: 'object',
      required: ['parts', 'count'],
      properties: {
        parts: {
          type: 'array',
          items: {
            type: 'object',
            properties: { key: { type: 'string' }, count: { type: 'integer' }, rows: { type: 'array' }, file: { type: 'object' } },
          },
        },
        count: { type: 'integer' },
      },
    },
  },
  credentialKinds: [],
} as const satisfies ActionSpec<typeof params>;
