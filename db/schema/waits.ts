/** What runs wait for, and what is said to them. */
import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { at, bytea, newId, teamId } from './columns.ts';

const instant = (name: string) => at(name).notNull().default(sql`clock_timestamp()`);
const runId = () => uuid('run_id').notNull();

export const runMessages = pgTable(
  'run_messages',
  {
    teamId: teamId(),
    runId: runId(),
    n: integer('n').notNull(),
    messageId: text('message_id').notNull(),
    kind: text('kind', { enum: ['signal', 'answer', 'child', 'pause', 'resume'] }).notNull(),
    name: text('name'),
    keyHash: text('key_hash'),
    path: text('path'),
    decision: text('decision'),
    payloadText: text('payload_text'),
    payloadBlob: uuid('payload_blob'),
    byName: text('by_name'),
    byUserId: uuid('by_user_id'),
    createdAt: instant('created_at'),
    sentAt: at('sent_at'),
    takenPath: text('taken_path'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.runId, table.n] })],
);

export const runWaits = pgTable(
  'run_waits',
  {
    teamId: teamId(),
    runId: runId(),
    path: text('path').notNull(),
    nodeId: text('node_id').notNull(),
    iteration: integer('iteration'),
    attempt: integer('attempt').notNull(),
    reason: text('reason', { enum: ['approval', 'signal', 'timer', 'child', 'budget', 'incident', 'unknown-outcome'] }).notNull(),
    facts: jsonb('facts').notNull(),
    signalName: text('signal_name'),
    keyHash: text('key_hash'),
    tokenHash: bytea('token_hash'),
    childRunId: uuid('child_run_id'),
    expiresAt: at('expires_at'),
    answeredN: integer('answered_n'),
    openedAt: instant('opened_at'),
    closedAt: at('closed_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.runId, table.path, table.attempt] })],
);

export const approvals = pgTable(
  'approvals',
  {
    teamId: teamId(),
    id: newId(),
    runId: runId(),
    nodeId: text('node_id').notNull(),
    path: text('path').notNull(),
    attempt: integer('attempt').notNull(),
    title: text('title').notNull(),
    body: text('body'),
    form: jsonb('form'),
    approvers: text('approvers').array().notNull().default([]),
    status: text('status', { enum: ['pending', 'approved', 'rejected', 'expired', 'cancelled'] })
      .notNull()
      .default('pending'),
    requestedAt: instant('requested_at'),
    expiresAt: at('expires_at'),
    decidedBy: text('decided_by'),
    decidedByUserId: uuid('decided_by_user_id'),
    decidedAt: at('decided_at'),
    formData: jsonb('form_data'),
    reminded: integer('reminded').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const heldSignals = pgTable(
  'held_signals',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id'),
    name: text('name').notNull(),
    keyHash: text('key_hash'),
    messageId: text('message_id').notNull(),
    payloadText: text('payload_text'),
    payloadBlob: uuid('payload_blob'),
    files: uuid('files').array().notNull(),
    createdAt: instant('created_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);
