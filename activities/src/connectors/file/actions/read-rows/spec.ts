import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { fileLimits } from '../../limits.ts';

const params = z.strictObject({
  file: z.looseObject({ $file: z.string().min(1) }).describe('The file: an upload chosen here, or an expression such as {{ input.file }}.'),
  format: z.enum(['auto', 'csv', 'json', 'jsonl']).default('auto').describe('auto looks at the content, never at the name.'),
  encoding: z.enum(['auto', 'utf-8', 'utf-16le', 'windows-1252']).default('auto').describe('auto: UTF-8, or UTF-16 where the file says so.'),
  delimiter: z.enum(['auto', ',', ';', '\t', '|']).default('auto').describe('Between the cells of a CSV file.'),
  header: z.boolean().default(true).describe('Does the first row of a CSV file name the columns? If not they are column_1, column_2, ...'),
  types: z.enum(['auto', 'text']).default('auto').describe('auto: numbers and true/false are recognised; text: every cell stays as it is.'),
  path: z.string().max(200).optional().describe('Where the rows are in a JSON file, e.g. data.items.'),
  limit: z.int().min(1).max(fileLimits.maxRows).optional().describe('Read at most this many rows and leave the rest.'),
});

export const readRowsSpec = {
  id: 'read-rows',
  kind: 'read',
  title: 'Read rows',
  help: 'Reads a CSV, JSON or JSON-lines file as a list of rows. Empty cells become null; texts such as 007 stay text.',
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
