import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';

const params = z.strictObject({
  file: z
    .looseObject({ $file: z.string().min(1) })
    .describe('A table (CSV, JSON, JSON lines, Excel) or a document (PDF, Word, HTML, Markdown, text).'),
  to: z
    .enum(['csv', 'jsonl', 'json', 'xlsx', 'text', 'markdown', 'html'])
    .default('text')
    .describe('What to make of it. Tables become any of these; PDF and Word text, Markdown or HTML.')
    .meta({ title: 'Convert to', ui: { labels: ['CSV', 'JSON lines', 'JSON', 'Excel', 'Text', 'Markdown', 'HTML'] } }),
  give: z
    .enum(['file', 'text'])
    .default('file')
    .describe('A file of any size, or the text itself for the next step, such as a prompt.')
    .meta({ ui: { labels: ['A file', 'The text'], when: { field: 'to', is: [null, 'csv', 'jsonl', 'json', 'text', 'markdown', 'html'] } } }),
  sheet: z
    .string()
    .max(100)
    .optional()
    .describe('Name or number of the sheet of an Excel file; the first when left out.')
    .meta({ ui: { more: true } }),
});

export const convertFileSpec = {
  id: 'convert-file',
  version: 1,
  kind: 'either',
  title: 'Convert file',
  help: 'Makes a table of one kind into another, or the text of a PDF, Word or HTML document. CSV and JSON lines are converted piece by piece, so any size goes.',
  example: {
    params: { file: { $file: '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f' }, to: 'markdown', give: 'text' },
    output: { text: '# Terms\n\n…', characters: 12_000 },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The new file, or the text; of a PDF also the number of pages, of a table the number of rows.',
    schema: {
      type: 'object',
      properties: {
        file: { type: 'object', properties: { $file: { type: 'string' }, name: { type: 'string' } } },
        text: { type: 'string' },
        characters: { type: 'integer' },
        rows: { type: 'integer' },
        pages: { type: 'integer' },
      },
    },
  },
  credentialKinds: [],
} as const satisfies ActionSpec<typeof params>;
