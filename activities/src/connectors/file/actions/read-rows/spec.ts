import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { fileLimits } from '../../limits.ts';

const params = z.strictObject({
  file: z.looseObject({ $file: z.string().min(1) }).describe('The file: an upload chosen here, or an expression such as {{ input.file }}.'),
  format: z
    .enum(['auto', 'csv', 'json', 'jsonl', 'xlsx'])
    .default('auto')
    .describe('auto looks at the content, never at the name.')
    .meta({ ui: { labels: ['By content', 'CSV', 'JSON', 'JSON lines', 'Excel'] } }),
  sheet: z
    .string()
    .max(100)
    .optional()
    .describe('Name or number of the sheet of an Excel file; the first when left out.')
    .meta({ ui: { width: 'half', when: { field: 'format', is: [null, 'auto', 'xlsx'] } } }),
  encoding: z
    .enum(['auto', 'utf-8', 'utf-16le', 'windows-1252'])
    .default('auto')
    .describe('auto: UTF-8, or UTF-16 where the file says so.')
    .meta({ ui: { more: true, labels: ['By content', 'UTF-8', 'UTF-16', 'Windows-1252'] } }),
  delimiter: z
    .enum(['auto', ',', ';', '\t', '|'])
    .default('auto')
    .describe('Between the cells of a CSV file.')
    .meta({ ui: { more: true, labels: ['By content', 'Comma', 'Semicolon', 'Tab', 'Bar'], when: { field: 'format', is: [null, 'auto', 'csv'] } } }),
  header: z
    .boolean()
    .default(true)
    .describe('Does the first row of a CSV or Excel file name the columns? If not they are column_1, column_2, ...')
    .meta({ title: 'First row names the columns', ui: { when: { field: 'format', is: [null, 'auto', 'csv', 'xlsx'] } } }),
  types: z
    .enum(['auto', 'text'])
    .default('auto')
    .describe('auto: numbers and true/false are recognised; text: every cell stays as it is.')
    .meta({ title: 'Cells', ui: { more: true, labels: ['Numbers and yes or no', 'All text'] } }),
  path: z
    .string()
    .max(200)
    .optional()
    .describe('Where the rows are in a JSON file, e.g. data.items.')
    .meta({ title: 'Place of the rows', ui: { width: 'half', placeholder: 'data.items', when: { field: 'format', is: [null, 'auto', 'json'] } } }),
  limit: z
    .int()
    .min(1)
    .max(fileLimits.maxRows)
    .optional()
    .describe('Read at most this many rows and leave the rest.')
    .meta({ title: 'At most', ui: { unit: 'rows' } }),
});

export const readRowsSpec = {
  id: 'read-rows',
  version: 1,
  kind: 'read',
  title: 'Read rows',
  help: 'Reads a CSV, JSON, JSON-lines or Excel file as a list of rows. Empty cells become null; texts such as 007 stay text.',
  example: {
    params: { file: { $file: '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f' } },
    output: { rows: [{ id: 1, text: 'Great!' }], count: 1, columns: ['id', 'text'] },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The rows in file order, their number, and the column names.',
    schema: {
      type: 'object',
      required: ['rows', 'count', 'columns'],
      properties: {
        rows: { type: 'array', items: { type: 'object' } },
        count: { type: 'integer' },
        columns: { type: 'array', items: { type: 'string' } },
      },
    },
  },
  credentialKinds: [],
} as const satisfies ActionSpec<typeof params>;
