/** MySQL and MariaDB by mysql2, over a socket that the guard opened. One connection per step: no pool outlives its credential. */
import type { Socket } from 'node:net';

import type { Json } from '@hub/dag/planner';
import type { Connection as CallbackConnection } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import type { Connection, ConnectionOptions, FieldPacket } from 'mysql2/promise';

import type { LiveCredential } from '../../ports.ts';
import { numberOf } from '../file/cells.ts';
import { neededCredential } from '../sdk/vendor.ts';
import type { CallContext } from '../sdk/vendor.ts';
import type { Dialect, Row } from '../sql/build.ts';
import type { Result, SqlDriver, SqlSession } from '../sql/session.ts';
import { mysqlFault } from './faults.ts';

const connectMs = 10_000;
const batchRows = 1_000;

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const mysqlDialect: Dialect = {
  quote,
  placeholder: () => '?',
  maxParameters: 60_000,
  // Touches nothing of the row that is there; `insert ignore` would also swallow wrong values.
  skipExisting: ([first = '']) => ` on duplicate key update ${quote(first)} = ${quote(first)}`,
  upsert: (key, others) => {
    const set = others.length === 0 ? key : others;
    return ` on duplicate key update ${set.map((name) => `${quote(name)} = values(${quote(name)})`).join(', ')}`;
  },
};

interface MoreOptions {
  ssl?: NonNullable<ConnectionOptions['ssl']>;
}

async function open(context: CallContext, credential: LiveCredential, signal: AbortSignal): Promise<Connection> {
  const { values } = credential;
  const host = values['host'] ?? '';
  const port = Number(values['port'] ?? 3306);
  const tls = values['tls'] ?? 'require';
  const more: MoreOptions =
    tls === 'off'
      ? {}
      : {
          ssl: {
            rejectUnauthorized: tls === 'verify',
            verifyIdentity: tls === 'verify',
            ...(values['ca'] === undefined ? {} : { ca: values['ca'] }),
          },
        };
  const socket: Socket = await context.http.connect({
    host,
    port,
    use: 'database',
    allowedHosts: credential.allowedHosts,
    signal,
    timeoutMs: connectMs,
  });
  return createConnection({
    ...more,
    host,
    stream: socket,
    database: values['database'] ?? '',
    user: values['user'] ?? '',
    password: values['password'] ?? '',
    connectTimeout: connectMs,
    timezone: 'Z',
    charset: 'utf8mb4',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    decimalNumbers: false,
    multipleStatements: false,
    // A server may not ask for files of ours; rows left as they are do not count as written.
    flags: ['-LOCAL_FILES', '-FOUND_ROWS'],
    disableEval: true,
  });
}

const dateTypes = new Set([7, 12]);
const wholeTypes = new Set([8, 0, 246]);

/** Values as JSON has them, without loss: big numbers stay text, times are ISO 8601 in UTC, bytes base64. */
function toJson(value: unknown, field: FieldPacket | undefined): Json {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  const type = field?.columnType ?? field?.type ?? -1;
  if (typeof value === 'string' && dateTypes.has(type)) return value.replace(' ', 'T') + (type === 7 ? 'Z' : '');
  if (typeof value === 'string' && wholeTypes.has(type)) return numberOf(value) ?? value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value as Json;
}

function toRow(raw: Record<string, unknown>, fields: Map<string, FieldPacket>): Row {
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, toJson(value, fields.get(name))]));
}

/** A value as a parameter: lists and objects go as JSON text, ISO instants as MySQL writes them. */
function toValue(value: Json): string | number | boolean | null {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  if (typeof value !== 'string') return value;
  const instant = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?:Z|\+00:00)$/.exec(value);
  return instant === null ? value : `${instant[1]} ${instant[2]}`;
}

function sessionOf(connection: Connection): SqlSession {
  return {
    async query(sql, values): Promise<Result> {
      const [result, fields] = await connection.execute(sql, values.map(toValue));
      if (!Array.isArray(result)) return { rows: [], affected: result.affectedRows };
      const byName = new Map((fields ?? []).map((field) => [field.name, field]));
      return { rows: (result as Record<string, unknown>[]).map((row) => toRow(row, byName)), affected: 0 };
    },
    async *stream(sql, values) {
      const query = (connection as unknown as { connection: CallbackConnection }).connection.execute(sql, values.map(toValue));
      const byName = new Map<string, FieldPacket>();
      query.on('fields', (fields: FieldPacket[]) => {
        for (const field of fields ?? []) byName.set(field.name, field);
      });
      let batch: Row[] = [];
      for await (const raw of query.stream({ highWaterMark: batchRows }) as AsyncIterable<Record<string, unknown>>) {
        batch.push(toRow(raw, byName));
        if (batch.length < batchRows) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}

/** Ends the connection at the server: closing the socket alone would leave its statement running. */
async function stopAtServer(context: CallContext, credential: LiveCredential, thread: number): Promise<void> {
  const connection = await open(context, credential, AbortSignal.timeout(3_000));
  try {
    await connection.query(`kill ${thread}`);
  } finally {
    connection.destroy();
  }
}

async function inTransaction<T>(connection: Connection, mode: 'read' | 'write', work: (session: SqlSession) => Promise<T>): Promise<T> {
  if (mode === 'read') await connection.query('set session transaction read only');
  await connection.query(`start transaction ${mode === 'read' ? 'read only' : 'read write'}`);
  const result = await work(sessionOf(connection));
  await connection.query('commit');
  return result;
}

/**
 * The work's end, or the connection's, or the abort's (once the server was told). A statement alone may wait for ever: one that is streamed hears
 * nothing of a lost connection, and none hears of a destroyed one.
 */
async function untilEnded<T>(connection: Connection, signal: AbortSignal, stop: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  const ended = Promise.withResolvers<never>();
  const abort = (): void => void stop().then(() => ended.reject(signal.reason), ended.reject);
  connection.on('error', ended.reject);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work(), ended.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

export const mysqlDriver: SqlDriver = {
  title: 'MySQL',
  dialect: mysqlDialect,
  async transaction(context, mode, work) {
    const credential = neededCredential(context, 'MySQL');
    const { signal } = context;
    signal.throwIfAborted();
    let connection: Connection | null = null;
    try {
      const opened = await open(context, credential, signal);
      connection = opened;
      const stop = (): Promise<void> => stopAtServer(context, credential, opened.threadId);
      return await untilEnded(opened, signal, stop, () => inTransaction(opened, mode, work));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw mysqlFault(error);
    } finally {
      connection?.destroy();
    }
  },
};
