import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { airtableKinds, base, records, table, typecast, writeScope } from '../../params.ts';

const params = z.strictObject({
  base,
  table,
  keys: z
    .array(z.string().min(1).max(255))
    .min(1)
    .max(3)
    .describe('The fields, at most three, that tell records apart. Two records with the same values are refused by Airtable.')
    .meta({ title: 'Key fields', ui: { options: 'fields', words: { one: 'field' } } }),
  records,
  typecast,
});

export const upsertRecordsSpec = {
  id: 'upsert-records',
  version: 1,
  kind: 'write',
  title: 'Create or update records',
  help: 'Changes the records whose key fields have the same values, and adds the others. Repeating it changes nothing more.',
  example: {
    params: { base: 'appAbCdEfGhIjKlMn', table: 'Orders', keys: ['Number'], records: [{ Number: 7, Status: 'sent' }] },
    output: { created: [], updated: ['recAbCdEfGhIjKlMn'], count: 1 },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Ids of the records that were added and of those that were changed, and how many records were given.',
    schema: {
      type: 'object',
      required: ['created', 'updated', 'count'],
      properties: {
        created: { type: 'array', items: { type: 'string' } },
        updated: { type: 'array', items: { type: 'string' } },
        count: { type: 'integer' },
      },
    },
  },
  credentialKinds: airtableKinds,
  scopes: [writeScope],
} as const satisfies ActionSpec<typeof params>;
