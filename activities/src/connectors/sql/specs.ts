/** The actions that every SQL connector has. Pure: each connector makes its own of these with its words. */
import { z } from 'zod';

import type { Json } from '@hub/dag/planner';

import type { ActionSpec, CredentialKind } from '../types.ts';
import { column, filters, into, limit, neededFilters, readOutput, rows, schemaName, tableName } from './params.ts';

export interface SqlVendor {
  title: string;
  kind: CredentialKind;
  /** The first placeholder of its SQL: $1 or ?. */
  placeholder: string;
}

const queryParams = z.strictObject({
  sql: z
    .string()
    .min(1)
    .max(100_000)
    .describe('One statement, sent exactly as written. Values go into the list below, never into the text.')
    .meta({ title: 'SQL', ui: { multiline: true, placeholder: 'select * from orders where customer = $1' } }),
  values: z
    .array(z.json())
    .max(1_000)
    .default([])
    .describe('One value per placeholder, in order.')
    .meta({ ui: { words: { one: 'value' } } }),
  readOnly: z
    .boolean()
    .default(true)
    .describe('The database itself refuses any change. Switch off to insert, update or delete.')
    .meta({ title: 'Only read' }),
  idempotent: z
    .boolean()
    .default(false)
    .describe('Is repeating a statement that changes something harmless? Reading always is.')
    .meta({ title: 'Safe to repeat', ui: { more: true, when: { field: 'readOnly', is: [false] } } }),
  limit,
  into,
});
const readTableParams = z.strictObject({
  schema: schemaName,
  table: tableName,
  columns: z
    .array(column)
    .max(500)
    .default([])
    .describe('Only these columns; all when empty.')
    .meta({ ui: { more: true, words: { one: 'column' } } }),
  filters,
  orderBy: column
    .optional()
    .describe('A column that grows, such as id or updated_at: rows come in its order, and its last value is the cursor.')
    .meta({ title: 'In order of', ui: { width: 'half', options: 'columns' } }),
  after: z
    .json()
    .optional()
    .describe('Only rows behind this value of the order column: {{ cursor }} in a poll trigger.')
    .meta({ title: 'Behind', ui: { width: 'half' } }),
  limit,
  into,
});
const place = { schema: schemaName, table: tableName };
const insertOnlyParams = z.strictObject({
  ...place,
  rows,
  ifThere: z
    .enum(['fail', 'skip'])
    .default('fail')
    .describe('What to do with a row whose key is there already.')
    .meta({ title: 'If the key is there', ui: { labels: ['Fail, write nothing', 'Leave it as it is'] } }),
});
const insertParams = insertOnlyParams.extend({
  returning: z
    .array(column)
    .max(100)
    .default([])
    .describe('Columns to give back of each written row, such as its new id.')
    .meta({ ui: { more: true, words: { one: 'column' } } }),
});
const upsertParams = z.strictObject({
  ...place,
  rows,
  key: z
    .array(column)
    .min(1)
    .max(20)
    .describe('Columns of a unique key: a row with the same values is updated.')
    .meta({ title: 'Key columns', ui: { words: { one: 'column' } } }),
});
const deleteParams = z.strictObject({
  ...place,
  filters: neededFilters,
  atMost: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Where more rows than this would be deleted, none is and the step fails.')
    .meta({ title: 'At most', ui: { more: true } }),
});

const cred = (vendor: SqlVendor): readonly CredentialKind[] => [vendor.kind];
const counted = (help: string): { help: string; schema: { [key: string]: Json } } => ({
  help,
  schema: {
    type: 'object',
    required: ['count'],
    properties: { count: { type: 'integer' }, rows: { type: 'array', items: { type: 'object' } } },
  },
});

export function querySpec(vendor: SqlVendor) {
  return {
    id: 'query',
    version: 1,
    kind: 'either',
    title: 'Run SQL',
    help: `Runs one SQL statement at ${vendor.title} with its values apart (${vendor.placeholder}). Reads only, unless that is switched off.`,
    example: {
      params: { sql: `select id, total from orders where customer = ${vendor.placeholder}`, values: ['{{ input.customer }}'] },
      output: { rows: [{ id: 7, total: 12.5 }], count: 1, more: false },
    },
    params: queryParams,
    literalParams: ['sql'],
    idempotent: (given) => given.readOnly || given.idempotent,
    output: readOutput,
    credentialKinds: cred(vendor),
  } as const satisfies ActionSpec<typeof queryParams>;
}

