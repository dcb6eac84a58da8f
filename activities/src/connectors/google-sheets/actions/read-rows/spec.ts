import { z } from 'zod';

import { googleKinds, sheetsScope } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { sheet, spreadsheet } from '../../params.ts';

const params = z.strictObject({
  spreadsheet,
  sheet,
  from: z
    .int()
    .min(2)
    .default(2)
    .describe('First row to read; row 1 names the columns.')
    .meta({ title: 'From row', ui: { more: true } }),
  limit: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('At most this many.')
    .meta({ title: 'At most', ui: { unit: 'rows' } }),
  formatted: z
    .boolean()
    .default(false)
    .describe('Values as the sheet shows them (12.50 €) instead of plain numbers.')
    .meta({ title: 'As shown', ui: { more: true } }),
});

export const readRowsSpec = {
  id: 'read-rows',
  version: 1,
  kind: 'read',
  title: 'Read rows',
  help: 'Reads the rows of a tab as records; its first row names the columns. Empty rows are left out.',
  example: {
    params: { spreadsheet: '1aBcD_eFgHiJkLmNoPqRsTuVwXyZ', sheet: 'Orders', limit: 100 },
    output: { rows: [{ id: 7, name: 'Ada' }], count: 1, columns: ['id', 'name'], next: null },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The rows, their number, the columns, and the row to go on from (null at the end).',
    schema: {
      type: 'object',
      required: ['rows', 'count', 'columns', 'next'],
      properties: {
        rows: { type: 'array', items: { type: 'object' } },
        count: { type: 'integer' },
        columns: { type: 'array', items: { type: 'string' } },
        next: { type: ['integer', 'null'] },
      },
    },
  },
  credentialKinds: googleKinds,
  scopes: [sheetsScope],
} as const satisfies ActionSpec<typeof params>;
