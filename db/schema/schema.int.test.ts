import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { testDatabase, type TestDatabase } from '../testing/index.ts';
import * as schema from './index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const shown: Record<string, string> = { 'timestamp with time zone': 'timestamptz', 'text[]': 'text', 'uuid[]': 'uuid', 'integer[]': 'integer' };
const word = (type: string) => shown[type] ?? type;

it('the typed schema has every table and column of the database, with its type and null', async () => {
  const rows = await db.ownerSql<{ table: string; column: string; type: string; required: boolean }[]>`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required
    from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and c.relname <> 'migrations'`;
  const inDatabase = new Set(rows.map((row) => `${row.table}.${row.column} ${word(row.type)}${row.required ? ' not null' : ''}`));
  const inSchema = new Set<string>();
  for (const table of Object.values(schema)) {
    if (!is(table, PgTable)) continue;
    for (const column of Object.values(getTableColumns(table))) {
      const type = column
        .getSQLType()
        .replace(', ', ',')
        .replace(/\[.*\]$/, '');
      inSchema.add(`${getTableConfig(table).name}.${column.name} ${word(type)}${column.notNull ? ' not null' : ''}`);
    }
  }
  const loose = new Set([...inDatabase].map((line) => line.replace(/\(.*?\)/, '')));
  const tidy = new Set([...inSchema].map((line) => line.replace(/\(.*?\)/, '')));
  expect([...loose].filter((line) => !tidy.has(line)).sort()).toEqual([]);
  expect([...tidy].filter((line) => !loose.has(line)).sort()).toEqual([]);
});

it('has every column of the ten tables of the first plan', async () => {
  const plan = readFileSync(new URL('../testing/first-plan-columns.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const rows = await db.ownerSql<
    { name: string }[]
  >`select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'`;
  const have = new Set(rows.map((row) => row.name));
  expect(plan.filter((name) => !have.has(name))).toEqual([]);
  expect(new Set(plan.map((name) => name.split('.')[0])).size).toBe(10);
});
