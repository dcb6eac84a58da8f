/** A driver that writes down what it would send, and answers what it is told. */
import type { Json } from '@hub/dag/planner';

import type { Row } from '../build.ts';
import type { SqlDriver } from '../session.ts';

export interface Recorder {
  driver: SqlDriver;
  sent: { mode: 'read' | 'write'; sql: string; values: readonly Json[] }[];
}

export function recorderOf(real: SqlDriver, rows: Row[] = []): Recorder {
  const sent: Recorder['sent'] = [];
  const driver: SqlDriver = {
    ...real,
    transaction: async (_context, mode, work) =>
      work({
        async query(sql, values) {
          sent.push({ mode, sql, values });
          return { rows, affected: rows.length };
        },
        async *stream(sql, values) {
          sent.push({ mode, sql, values });
          for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
        },
      }),
  };
  return { driver, sent };
}
