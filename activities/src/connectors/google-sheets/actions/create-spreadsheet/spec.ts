import { z } from 'zod';

import { googleKinds, sheetsScope } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';

const params = z.strictObject({
  title: z.string().min(1).max(200).describe('Name of the new spreadsheet.'),
  sheet: z.string().min(1).max(100).default('Sheet1').describe('Name of its tab.').meta({ title: 'Tab' }),
  columns: z
    .array(z.string().min(1).max(200))
    .max(500)
    .default([])
    .describe('Names of the columns, for its first row.')
    .meta({ ui: { words: { one: 'column' } } }),
});

export const createSpreadsheetSpec = {
  id: 'create-spreadsheet',
  version: 1,
  kind: 'write',
  title: 'Create a spreadsheet',
  help: 'Makes a new spreadsheet with one tab. It belongs to the account of the credential: share it from there.',
  example: {
    params: { title: 'Report', columns: ['id', 'name'] },
    output: { spreadsheet: '1aBcD_eFgHiJkLmNoPqRsTuVwXyZ', url: 'https://docs.google.com/spreadsheets/d/…/edit' },
  },
  params,
  literalParams: [],
  idempotent: false,
  output: {
    help: 'Its id and address.',
    schema: { type: 'object', required: ['spreadsheet', 'url'], properties: { spreadsheet: { type: 'string' }, url: { type: 'string' } } },
  },
  credentialKinds: googleKinds,
  scopes: [sheetsScope],
} as const satisfies ActionSpec<typeof params>;
