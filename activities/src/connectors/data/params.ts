/** Params that the steps on rows share. Pure. */
import { z } from 'zod';

import type { Json } from '@hub/dag/planner';

const rows = (words: string) =>
  z
    .union([z.array(z.json()), z.looseObject({})])
    .describe(words)
    .meta({ ui: { kind: 'any', placeholder: '{{ nodes.read.output.rows }}' } });

export const source = rows(
  'Rows, e.g. {{ nodes.read.output.rows }}, or a CSV, JSON lines, JSON or Excel file such as {{ input.file }}. A file is read piece by piece.',
).meta({
  title: 'Rows',
  ui: { kind: 'any', placeholder: '{{ nodes.read.output.rows }}' },
});
export const otherSource = rows('The rows to join to them; held in memory.').meta({
  title: 'Other rows',
  ui: { kind: 'any', placeholder: '{{ nodes.other.output.rows }}' },
});
export const into = z
  .enum(['rows', 'csv', 'jsonl'])
  .default('rows')
  .describe('Rows go to the next step as they are; a file holds any number of them.')
  .meta({ title: 'Give', ui: { labels: ['Rows', 'CSV file', 'JSON lines file'] } });
export const fieldName = z.string().min(1).max(200);
export const fields = (words: string) =>
  z
    .array(fieldName)
    .min(1)
    .max(50)
    .describe(words)
    .meta({ ui: { words: { one: 'field' } } });

const handle: { [key: string]: Json } = { type: 'object', properties: { $file: { type: 'string' }, name: { type: 'string' } } };
/** What gives rows or a file. */
export const rowsOutput = (help: string, more: { [key: string]: Json } = {}): { help: string; schema: { [key: string]: Json } } => ({
  help,
  schema: {
    type: 'object',
    required: ['count'],
    properties: { rows: { type: 'array', items: { type: 'object' } }, file: handle, count: { type: 'integer' }, ...more },
  },
});
