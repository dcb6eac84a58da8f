/** The table actions over any driver. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { encodeRows } from '../data/sink.ts';
import type { ActionRun } from '../types.ts';
import { insertsOf, selectOf, tableOf, whereOf } from './build.ts';
import type { Insert, Row } from './build.ts';
import type { SqlDriver, SqlSession } from './session.ts';
import type { deleteRowsSpec, insertOnlySpec, insertRowsSpec, querySpec, readTableSpec, upsertRowsSpec } from './specs.ts';

const maxChars = 32 * 1_048_576;

type Context = Parameters<ActionRun<ReturnType<typeof querySpec>>>[0] | Parameters<ActionRun<ReturnType<typeof readTableSpec>>>[0];

/** Rows of a query into the output, or into a file of any size. */
async function give(context: Context, session: SqlSession, sql: string, values: readonly Json[], name: string): Promise<{ [key: string]: Json }> {
  const { params, files, team, run } = context;
  if (params.into === 'rows') return { ...(await gather(session, sql, values, params.limit)) };
  const written = { count: 0 };
  const mime = params.into === 'csv' ? 'text/csv' : 'application/x-ndjson';
  const bytes = encodeRows(session.stream(sql, values), params.into, written);
  const file = await files.create(team, { name: `${name}.${params.into}`, mime, run }, bytes);
  return { file: { ...file }, count: written.count, more: false };
}

async function gather(
  session: SqlSession,
  sql: string,
  values: readonly Json[],
  limit: number,
): Promise<{ rows: Row[]; count: number; more: boolean }> {
  const rows: Row[] = [];
  let chars = 0;
  for await (const batch of session.stream(sql, values)) {
    for (const row of batch) {
      if (rows.length >= limit) return { rows, count: rows.length, more: true };
      chars += JSON.stringify(row).length;
      if (chars > maxChars)
        throw new UserError('connector.too-large', `The rows are larger than ${maxChars / 1_048_576} MB together.`, {
          status: 422,
          remedy: 'Set a lower limit, fewer columns, or write them into a file.',
        });
      rows.push(row);
    }
  }
  return { rows, count: rows.length, more: false };
}

export function runQueryBy(driver: SqlDriver): ActionRun<ReturnType<typeof querySpec>> {
  return async (context) => {
    const { params, warn } = context;
    const output = await driver.transaction(context, params.readOnly ? 'read' : 'write', async (session) => {
      if (params.readOnly || params.into !== 'rows') return give(context, session, params.sql, params.values as Json[], 'query');
      const { rows, affected } = await session.query(params.sql, params.values as Json[]);
      return {
        rows: rows.slice(0, params.limit),
        count: rows.length === 0 ? affected : Math.min(rows.length, params.limit),
        more: rows.length > params.limit,
      };
    });
    if (output['more'] === true) warn('connector.more-rows', `There are more than ${params.limit} rows; the rest was not read.`);
    return { output };
  };
}

export function runReadTableBy(driver: SqlDriver): ActionRun<ReturnType<typeof readTableSpec>> {
  return async (context) => {
    const { params } = context;
    const all = params.into !== 'rows';
    const { sql, values } = selectOf(driver.dialect, { ...params, after: params.after as Json | undefined }, all ? null : params.limit + 1);
    const output = await driver.transaction(context, 'read', (session) => give(context, session, sql, values, params.table));
    const { orderBy } = params;
    const last = (output['rows'] as Row[] | undefined)?.at(-1);
    const cursor = orderBy === undefined ? null : (last?.[orderBy] ?? (params.after as Json | undefined) ?? null);
    return { output: all ? output : { ...output, cursor } };
  };
}

/** `returning` where the database gives columns back of what it wrote (MySQL does not). */
export function runInsertBy(driver: SqlDriver): ActionRun<ReturnType<typeof insertRowsSpec>> & ActionRun<ReturnType<typeof insertOnlySpec>> {
  return async (
    context: Parameters<ActionRun<ReturnType<typeof insertRowsSpec>>>[0] | Parameters<ActionRun<ReturnType<typeof insertOnlySpec>>>[0],
  ) => {
    const { params } = context;
    const returning = 'returning' in params ? params.returning : [];
    const tail = returning.length === 0 ? '' : ` returning ${returning.map(driver.dialect.quote).join(', ')}`;
    const mode: Insert['mode'] = params.ifThere === 'skip' ? { kind: 'skip' } : { kind: 'fail' };
    const statements = insertsOf(driver.dialect, { ...params, rows: rowsOf(params.rows as Json), mode });
    const back: Row[] = [];
    let count = 0;
    await driver.transaction(context, 'write', async (session) => {
      for (const { sql, values } of statements) {
        const { rows, affected } = await session.query(sql + tail, values);
        back.push(...rows);
        count += affected;
      }
    });
    return { output: returning.length === 0 ? { count } : { count, rows: back } };
  };
}

export function runUpsertBy(driver: SqlDriver): ActionRun<ReturnType<typeof upsertRowsSpec>> {
  return async (context) => {
    const { params } = context;
    const rows = rowsOf(params.rows as Json);
    const statements = insertsOf(driver.dialect, { ...params, rows, mode: { kind: 'upsert', key: params.key } });
    await driver.transaction(context, 'write', async (session) => {
      for (const { sql, values } of statements) await session.query(sql, values);
    });
    return { output: { count: rows.length } };
  };
}

export function runDeleteBy(driver: SqlDriver): ActionRun<ReturnType<typeof deleteRowsSpec>> {
  return async (context) => {
    const { params } = context;
    const where = whereOf(driver.dialect, params.filters);
    const sql = `delete from ${tableOf(driver.dialect, params)}${where.sql}`;
    const { affected } = await driver.transaction(context, 'write', async (session) => {
      const answer = await session.query(sql, where.values);
      if (params.atMost === undefined || answer.affected <= params.atMost) return answer;
      throw new UserError(
        'connector.refused',
        `${answer.affected} rows fit the conditions and at most ${params.atMost} may go, so none was deleted.`,
      );
    });
    return { output: { count: affected } };
  };
}

function rowsOf(given: Json): Row[] {
  return (Array.isArray(given) ? given : [given]) as Row[];
}
