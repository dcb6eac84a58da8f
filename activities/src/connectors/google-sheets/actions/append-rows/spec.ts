import { z } from 'zod';

import { googleKinds, sheetsScope } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { input, rows, sheet, spreadsheet } from '../../params.ts';

const params = z.strictObject({ spreadsheet, sheet, rows, input });

export const appendRowsSpec = {
  id: 'append-rows',
  version: 1,
  kind: 'write',
  title: 'Add rows',
  help: 'Adds records behind the last row of a tab, all in one call. When it is not known whether they were added, the run asks instead of adding them again.',
  example: { params: { spreadsheet: '1aBcD_eFgHiJkLmNoPqRsTuVwXyZ', sheet: 'Orders', rows: [{ id: 7, name: 'Ada' }] }, output: { count: 1 } },
  params,
  literalParams: [],
  idempotent: false,
  output: { help: 'How many rows were added.', schema: { type: 'object', required: ['count'], properties: { count: { type: 'integer' } } } },
  credentialKinds: googleKinds,
  scopes: [sheetsScope],
} as const satisfies ActionSpec<typeof params>;
