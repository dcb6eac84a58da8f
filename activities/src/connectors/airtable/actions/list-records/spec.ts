import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { airtableKinds, base, readScope, recordSchema, table } from '../../params.ts';

const field = z.string().min(1).max(255);
const params = z.strictObject({
  base,
  table,
  view: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Only what this view shows, in its order.')
    .meta({ ui: { width: 'half', options: 'views' } }),
  match: z
    .record(z.string(), z.json())
    .optional()
    .describe('Only records whose fields have these values; safe for values that come from outside.')
    .meta({ title: 'Fields equal', ui: { kind: 'any' } }),
  filter: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .describe(
      "A formula of Airtable that must hold, e.g. AND({Status} = 'open', {Total} > 100). Put values from outside into “Fields equal” instead.",
    )
    .meta({ title: 'Formula', ui: { more: true } }),
  fields: z
    .array(field)
    .max(500)
    .optional()
    .describe('Only these fields.')
    .meta({ ui: { more: true, words: { one: 'field' } } }),
  sort: z
    .array(z.strictObject({ field: field.describe('By which field.'), direction: z.enum(['asc', 'desc']).default('asc').describe('Which way.') }))
    .max(10)
    .optional()
    .describe('In which order; without it that of the view.')
    .meta({ title: 'Order', ui: { more: true, words: { one: 'field' } } }),
  limit: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('At most this many.')
    .meta({ title: 'At most', ui: { unit: 'records' } }),
});

export const listRecordsSpec = {
  id: 'list-records',
  version: 1,
  kind: 'read',
  title: 'List records',
  help: 'Reads the records of a table: all, those of a view, or those that match. Fields without a value are not there.',
  example: {
    params: { base: 'appAbCdEfGhIjKlMn', table: 'Orders', match: { Status: 'open' }, limit: 100 },
    output: {
      records: [{ id: 'recAbCdEfGhIjKlMn', createdTime: '2026-01-02T03:04:05.000Z', fields: { Name: 'Ada', Status: 'open' } }],
      count: 1,
      more: false,
    },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Each record with its id and fields, how many they are, and whether there are more.',
    schema: {
      type: 'object',
      required: ['records', 'count', 'more'],
      properties: { records: { type: 'array', items: recordSchema }, count: { type: 'integer' }, more: { type: 'boolean' } },
    },
  },
  credentialKinds: airtableKinds,
  scopes: [readScope],
} as const satisfies ActionSpec<typeof params>;
