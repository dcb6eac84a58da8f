import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { fileLimits } from '../../limits.ts';

const params = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(150)
    .describe('File name; the ending is added when it is missing.')
    .meta({ ui: { width: 'half', placeholder: 'report' } }),
  format: z
    .enum(['csv', 'json', 'jsonl', 'xlsx'])
    .default('csv')
    .describe('What to write.')
    .meta({ ui: { labels: ['CSV', 'JSON', 'JSON lines', 'Excel'] } }),
  content: z
    .json()
    .describe('CSV, Excel and JSON lines: a list of rows. JSON: any value.')
    .meta({ ui: { placeholder: '{{ nodes.summary.output }}' } }),
  columns: z
    .array(z.string().min(1).max(fileLimits.maxHeaderChars))
    .max(fileLimits.maxColumns)
    .optional()
    .describe('Columns of a CSV or Excel file and their order; all that occur when absent.')
    .meta({ ui: { words: { one: 'column' }, when: { field: 'format', is: [null, 'csv', 'xlsx'] } } }),
});

export const writeFileSpec = {
  id: 'write-file',
  version: 1,
  kind: 'write',
  title: 'Write file',
  help: 'Writes a CSV, Excel, JSON or JSON-lines file and gives its handle. In CSV, texts a spreadsheet would run as a formula get a leading apostrophe.',
  example: {
    params: { name: 'report', format: 'csv', content: '{{ nodes.summary.output }}' },
    output: { file: { $file: '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f', name: 'report.csv', mime: 'text/csv', bytes: 20, sha256: '…' }, rows: 1 },
  },
  params,
  literalParams: [],
  // A second file with the same content harms nobody; blobs are kept once.
  idempotent: true,
  output: {
    help: 'The handle of the file, to be passed on, and the number of rows in it.',
    schema: {
      type: 'object',
      required: ['file', 'rows'],
      properties: { file: { type: 'object', properties: { $file: { type: 'string' }, name: { type: 'string' } } }, rows: { type: 'integer' } },
    },
  },
  credentialKinds: [],
} as const satisfies ActionSpec<typeof params>;
