/** SQL text of the table actions. Names are quoted, values are always parameters. Pure. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { Filter } from './params.ts';

/** How a database writes things. */
export interface Dialect {
  quote: (name: string) => string;
  /** The nth placeholder, from 1. */
  placeholder: (n: number) => string;
  /** Most parameters of one statement. */
  maxParameters: number;
  /** Added to an insert so that rows whose key is there stay as they are. */
  skipExisting: (columns: readonly string[]) => string;
  upsert: (key: readonly string[], others: readonly string[]) => string;
}

export interface Statement {
  sql: string;
  values: Json[];
}

export type Row = { [column: string]: Json };

const comparison: Record<Exclude<Filter['op'], 'in' | 'is_null' | 'is_not_null'>, string> = {
  eq: '=',
  ne: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
};

export function tableOf(dialect: Dialect, place: { schema?: string | undefined; table: string }): string {
  return place.schema === undefined ? dialect.quote(place.table) : `${dialect.quote(place.schema)}.${dialect.quote(place.table)}`;
}

/** ` where …` with its values, or nothing. @throws UserError `step.invalid-params`. */
export function whereOf(dialect: Dialect, filters: readonly Filter[], after?: { column: string; value: Json }): Statement {
  const values: Json[] = [];
  const put = (value: Json): string => {
    values.push(value);
    return dialect.placeholder(values.length);
  };
  const parts = filters.map(({ field, op, value }) => {
    const name = dialect.quote(field);
    if (op === 'is_null') return `${name} is null`;
    if (op === 'is_not_null') return `${name} is not null`;
    if (op !== 'in') return value === null || value === undefined ? nullTest(name, op, field) : `${name} ${comparison[op]} ${put(value as Json)}`;
    const list = Array.isArray(value) ? (value as Json[]) : [value as Json];
    // Nothing is one of an empty list.
    return list.length === 0 ? '1 = 0' : `${name} in (${list.map(put).join(', ')})`;
  });
  if (after !== undefined) parts.push(`${dialect.quote(after.column)} > ${put(after.value)}`);
  return { sql: parts.length === 0 ? '' : ` where ${parts.join(' and ')}`, values };
}

function nullTest(name: string, op: Filter['op'], field: string): string {
  if (op === 'eq') return `${name} is null`;
  if (op === 'ne') return `${name} is not null`;
  throw new UserError('step.invalid-params', `The condition on "${field}" has no value.`, {
    status: 422,
    remedy: 'Give a value, or choose "is empty".',
  });
}

export function selectOf(
  dialect: Dialect,
  given: {
    schema?: string | undefined;
    table: string;
    columns: readonly string[];
    filters: readonly Filter[];
    orderBy?: string | undefined;
    after?: Json | undefined;
  },
  limit: number | null,
): Statement {
  const { orderBy, after } = given;
  if (after !== undefined && after !== null && after !== '' && orderBy === undefined)
    throw new UserError('step.invalid-params', '"Behind" wants an order column.', { status: 422, remedy: 'Name the column in "In order of".' });
  const behind = orderBy !== undefined && after !== undefined && after !== null && after !== '' ? { column: orderBy, value: after } : undefined;
  const where = whereOf(dialect, given.filters, behind);
  const columns =
    given.columns.length === 0 ? '*' : [...new Set([...given.columns, ...(orderBy === undefined ? [] : [orderBy])])].map(dialect.quote).join(', ');
  const order = orderBy === undefined ? '' : ` order by ${dialect.quote(orderBy)}`;
  return {
    sql: `select ${columns} from ${tableOf(dialect, given)}${where.sql}${order}${limit === null ? '' : ` limit ${limit}`}`,
    values: where.values,
  };
}

export interface Insert {
  schema?: string | undefined;
  table: string;
  rows: readonly Row[];
  mode: { kind: 'fail' } | { kind: 'skip' } | { kind: 'upsert'; key: readonly string[] };
}

/** Statements that write `rows`, each within the most parameters. Columns are all that occur; a row without one gets its default. */
export function insertsOf(dialect: Dialect, { rows, mode, ...place }: Insert): Statement[] {
  // Rows of the same columns go together, so that a missing column keeps its default instead of becoming null.
  const groups = new Map<string, { columns: string[]; rows: Row[] }>();
  for (const row of rows) {
    const columns = Object.keys(row).toSorted();
    if (columns.length === 0)
      throw new UserError('step.invalid-params', 'A row has no columns.', { status: 422, remedy: 'Give column names and values.' });
    if (mode.kind === 'upsert') checkKey(row, mode.key);
    const id = JSON.stringify(columns);
    const group = groups.get(id) ?? { columns, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  return [...groups.values()].flatMap(({ columns, rows: same }) => {
    const perStatement = Math.max(1, Math.min(1_000, Math.floor(dialect.maxParameters / columns.length)));
    return Array.from({ length: Math.ceil(same.length / perStatement) }, (_, at) => {
      const part = same.slice(at * perStatement, (at + 1) * perStatement);
      return insertOf(dialect, place, columns, mode.kind === 'upsert' ? lastPerKey(part, mode.key) : part, mode);
    });
  });
}

function insertOf(
  dialect: Dialect,
  place: { schema?: string | undefined; table: string },
  columns: string[],
  rows: readonly Row[],
  mode: Insert['mode'],
): Statement {
  const values: Json[] = [];
  const tuples = rows.map((row) => {
    const marks = columns.map((column) => {
      values.push(row[column] ?? null);
      return dialect.placeholder(values.length);
    });
    return `(${marks.join(', ')})`;
  });
  const tail =
    mode.kind === 'fail'
      ? ''
      : mode.kind === 'skip'
        ? dialect.skipExisting(columns)
        : dialect.upsert(
            mode.key,
            columns.filter((column) => !mode.key.includes(column)),
          );
  return { sql: `insert into ${tableOf(dialect, place)} (${columns.map(dialect.quote).join(', ')}) values ${tuples.join(', ')}${tail}`, values };
}

function checkKey(row: Row, key: readonly string[]): void {
  const missing = key.filter((column) => row[column] === undefined || row[column] === null);
  if (missing.length > 0)
    throw new UserError('step.invalid-params', `A row has no value for its key ${missing.join(', ')}.`, {
      status: 422,
      remedy: 'Every row needs its key columns.',
    });
}

/** A statement may not touch one row twice: the last of a key wins. */
function lastPerKey(rows: readonly Row[], key: readonly string[]): Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(key.map((column) => row[column])), row])).values()];
}
