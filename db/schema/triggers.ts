/** What triggers that fire by themselves keep beside their own row. */
import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { at, bytea, count64, newId, teamId } from './columns.ts';

const instant = (name: string) => at(name).notNull().default(sql`clock_timestamp()`);

export const triggerEvents = pgTable(
  'trigger_events',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    triggerId: text('trigger_id').notNull(),
    at: instant('at'),
    scheduledAt: at('scheduled_at'),
    outcome: text('outcome', { enum: ['started', 'repeated', 'skipped', 'missed', 'held', 'failed', 'refused'] }).notNull(),
    runId: uuid('run_id'),
    code: text('code'),
    message: text('message'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const triggerCursors = pgTable(
  'trigger_cursors',
  {
    teamId: teamId(),
    workflowId: uuid('workflow_id').notNull(),
    triggerId: text('trigger_id').notNull(),
    seq: count64('seq').notNull().default(0),
    cursor: jsonb('cursor').notNull().default({}),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.workflowId, table.triggerId] })],
);

export const triggerOutbox = pgTable(
  'trigger_outbox',
  {
    teamId: teamId(),
    workflowId: uuid('workflow_id').notNull(),
    triggerId: text('trigger_id').notNull(),
    seq: count64('seq').notNull().default(sql`nextval('trigger_outbox_seq')`),
    dueAt: instant('due_at'),
    tries: integer('tries').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.workflowId, table.triggerId] })],
);

export const runEnds = pgTable(
  'run_ends',
  {
    teamId: teamId(),
    runId: uuid('run_id').notNull(),
    status: text('status').notNull(),
    dueAt: instant('due_at'),
    tries: integer('tries').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.runId, table.status] })],
);

export const pushChannels = pgTable(
  'push_channels',
  {
    teamId: teamId(),
    id: uuid('id').notNull(),
    workflowId: uuid('workflow_id').notNull(),
    triggerId: text('trigger_id').notNull(),
    connector: text('connector').notNull(),
    credentialId: text('credential_id').notNull(),
    address: text('address').notNull(),
    tokenHash: bytea('token_hash').notNull(),
    resource: text('resource'),
    message: count64('message').notNull().default(0),
    createdAt: instant('created_at'),
    expiresAt: at('expires_at').notNull(),
    stopAfter: at('stop_after'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);
