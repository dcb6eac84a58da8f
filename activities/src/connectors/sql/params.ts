/** Params that the SQL connectors share. Pure. */
import { z } from 'zod';

import type { Json } from '@hub/dag/planner';

const identifier = z
  .string()
  .min(1)
  .max(128)
  .refine((name) => !name.includes('\u0000'), 'holds a NUL');

/** Schema (PostgreSQL) or database (MySQL). */
export const schemaName = identifier
  .optional()
  .describe('Where the table is; absent: the usual one of the connection.')
  .meta({ ui: { width: 'half', options: 'schemas' } });
export const tableName = identifier.describe('The table or view.').meta({ ui: { width: 'half', options: 'tables' } });
export const column = identifier.meta({ ui: { options: 'columns' } });

const ops = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'like', 'in', 'is_null', 'is_not_null'] as const;
export type FilterOp = (typeof ops)[number];
const opLabels = [
  'is',
  'is not',
  'is greater than',
  'is at least',
  'is less than',
  'is at most',
  'is like (% and _)',
  'is one of',
  'is empty',
  'is not empty',
];

const conditions = z.array(
  z.strictObject({
    field: column,
    op: z
      .enum(ops)
      .default('eq')
      .meta({ title: 'Comparison', ui: { labels: opLabels } }),
    value: z.json().optional().describe('Sent apart from the SQL; a list for "is one of".'),
  }),
);
const filterWords = { title: 'Filter', ui: { words: { one: 'condition' } } };
export const filters = conditions.max(50).default([]).describe('Rows for which all of these hold.').meta(filterWords);
/** As `filters`, where none would mean every row. */
export const neededFilters = conditions
  .min(1, 'wants at least one condition')
  .max(50)
  .describe('Rows for which all of these hold.')
  .meta(filterWords);
export type Filter = z.output<typeof filters>[number];

/** A row to be written: column names and values. */
export const rows = z
  .union([z.array(z.record(z.string(), z.json())), z.record(z.string(), z.json())])
  .describe('A list of rows, e.g. {{ nodes.read.output.rows }}, or one row: column names and values.')
  .meta({ ui: { kind: 'any', placeholder: '{{ nodes.read.output.rows }}', fieldsOf: 'row' } });

export const limit = z
  .int()
  .min(1)
  .max(100_000)
  .default(1_000)
  .describe('At most this many rows; more only into a file.')
  .meta({ title: 'At most', ui: { unit: 'rows' } });

export const into = z
  .enum(['rows', 'csv', 'jsonl'])
  .default('rows')
  .describe('Rows go to the next step as they are; a file holds any number of them (limit does not count) and memory stays flat.')
  .meta({ title: 'Give', ui: { more: true, labels: ['Rows', 'CSV file', 'JSON lines file'] } });

/** What reading gives. */
export const readOutput = {
  help: 'The rows, their number, whether there are more, and the cursor to go on from; or the file they were written to.',
  schema: {
    type: 'object',
    required: ['count'],
    properties: {
      rows: { type: 'array', items: { type: 'object' } },
      count: { type: 'integer' },
      more: { type: 'boolean' },
      cursor: {},
      file: { type: 'object', properties: { $file: { type: 'string' }, name: { type: 'string' } } },
    },
  },
} as const satisfies { help: string; schema: { [key: string]: Json } };
