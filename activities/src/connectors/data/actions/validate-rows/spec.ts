import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { into, rowsOutput, source } from '../../params.ts';

const params = z.strictObject({
  source,
  schema: z
    .record(z.string(), z.json())
    .describe('JSON Schema (2020-12) of one row. Defaults are filled in.')
    .meta({ title: 'Schema of a row', ui: { kind: 'schema', expression: false } }),
  into,
  most: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe('Fail when more than this share is rejected; never when left out.')
    .meta({ title: 'Fail when over', ui: { more: true, unit: '% rejected' } }),
});

export const validateRowsSpec = {
  id: 'validate-rows',
  version: 1,
  kind: 'either',
  title: 'Validate rows',
  help: 'Parts rows by a JSON Schema: good ones go on, the others come apart with what is wrong. A condition on rejectedCount is the reject port.',
  example: {
    params: {
      source: '{{ nodes.read.output.rows }}',
      schema: { type: 'object', required: ['email'], properties: { email: { type: 'string', format: 'email' } } },
    },
    output: {
      rows: [{ email: 'ada@example.com' }],
      count: 1,
      rejected: [{ index: 1, row: { email: 'x' }, errors: ['/email must match format "email"'] }],
      rejectedCount: 1,
    },
  },
  params,
  literalParams: ['schema'],
  idempotent: true,
  output: rowsOutput(
    'The good rows (or their file), the first 1,000 rejected ones with what is wrong, their number, and with a file also a file of all rejected.',
    {
      rejected: {
        type: 'array',
        items: { type: 'object', properties: { index: { type: 'integer' }, row: { type: 'object' }, errors: { type: 'array' } } },
      },
      rejectedCount: { type: 'integer' },
      rejectedFile: { type: 'object' },
    },
  ),
  credentialKinds: [],
} as const satisfies ActionSpec<typeof params>;
