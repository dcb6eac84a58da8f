/** What comes in over HTTP: deliveries, listening for a test event, answers. */
import { boolean, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { at, bytea, createdAt, newId, teamId } from './columns.ts';

export const hookDeliveries = pgTable(
  'hook_deliveries',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    triggerId: text('trigger_id').notNull(),
    at: at('at').notNull().defaultNow(),
    method: text('method').notNull(),
    contentType: text('content_type'),
    headers: jsonb('headers').notNull().default({}),
    query: jsonb('query').notNull().default({}),
    bytes: integer('bytes').notNull().default(0),
    inputText: text('input_text'),
    outcome: text('outcome').notNull(),
    status: smallint('status').notNull(),
    code: text('code'),
    runId: uuid('run_id'),
    ms: integer('ms').notNull().default(0),
    isTest: boolean('is_test').notNull().default(false),
    replayOf: uuid('replay_of'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const hookListens = pgTable(
  'hook_listens',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    triggerId: text('trigger_id').notNull(),
    type: text('type').notNull(),
    config: jsonb('config').notNull(),
    starts: boolean('starts').notNull().default(false),
    tokenHash: bytea('token_hash').notNull(),
    userId: uuid('user_id'),
    status: text('status').notNull().default('waiting'),
    deliveryId: uuid('delivery_id'),
    runId: uuid('run_id'),
    problem: text('problem'),
    expiresAt: at('expires_at').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const runAnswers = pgTable(
  'run_answers',
  {
    teamId: teamId(),
    runId: uuid('run_id').notNull(),
    until: at('until'),
    path: text('path'),
    status: smallint('status'),
    headers: jsonb('headers'),
    bodyText: text('body_text'),
    answeredAt: at('answered_at'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.runId] })],
);

export const unsentMails = pgTable(
  'unsent_mails',
  {
    teamId: teamId(),
    id: newId(),
    at: at('at').notNull().defaultNow(),
    recipients: text('recipients').notNull(),
    subject: text('subject').notNull(),
    body: text('body').notNull(),
    messageId: text('message_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);
