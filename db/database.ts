/** Connections, and the one way to work as a team: a transaction whose first statement sets it. */
import { setTimeout as delay } from 'node:timers/promises';
import { BugError, errorCode, TransientError, UserError } from '@hub/kit/errors';
import postgres from 'postgres';
import { arrayTypes } from './arrays.ts';
import { watchedSocket } from './silence.ts';

/** A pool of postgres.js, or a connection of it. */
export type Sql = postgres.Sql;
/** The connection of one transaction: `asTeam` gives it. */
export type TeamSql = postgres.TransactionSql;

export interface DatabaseOptions {
  url: string;
  /** Most connections held (default 10). */
  max?: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** A connection that is neither idle nor heard of for so long is given up (default 75 s). */
  silentMs?: number;
}

const endTimeoutSeconds = 3;
const idleSeconds = 60;
/** Longer than an idle connection is kept, and than the longest wait for a lock (45 s): whoever is silent for so long was asked and does not answer. */
const usualSilentMs = 75_000;

/** Opens a pool; nothing connects before the first query. bigint and numeric come as numbers. `sql.end()` lets queries end, for at most 3 s. */
export function openDatabase({ url, max = 10, applicationName, silentMs = usualSilentMs }: DatabaseOptions): Sql {
  const number = (oid: number) => ({ to: oid, from: [oid], serialize: String, parse: Number });
  const sql = postgres(url, {
    max,
    idle_timeout: idleSeconds,
    max_lifetime: 3600,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: applicationName },
    fetch_types: false,
    // After an outage connections come back within 2 s; the driver's own pause grows to 20 s.
    backoff: (failed: number) => Math.min(0.05 * 2 ** failed, 2),
    types: { bigint: number(20), numeric: number(1700), ...arrayTypes },
    socket: watchedSocket(silentMs),
  } as postgres.Options<Record<string, postgres.PostgresType>>);
  // postgres.js never ends a connection whose server went away in the middle of a query (its issue 1097): without a limit `end` would wait for ever.
  const end = sql.end.bind(sql);
  sql.end = (options) => end({ timeout: endTimeoutSeconds, ...options });
  // The type helpers are not for callers, so the plain type says enough.
  return sql as unknown as Sql;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the text of a UUID. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && uuidPattern.test(text);
}

/** The text of an id, or BugError: ids are checked where they come in. */
export function uuidOf(text: string): string {
  if (!isUuid(text)) throw new BugError('db.bad-id', `Not an id: ${String(text).slice(0, 60)}`);
  return text;
}

/**
 * Runs `work` in a transaction of this team: row-level security shows and takes only its rows. The team's setting travels with the first query
 * of `work`; begin and commit are a round trip each. Never call out to another service inside.
 */
export async function asTeam<T>(sql: Sql, team: string, work: (tx: TeamSql) => Promise<T>): Promise<T> {
  const id = uuidOf(team);
  try {
    // Not sql.reserve(): postgres.js would put a connection that died while reserved back among the open ones.
    return (await sql.begin(async (tx) => {
      const set = tx`select set_config('app.team', ${id}, true)`.execute();
      set.catch(() => {});
      const result = await work(tx);
      await set;
      return result;
    })) as T;
  } catch (error) {
    throw translate(error);
  }
}

/**
 * One read of this team in one round trip. `query` must take the team from `acting.team`, not from a parameter: that is what makes PostgreSQL set
 * the team before it looks at a row (a lateral subquery runs after what it depends on; `offset 0` keeps it one). Written otherwise it finds nothing.
 */
export async function readAsTeam<T extends object>(sql: Sql, team: string, query: postgres.PendingQuery<postgres.Row[]>): Promise<T[]> {
  try {
    return [...whole(await sql<T[]>`select q.* from hub_as_team(${uuidOf(team)}::uuid) acting(team) cross join lateral (${query} offset 0) q`)];
  } catch (error) {
    throw translate(error);
  }
}

/** Deadlock, serialization failure, and the unique violation of two writers who took the same attempt number: run again as a whole. */
const again = new Set(['40P01', '40001', '23505']);
/** How long a call that may be repeated outlives a database that is away. */
const outlastMs = 10_000;

/** Calls one of the database's functions (a transaction of its own), once more when it only lost a race. */
export async function callOnce<T>(call: () => Promise<T>): Promise<T> {
  for (let left = 3; ; left -= 1) {
    try {
      return whole(await call());
    } catch (error) {
      if (left > 0 && again.has(stateOf(error))) continue;
      throw translate(error);
    }
  }
}

/** As `callOnce`, for what may be done twice: a restart of the database (up to 10 s) is waited out instead of failing the step. */
export async function callAgain<T>(call: () => Promise<T>): Promise<T> {
  const until = performance.now() + outlastMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
    try {
      return await callOnce(call);
    } catch (error) {
      if (errorCode(error) !== 'db.unavailable' || performance.now() + pauseMs > until) throw error;
      await delay(pauseMs);
    }
  }
}

/**
 * postgres.js counts the rows of an answer per connection and keeps the count where the connection is cut in the middle of one: the first answer on
 * its successor then begins with holes. Such an answer is as good as none.
 */
function whole<T>(result: T): T {
  if (Array.isArray(result) && result.length > 0 && result[0] === undefined)
    throw new TransientError('db.unavailable', 'The database does not answer at the moment.', { didNothing: false });
  return result;
}

function stateOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Gives the database's own words (HB..., lost connections) the codes that callers know; other errors stay as they are. */
export function translate(error: unknown): unknown {
  const state = stateOf(error);
  switch (state) {
    case 'HB001':
      return new UserError('run.gone', 'The run has ended already.', { status: 409, cause: error });
    case 'HB002':
      return new TransientError('run.no-slot', 'The run waits for a slot; it was started too early.', { cause: error });
    case 'HB003':
      return new BugError('run.no-such-attempt', 'A step ended that had not begun.', { cause: error });
    case 'HB009':
      return new BugError('db.append-only', 'These rows are never changed or deleted.', { cause: error });
    default:
  }
  if (/^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|57P0|08|53300)/.test(state)) {
    return new TransientError('db.unavailable', 'The database does not answer at the moment.', {
      cause: error,
      didNothing: state === 'ECONNREFUSED' || state === 'CONNECT_TIMEOUT',
    });
  }
  return error;
}

/** The row of a statement that always answers one. */
export function one<T>(rows: readonly T[]): T {
  const row = rows[0];
  if (row === undefined) throw new BugError('db.no-row', 'A statement that always answers a row answered none.');
  return row;
}
