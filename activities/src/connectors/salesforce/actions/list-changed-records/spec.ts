import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { apiScope, fields, object, salesforceKinds } from '../../params.ts';

const params = z.strictObject({
  object,
  fields: fields
    .min(1)
    .describe('Fields to read, by their API names; Id and SystemModstamp come by themselves.')
    .meta({ ui: { words: { one: 'field' } } }),
  changedAfter: z
    .string()
    .max(60)
    .default('')
    .describe(
      'Only what was changed from then on (ISO 8601): {{ cursor }} in a poll trigger whose cursor is the field change, rising. Empty: the last changed ones.',
    )
    .meta({ ui: { width: 'half' } }),
  limit: z
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .describe('At most this many, the oldest change first.')
    .meta({ title: 'At most', ui: { unit: 'records', width: 'half' } }),
});

export const listChangedRecordsSpec = {
  id: 'list-changed-records',
  version: 1,
  kind: 'read',
  title: 'List changed records',
  help: 'Reads the records of an object that are new or were changed. In a poll trigger each change comes once.',
  example: {
    params: { object: 'Contact', fields: ['Name', 'Email'], changedAfter: '2026-01-02T03:04:05Z' },
    output: {
      rows: [
        {
          Id: '003000000000001AAA',
          Name: 'Ada',
          Email: 'ada@example.com',
          SystemModstamp: '2026-01-02T03:04:06.000+0000',
          change: '2026-01-02T03:04:06.000Z 003000000000001AAA',
        },
      ],
      count: 1,
      more: false,
    },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The records, each with change (time and id, which rises with every change), their number, and whether there are more.',
    schema: {
      type: 'object',
      required: ['rows', 'count', 'more'],
      properties: {
        rows: {
          type: 'array',
          items: { type: 'object', required: ['Id', 'change'], properties: { Id: { type: 'string' }, change: { type: 'string' } } },
        },
        count: { type: 'integer' },
        more: { type: 'boolean' },
      },
    },
  },
  credentialKinds: salesforceKinds,
  scopes: apiScope,
} as const satisfies ActionSpec<typeof params>;
