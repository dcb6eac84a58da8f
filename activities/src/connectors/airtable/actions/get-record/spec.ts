import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { airtableKinds, base, readScope, recordId, recordSchema, table } from '../../params.ts';

const params = z.strictObject({ base, table, record: recordId.describe('Which record: its id.') });

export const getRecordSpec = {
  id: 'get-record',
  version: 1,
  kind: 'read',
  title: 'Get a record',
  help: 'Reads one record by its id.',
  example: {
    params: { base: 'appAbCdEfGhIjKlMn', table: 'Orders', record: 'recAbCdEfGhIjKlMn' },
    output: { id: 'recAbCdEfGhIjKlMn', createdTime: '2026-01-02T03:04:05.000Z', fields: { Name: 'Ada' } },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: { help: 'The record with its id, when it was made, and its fields.', schema: recordSchema },
  credentialKinds: airtableKinds,
  scopes: [readScope],
} as const satisfies ActionSpec<typeof params>;