export function readTableSpec(vendor: SqlVendor) {
  return {
    id: 'read-table',
    version: 1,
    kind: 'read',
    title: 'Read a table',
    help: `Reads rows of a table or view of ${vendor.title}: filtered, in order, page after page from a cursor, or all of them into a file.`,
    example: {
      params: { table: 'orders', filters: [{ field: 'status', op: 'eq', value: 'open' }], orderBy: 'id', limit: 100 },
      output: { rows: [{ id: 7, status: 'open' }], count: 1, more: false, cursor: 7 },
    },
    params: readTableParams,
    literalParams: [],
    idempotent: true,
    output: readOutput,
    credentialKinds: cred(vendor),
  } as const satisfies ActionSpec<typeof readTableParams>;
}

export function insertRowsSpec(vendor: SqlVendor) {
  return {
    id: 'insert-rows',
    version: 1,
    kind: 'write',
    title: 'Insert rows',
    help: `Adds rows to a table of ${vendor.title}: all of them, or none when one is refused.`,
    example: { params: { table: 'orders', rows: [{ customer: 'Ada', total: 12.5 }], returning: ['id'] }, output: { count: 1, rows: [{ id: 7 }] } },
    params: insertParams,
    literalParams: [],
    // A second insert makes second rows, unless their keys stop it.
    idempotent: (given) => given.ifThere === 'skip',
    output: counted('How many rows were written, and the columns asked for of each.'),
    credentialKinds: cred(vendor),
    compensation: {
      action: 'delete-rows',
      help: 'Deletes the rows that were written, by the columns given back.',
      from: (params, output) => undoInsert(params, output),
    },
  } as const satisfies ActionSpec<typeof insertParams>;
}

/** Of a database that gives nothing back of what it wrote. */
export function insertOnlySpec(vendor: SqlVendor) {
  const { compensation: _, ...spec } = insertRowsSpec(vendor);
  return {
    ...spec,
    example: { params: { table: 'orders', rows: [{ customer: 'Ada', total: 12.5 }] }, output: { count: 1 } },
    params: insertOnlyParams,
    idempotent: (given) => given.ifThere === 'skip',
  } as const satisfies ActionSpec<typeof insertOnlyParams>;
}

/** Rows are known by the first column that was returned of them. Where others have the same values there, more would be deleted than were written, so none is. */
function undoInsert(params: Json, output: Json): Json {
  const { schema, table, returning } = params as { schema?: string; table: string; returning?: string[] };
  const written = (output as { rows?: { [name: string]: Json }[] }).rows ?? [];
  const field = returning?.[0];
  if ((output as { count?: number }).count === 0) return 'nothing';
  if (field === undefined || written.length === 0) return null;
  const filters = [{ field, op: 'in', value: written.map((row) => row[field] ?? null) }];
  return { ...(schema === undefined ? {} : { schema }), table, filters, atMost: written.length };
}

export function upsertRowsSpec(vendor: SqlVendor) {
  return {
    id: 'upsert-rows',
    version: 1,
    kind: 'write',
    title: 'Insert or update rows',
    help: `Writes rows to a table of ${vendor.title}: one whose key is there is updated, others are added. All of them, or none.`,
    example: { params: { table: 'customers', key: ['email'], rows: [{ email: 'ada@example.com', name: 'Ada' }] }, output: { count: 1 } },
    params: upsertParams,
    literalParams: [],
    idempotent: true,
    output: counted('How many rows were given.'),
    credentialKinds: cred(vendor),
  } as const satisfies ActionSpec<typeof upsertParams>;
}

export function deleteRowsSpec(vendor: SqlVendor) {
  return {
    id: 'delete-rows',
    version: 1,
    kind: 'write',
    title: 'Delete rows',
    help: `Deletes the rows of a table of ${vendor.title} for which all conditions hold.`,
    example: { params: { table: 'carts', filters: [{ field: 'id', op: 'in', value: [7, 8] }] }, output: { count: 2 } },
    params: deleteParams,
    literalParams: [],
    idempotent: true,
    output: counted('How many rows were deleted.'),
    credentialKinds: cred(vendor),
  } as const satisfies ActionSpec<typeof deleteParams>;
}
