import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { airtableKinds, base, mostRecords, recordId, recordSchema, table, typecast, writeScope } from '../../params.ts';

const change = z.looseObject({
  id: recordId.describe('Which record.'),
  fields: z
    .record(z.string(), z.json())
    .describe('Fields and their new values.')
    .meta({ ui: { fieldsOf: 'row' } }),
});
const params = z.strictObject({
  base,
  table,
  records: z
    .union([z.array(change).max(mostRecords), change])
    .describe('A list of records, each with its id and the fields to change, or one.')
    .meta({ ui: { kind: 'any', placeholder: '{{ nodes.list.output.records }}' } }),
  replace: z
    .boolean()
    .default(false)
    .describe('Also empty the fields that a record does not name.')
    .meta({ title: 'Replace the whole record', ui: { more: true } }),
  typecast,
});

export const updateRecordsSpec = {
  id: 'update-records',
  version: 1,
  kind: 'write',
  title: 'Update records',
  help: 'Changes records by their id; only the fields that a record names.',
  example: {
    params: { base: 'appAbCdEfGhIjKlMn', table: 'Orders', records: [{ id: 'recAbCdEfGhIjKlMn', fields: { Status: 'sent' } }] },
    output: { records: [{ id: 'recAbCdEfGhIjKlMn', createdTime: '2026-01-02T03:04:05.000Z', fields: { Name: 'Ada', Status: 'sent' } }], count: 1 },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The records as they are now, and their number.',
    schema: {
      type: 'object',
      required: ['records', 'count'],
      properties: { records: { type: 'array', items: recordSchema }, count: { type: 'integer' } },
    },
  },
  credentialKinds: airtableKinds,
  scopes: [writeScope],
} as const satisfies ActionSpec<typeof params>;
