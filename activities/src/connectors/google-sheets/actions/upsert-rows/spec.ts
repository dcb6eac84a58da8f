import { z } from 'zod';

import { googleKinds, sheetsScope } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { input, key, rows, sheet, spreadsheet } from '../../params.ts';

const params = z.strictObject({ spreadsheet, sheet, key, rows, input });

export const upsertRowsSpec = {
  id: 'upsert-rows',
  version: 1,
  kind: 'write',
  title: 'Update or add rows',
  help: 'Changes the rows whose key column has the record’s value, and adds the others. Repeating it changes nothing more.',
  example: {
    params: { spreadsheet: '1aBcD_eFgHiJkLmNoPqRsTuVwXyZ', sheet: 'Orders', key: 'id', rows: [{ id: 7, status: 'sent' }] },
    output: { updated: 0, added: 1 },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'How many rows were changed and added.',
    schema: { type: 'object', required: ['updated', 'added'], properties: { updated: { type: 'integer' }, added: { type: 'integer' } } },
  },
  credentialKinds: googleKinds,
  scopes: [sheetsScope],
} as const satisfies ActionSpec<typeof params>;
