/** Outputs of steps with `cache`, by what they were made from. */
import { sql } from 'drizzle-orm';
import { integer, numeric, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at, count64, newId, teamId } from './columns.ts';

export const stepCache = pgTable(
  'step_cache',
  {
    teamId: teamId(),
    key: text('key').notNull(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    nodeId: text('node_id').notNull(),
    runId: uuid('run_id').notNull(),
    port: text('port'),
    outputText: text('output_text'),
    outputBlob: uuid('output_blob'),
    outputBytes: count64('output_bytes').notNull(),
    tokensUsed: integer('tokens_used'),
    costUsd: numeric('cost_usd', { precision: 14, scale: 6 }),
    uses: integer('uses').notNull().default(0),
    createdAt: at('created_at').notNull().default(sql`clock_timestamp()`),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.key] })],
);
