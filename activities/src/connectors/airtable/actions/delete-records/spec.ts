import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { airtableKinds, base, mostRecords, recordId, table, writeScope } from '../../params.ts';

const params = z.strictObject({
  base,
  table,
  ids: z
    .union([z.array(recordId).max(mostRecords), recordId])
    .describe('The id of a record, or a list of ids.')
    .meta({ title: 'Records', ui: { kind: 'any', placeholder: '{{ nodes.create.output.ids }}' } }),
});

export const deleteRecordsSpec = {
  id: 'delete-records',
  version: 1,
  kind: 'write',
  title: 'Delete records',
  help: 'Deletes records by their id; those that are gone already are fine.',
  example: {
    params: { base: 'appAbCdEfGhIjKlMn', table: 'Orders', ids: ['recAbCdEfGhIjKlMn'] },
    output: { deleted: ['recAbCdEfGhIjKlMn'], missing: [] },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Ids of the records that were deleted, and of those that were not there.',
    schema: {
      type: 'object',
      required: ['deleted', 'missing'],
      properties: { deleted: { type: 'array', items: { type: 'string' } }, missing: { type: 'array', items: { type: 'string' } } },
    },
  },
  credentialKinds: airtableKinds,
  scopes: [writeScope],
} as const satisfies ActionSpec<typeof params>;
