/** What a database connection of one step can do; a dialect's connect.ts makes it. */
import type { Json } from '@hub/dag/planner';

import type { CallContext } from '../sdk/vendor.ts';
import type { Dialect, Row } from './build.ts';

export interface Result {
  rows: Row[];
  /** Rows changed, where the statement changes something. */
  affected: number;
}

export interface SqlSession {
  query(sql: string, values: readonly Json[]): Promise<Result>;
  /** Rows in batches, read as they are taken. */
  stream(sql: string, values: readonly Json[]): AsyncIterable<Row[]>;
}

export interface SqlDriver {
  title: string;
  dialect: Dialect;
  /**
   * One connection with one transaction around `work`: committed when it ends well, else rolled back. Aborting the signal stops the statement at the server.
   * @throws HubError `connector.*`, `http.*` (guard).
   */
  transaction<T>(context: CallContext, mode: 'read' | 'write', work: (session: SqlSession) => Promise<T>): Promise<T>;
}
