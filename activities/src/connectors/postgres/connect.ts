/** PostgreSQL by postgres.js, over a socket that the guard opened. One connection per step: no pool outlives its credential. */
import type { Socket } from 'node:net';

import type { Json } from '@hub/dag/planner';
import { TransientError } from '@hub/kit/errors';
import postgres from 'postgres';
import type { Options, Sql } from 'postgres';

import type { LiveCredential } from '../../ports.ts';
import { numberOf } from '../file/cells.ts';
import { neededCredential } from '../sdk/vendor.ts';
import type { CallContext } from '../sdk/vendor.ts';
import type { Dialect, Row } from '../sql/build.ts';
import type { SqlDriver, SqlSession } from '../sql/session.ts';
import { postgresFault } from './faults.ts';
import { listText, listTypes, parseList } from './lists.ts';

const connectSeconds = 10;
const batchRows = 1_000;
/** Where the step's own time-out does not reach the server any more. */
const statementTimeoutMs = 900_000;

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const postgresDialect: Dialect = {
  quote,
  placeholder: (n) => `$${n}`,
  maxParameters: 65_000,
  skipExisting: () => ' on conflict do nothing',
  upsert: (key, others) =>
    ` on conflict (${key.map(quote).join(', ')}) do ${others.length === 0 ? 'nothing' : `update set ${others.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')}`}`,
};

/** Values as JSON has them, without loss: big numbers stay text, instants are ISO 8601 in UTC, bytes base64. */
const types = {
  instant: { to: 1184, from: [1184], serialize: String, parse: (text: string) => text.replace(' ', 'T').replace(/\+00$/, 'Z') },
  plainTime: { to: 1114, from: [1114], serialize: String, parse: (text: string) => text.replace(' ', 'T') },
  day: { to: 1082, from: [1082], serialize: String, parse: (text: string) => text },
  integer8: { to: 20, from: [20], serialize: String, parse: (text: string) => numberOf(text) ?? text },
  decimal: { to: 1700, from: [1700], serialize: String, parse: (text: string) => numberOf(text) ?? text },
  float: { to: 701, from: [700, 701], serialize: String, parse: (text: string) => (Number.isFinite(Number(text)) ? Number(text) : text) },
  lists: { to: 1009, from: listTypes, serialize: listText, parse: parseList },
  bytes: {
    to: 17,
    from: [17],
    serialize: (value: unknown) => `\\x${Buffer.from(String(value), 'base64').toString('hex')}`,
    parse: (text: string) => Buffer.from(text.slice(2), 'hex').toString('base64'),
  },
  texts: {
    to: 25,
    from: [25, 1043, 1042],
    serialize: (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
    parse: (text: string) => text,
  },
};

function optionsFor(context: CallContext, credential: LiveCredential, opened: Socket[]): Options<Record<string, never>> {
  const { values } = credential;
  const host = values['host'] ?? '';
  const port = Number(values['port'] ?? 5432);
  const tls = values['tls'] ?? 'require';
  const options = {
    host,
    port,
    database: values['database'] ?? '',
    username: values['user'] ?? '',
    password: values['password'] ?? '',
    // `require` encrypts; `verify` also proves who answers.
    ssl:
      tls === 'off' ? false : { rejectUnauthorized: tls === 'verify', servername: host, ...(values['ca'] === undefined ? {} : { ca: values['ca'] }) },
    max: 1,
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: connectSeconds,
    prepare: false,
    fetch_types: false,
    backoff: () => 0,
    onnotice: () => undefined,
    types,
    connection: { application_name: 'workflow-hub', TimeZone: 'UTC', statement_timeout: statementTimeoutMs },
    async socket() {
      // One connection, one transaction: what comes after a lost line must not run outside of it.
      if (opened.length > 0) throw new TransientError('connector.unavailable', 'The connection to PostgreSQL was lost.');
      const socket = await context.http.connect({
        host,
        port,
        use: 'database',
        allowedHosts: credential.allowedHosts,
        signal: context.signal,
        timeoutMs: connectSeconds * 1000,
      });
      opened.push(socket);
      return socket;
    },
  };
  return options as unknown as Options<Record<string, never>>;
}

/** What postgres.js knows of the backend that a query runs on. */
interface Running {
  state?: { pid?: number; secret?: number };
}

/** The protocol's CancelRequest, on a connection of its own. The driver's own `cancel` ends the process where that connection fails. */
async function stopAtServer(context: CallContext, credential: LiveCredential, running: Running): Promise<void> {
  const { pid, secret } = running.state ?? {};
  if (pid === undefined || secret === undefined) return;
  const { host = '', port = '5432' } = credential.values;
  const socket = await context.http.connect({
    host,
    port: Number(port),
    use: 'database',
    allowedHosts: credential.allowedHosts,
    signal: AbortSignal.timeout(3_000),
  });
  const message = Buffer.alloc(16);
  [16, 80_877_102, pid, secret].forEach((word, at) => void message.writeInt32BE(word | 0, at * 4));
  socket.on('error', () => undefined).end(message);
}

function sessionOf(tx: Sql, running: { query: Running | null }): SqlSession {
  const prepared = (sql: string, values: readonly Json[]) => {
    // One statement a call, also without values: by the simple protocol `select 1; commit; delete …` would leave the read-only transaction.
    const query = tx.unsafe(sql, values as never[], { simple: false } as never);
    running.query = query as unknown as Running;
    // Whoever awaits it hears of its fault; where the line is lost while it is handed over, nobody does yet.
    query.catch(() => undefined);
    return query;
  };
  return {
    async query(sql, values) {
      const result = await prepared(sql, values);
      return { rows: [...result] as Row[], affected: result.count ?? 0 };
    },
    async *stream(sql, values) {
      if (!/^\s*(\(|select|with|values|table)\b/i.test(sql)) return yield [...(await prepared(sql, values))] as Row[];
      // The server's own cursor: the driver's waits for ever where the connection is lost between two batches.
      await prepared(`declare hub_rows no scroll cursor for ${sql}`, values);
      for (;;) {
        const batch = [...(await prepared(`fetch ${batchRows} from hub_rows`, []))] as Row[];
        if (batch.length > 0) yield batch;
        if (batch.length < batchRows) return undefined;
      }
    },
  };
}

export const postgresDriver: SqlDriver = {
  title: 'PostgreSQL',
  dialect: postgresDialect,
  async transaction(context, mode, work) {
    const credential = neededCredential(context, 'PostgreSQL');
    const { signal } = context;
    signal.throwIfAborted();
    const opened: Socket[] = [];
    const sql = postgres(optionsFor(context, credential, opened));
    const running: { query: Running | null } = { query: null };
    const stop = (): void => {
      const asked = running.query === null ? Promise.resolve() : stopAtServer(context, credential, running.query).catch(() => undefined);
      // Whether the server answers or not, the step ends now.
      void asked.finally(() => setTimeout(() => opened.forEach((socket) => socket.destroy()), 100).unref());
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      // Without the driver's own transaction: its rollback on a connection that is gone ends the process. Closing the connection rolls back as well.
      await sql.unsafe(`begin ${mode === 'read' ? 'read only' : 'read write'}`);
      const result = await work(sessionOf(sql, running));
      await sql.unsafe('commit');
      return result;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw postgresFault(error);
    } finally {
      signal.removeEventListener('abort', stop);
      await sql.end({ timeout: 0 }).catch(() => undefined);
    }
  },
};
