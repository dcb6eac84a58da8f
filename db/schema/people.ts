/** Teams and what belongs to their people. */
import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { at, bytea, createdAt, newId, teamId, updatedAt } from './columns.ts';

export const teams = pgTable('teams', {
  id: newId().primaryKey(),
  name: text('name').notNull(),
  slug: text('slug').notNull().unique(),
  logo: text('logo'),
  metadata: text('metadata'),
  plan: text('plan', { enum: ['free', 'teams', 'enterprise'] })
    .notNull()
    .default('free'),
  settings: jsonb('settings').notNull().default({}),
  maxConcurrentRuns: integer('max_concurrent_runs').notNull().default(200),
  keepRunsDays: integer('keep_runs_days'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const apiKeys = pgTable(
  'api_keys',
  {
    teamId: teamId(),
    id: newId(),
    name: text('name').notNull(),
    hash: bytea('hash').notNull(),
    prefix: text('prefix').notNull(),
    scopes: text('scopes').array(),
    createdBy: uuid('created_by'),
    lastUsedAt: at('last_used_at'),
    expiresAt: at('expires_at'),
    revokedAt: at('revoked_at'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const notices = pgTable(
  'notices',
  {
    teamId: teamId(),
    id: newId(),
    userId: uuid('user_id').notNull(),
    kind: text('kind').notNull(),
    title: text('title').notNull(),
    body: text('body').notNull().default(''),
    link: text('link'),
    dedupeKey: text('dedupe_key'),
    readAt: at('read_at'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const auditLog = pgTable(
  'audit_log',
  {
    teamId: teamId(),
    id: newId(),
    userId: uuid('user_id'),
    apiKeyId: uuid('api_key_id'),
    action: text('action').notNull(),
    target: text('target'),
    fromAddress: text('from_address'),
    details: jsonb('details'),
    at: timestamp('at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    teamId: teamId(),
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    bodyHash: bytea('body_hash').notNull(),
    status: integer('status'),
    body: text('body'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.scope, table.key] })],
);

export const rateLimits = pgTable('rate_limits', {
  key: text('key').primaryKey(),
  points: integer('points').notNull(),
  expire: at('expire').notNull(),
});
