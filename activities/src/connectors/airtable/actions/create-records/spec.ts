import { z } from 'zod';

import type { Json } from '@hub/dag/planner';

import type { ActionSpec } from '../../../types.ts';
import { airtableKinds, base, recordSchema, records, table, typecast, writeScope } from '../../params.ts';

const params = z.strictObject({ base, table, records, typecast });

export const createRecordsSpec = {
  id: 'create-records',
  version: 1,
  kind: 'write',
  title: 'Create records',
  help: 'Adds records to a table, ten to a request. When it is not known whether they were added, the run asks instead of adding them again; “Create or update records” may be repeated.',
  example: {
    params: { base: 'appAbCdEfGhIjKlMn', table: 'Orders', records: [{ Name: 'Ada', Status: 'open' }] },
    output: {
      records: [{ id: 'recAbCdEfGhIjKlMn', createdTime: '2026-01-02T03:04:05.000Z', fields: { Name: 'Ada' } }],
      ids: ['recAbCdEfGhIjKlMn'],
      count: 1,
    },
  },
  params,
  literalParams: [],
  idempotent: false,
  output: {
    help: 'The new records as Airtable keeps them, their ids and their number.',
    schema: {
      type: 'object',
      required: ['records', 'ids', 'count'],
      properties: { records: { type: 'array', items: recordSchema }, ids: { type: 'array', items: { type: 'string' } }, count: { type: 'integer' } },
    },
  },
  credentialKinds: airtableKinds,
  scopes: [writeScope],
  compensation: {
    action: 'delete-records',
    help: 'Deletes the records.',
    from: (given, output) => {
      const { base: inBase = null, table: inTable = null } = given as { [name: string]: Json };
      return { base: inBase, table: inTable, ids: (output as { ids: string[] }).ids };
    },
  },
} as const satisfies ActionSpec<typeof params>;
