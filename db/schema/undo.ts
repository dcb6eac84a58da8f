/** Compensations of what runs did. */
import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at, teamId } from './columns.ts';

export const compensations = pgTable(
  'compensations',
  {
    teamId: teamId(),
    runId: uuid('run_id').notNull(),
    n: integer('n').notNull(),
    rootRunId: uuid('root_run_id').notNull(),
    nodeId: text('node_id').notNull(),
    path: text('path').notNull(),
    stepCompletedAt: at('step_completed_at').notNull(),
    action: text('action').notNull(),
    status: text('status', { enum: ['waiting', 'running', 'completed', 'failed', 'unknown'] })
      .notNull()
      .default('waiting'),
    attempt: integer('attempt').notNull().default(0),
    failed: integer('failed').notNull().default(0),
    lost: integer('lost').notNull().default(0),
    begunBy: uuid('begun_by'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    startedAt: at('started_at'),
    completedAt: at('completed_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.runId, table.n] })],
);
