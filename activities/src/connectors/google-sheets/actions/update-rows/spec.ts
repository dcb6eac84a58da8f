import { z } from 'zod';

import { googleKinds, sheetsScope } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { input, key, rows, sheet, spreadsheet } from '../../params.ts';

const params = z.strictObject({ spreadsheet, sheet, key, rows, input });

export const updateRowsSpec = {
  id: 'update-rows',
  version: 1,
  kind: 'write',
  title: 'Update rows',
  help: 'Changes the rows whose key column has the record’s value; only the cells that a record names.',
  example: {
    params: { spreadsheet: '1aBcD_eFgHiJkLmNoPqRsTuVwXyZ', sheet: 'Orders', key: 'id', rows: [{ id: 7, status: 'sent' }] },
    output: { updated: 1, missing: [] },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'How many rows were changed, and the keys that no row has.',
    schema: { type: 'object', required: ['updated', 'missing'], properties: { updated: { type: 'integer' }, missing: { type: 'array' } } },
  },
  credentialKinds: googleKinds,
  scopes: [sheetsScope],
} as const satisfies ActionSpec<typeof params>;
