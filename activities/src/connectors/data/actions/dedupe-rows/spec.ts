import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { fieldName, into, rowsOutput, source } from '../../params.ts';

const params = z.strictObject({
  source,
  by: z
    .array(fieldName)
    .max(50)
    .default([])
    .describe('Rows alike in these fields are the same; in all fields when empty.')
    .meta({ title: 'Same in', ui: { words: { one: 'field' } } }),
  keep: z
    .enum(['first', 'last'])
    .default('first')
    .describe('Which of several stays; it keeps the place of the first.')
    .meta({ ui: { labels: ['The first', 'The last'] } }),
  ignoreCase: z
    .boolean()
    .default(false)
    .describe('Capitals and spaces at the ends make no difference.')
    .meta({ ui: { more: true } }),
  into,
});

export const dedupeRowsSpec = {
  id: 'dedupe-rows',
  version: 1,
  kind: 'either',
  title: 'Remove duplicate rows',
  help: 'Keeps one of the rows that are the same in some fields. For files of any size; only fingerprints are held (keeping the last holds the rows).',
  example: {
    params: { source: '{{ input.file }}', by: ['email'], into: 'csv' },
    output: { file: { $file: '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f', name: 'unique.csv' }, count: 980, removed: 20 },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: rowsOutput('The rows left (or their file), their number, and how many were removed.', { removed: { type: 'integer' } }),
  credentialKinds: [],
} as const satisfies ActionSpec<typeof params>;
