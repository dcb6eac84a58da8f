/** What a database tells forms: schemas, tables, columns, and the fields of a row. All from information_schema, so both databases share it. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { Choice, ConnectorServices, ServiceContext } from '../types.ts';
import type { Dialect, Row } from './build.ts';
import type { SqlDriver } from './session.ts';

const pageRows = 100;

/** What differs between databases. */
export interface Catalogue {
  /** SQL that gives `account` and `server`. */
  whoAmI: string;
  /** SQL condition on `table_schema` that leaves out the system's. */
  ownSchemas: string;
  /** SQL of the schema that is meant where none is named. */
  usualSchema: string;
  /** SQL condition on a column that fills itself. */
  generated: string;
  dialect: Dialect;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function sqlServices(driver: SqlDriver, catalogue: Catalogue): ConnectorServices {
  const { dialect } = catalogue;
  const list = async (context: ServiceContext, sql: string, values: Json[], toChoice: (row: Row) => Choice) => {
    const offset = Number(context.cursor ?? 0);
    const from = Number.isSafeInteger(offset) && offset >= 0 ? offset : 0;
    const { rows } = await driver.transaction(context, 'read', (session) => session.query(`${sql} limit ${pageRows + 1} offset ${from}`, values));
    return { items: rows.slice(0, pageRows).map(toChoice), nextCursor: rows.length > pageRows ? String(from + pageRows) : null };
  };
  const schemaOf = (context: ServiceContext, values: Json[]): string => {
    const schema = text(context.params['schema']);
    if (schema === '') return catalogue.usualSchema;
    values.push(schema);
    return dialect.placeholder(values.length);
  };
  const searched = (context: ServiceContext, column: string, values: Json[]): string => {
    if (context.search === undefined || context.search === '') return '';
    values.push(`%${context.search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`);
    return ` and lower(${column}) like ${dialect.placeholder(values.length)}`;
  };
  const tableOf = (context: ServiceContext): string => {
    const table = text(context.params['table']);
    if (table === '') throw new UserError('connector.refused', 'Choose a table first.', { status: 422, remedy: 'Columns are those of a table.' });
    return table;
  };
  return {
    async test(context) {
      const { rows } = await driver.transaction(context, 'read', (session) => session.query(catalogue.whoAmI, []));
      return { message: `Connected to ${text(rows[0]?.['server'])}.`, account: text(rows[0]?.['account']) || null, scopes: null };
    },
    resources: {
      schemas: (context) => {
        const values: Json[] = [];
        const sql = `select distinct table_schema as name from information_schema.tables where ${catalogue.ownSchemas}${searched(context, 'table_schema', values)} order by 1`;
        return list(context, sql, values, (row) => ({ value: text(row['name']), label: text(row['name']) }));
      },
      tables: (context) => {
        const values: Json[] = [];
        const sql = `select table_name as name, table_type as kind from information_schema.tables where table_schema = ${schemaOf(context, values)}${searched(context, 'table_name', values)} order by 1`;
        return list(context, sql, values, (row) => ({
          value: text(row['name']),
          label: text(row['name']),
          ...(text(row['kind']).includes('VIEW') ? { help: 'view' } : {}),
        }));
      },
      columns: (context) => {
        const values: Json[] = [];
        const schema = schemaOf(context, values);
        values.push(tableOf(context));
        const sql = `select column_name as name, data_type as kind from information_schema.columns where table_schema = ${schema} and table_name = ${dialect.placeholder(values.length)}${searched(context, 'column_name', values)} order by ordinal_position`;
        return list(context, sql, values, (row) => ({ value: text(row['name']), label: text(row['name']), help: text(row['kind']) }));
      },
    },
    async fields(context) {
      const values: Json[] = [];
      const schema = schemaOf(context, values);
      values.push(tableOf(context));
      const sql = `select column_name as name, data_type as kind, is_nullable as nullable, case when column_default is not null or ${catalogue.generated} then 1 else 0 end as filled from information_schema.columns where table_schema = ${schema} and table_name = ${dialect.placeholder(values.length)} order by ordinal_position limit 1000`;
      const { rows } = await driver.transaction(context, 'read', (session) => session.query(sql, values));
      if (rows.length === 0)
        throw new UserError('connector.not-found', 'There is no such table, or it may not be read.', { status: 422, remedy: 'Choose it again.' });
      const properties = Object.fromEntries(rows.map((row) => [text(row['name']), fieldSchema(text(row['kind']))]));
      const required = rows.filter((row) => row['nullable'] === 'NO' && row['filled'] === 0).map((row) => text(row['name']));
      return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
    },
  };
}

function fieldSchema(kind: string): { [key: string]: Json } {
  const lower = kind.toLowerCase();
  if (/^(small|medium|tiny|big)?int|^integer/.test(lower)) return { type: 'integer' };
  if (/^(numeric|decimal|real|double|float|money)/.test(lower)) return { type: 'number' };
  if (lower.startsWith('bool')) return { type: 'boolean' };
  if (lower === 'date') return { type: 'string', format: 'date' };
  if (lower.startsWith('timestamp') || lower === 'datetime') return { type: 'string', format: 'date-time' };
  return lower.startsWith('json') ? {} : { type: 'string' };
}
