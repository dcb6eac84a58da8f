/** What teams make. */
import { boolean, integer, json, jsonb, numeric, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { at, bytea, createdAt, newId, teamId, updatedAt } from './columns.ts';

export const workflows = pgTable(
  'workflows',
  {
    teamId: teamId(),
    id: newId(),
    userId: uuid('user_id'),
    name: text('name').notNull(),
    description: text('description'),
    definition: jsonb('definition').notNull(),
    definitionSource: json('definition_source').notNull().default({}),
    executionMode: text('execution_mode').notNull().default('manual'),
    scheduleConfig: jsonb('schedule_config'),
    maxConcurrentRuns: integer('max_concurrent_runs').notNull().default(1),
    timeoutSeconds: integer('timeout_seconds').notNull().default(3600),
    retryConfig: jsonb('retry_config').notNull().default({ max_attempts: 3, backoff: 'exponential' }),
    status: text('status', { enum: ['draft', 'active', 'paused', 'archived'] })
      .notNull()
      .default('draft'),
    version: integer('version').notNull().default(1),
    tags: text('tags').array().notNull().default([]),
    revision: integer('revision').notNull().default(1),
    definitionHash: text('definition_hash').notNull().default(''),
    overlap: text('overlap', { enum: ['queue', 'skip', 'cancel_older'] })
      .notNull()
      .default('queue'),
    priority: smallint('priority').notNull().default(3),
    publishedVersion: integer('published_version'),
    publishedVersionId: uuid('published_version_id'),
    pins: jsonb('pins').notNull().default({}),
    updatedBy: uuid('updated_by'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const workflowVersions = pgTable(
  'workflow_versions',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    version: integer('version'),
    definition: json('definition').notNull(),
    hash: text('hash').notNull(),
    plan: jsonb('plan').notNull(),
    note: text('note').notNull().default(''),
    warnings: jsonb('warnings').notNull().default([]),
    createdBy: uuid('created_by'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const workflowNodes = pgTable(
  'workflow_nodes',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    nodeId: text('node_id').notNull(),
    nodeType: text('node_type').notNull(),
    config: jsonb('config').notNull(),
    position: jsonb('position'),
    dependsOn: text('depends_on').array().notNull().default([]),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const triggers = pgTable(
  'triggers',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    triggerId: text('trigger_id').notNull(),
    type: text('type').notNull(),
    config: jsonb('config').notNull().default({}),
    status: text('status', { enum: ['active', 'removed'] })
      .notNull()
      .default('active'),
    tokenHash: bytea('token_hash'),
    tokenHint: text('token_hint'),
    formToken: text('form_token'),
    tokenMadeAt: at('token_made_at'),
    version: integer('version'),
    lastFiredAt: at('last_fired_at'),
    pausedAt: at('paused_at'),
    pausedBy: uuid('paused_by'),
    stoppedAt: at('stopped_at'),
    stopReason: text('stop_reason'),
    failures: integer('failures').notNull().default(0),
    notBefore: at('not_before'),
    seriesId: uuid('series_id'),
    nextFireAt: at('next_fire_at'),
    pushAfter: at('push_after'),
    pushTries: integer('push_tries').notNull().default(0),
    pushProblem: text('push_problem'),
    wakeAt: at('wake_at'),
    wokenAt: at('woken_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const variables = pgTable(
  'variables',
  {
    teamId: teamId(),
    id: newId(),
    name: text('name').notNull(),
    value: jsonb('value').notNull(),
    revision: integer('revision').notNull().default(1),
    updatedBy: uuid('updated_by'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const workflowPermissions = pgTable(
  'workflow_permissions',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    userId: uuid('user_id').notNull(),
    permissionLevel: text('permission_level', { enum: ['viewer', 'editor', 'runner', 'admin'] }).notNull(),
    grantedByUserId: uuid('granted_by_user_id'),
    grantedAt: at('granted_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const workflowTemplates = pgTable(
  'workflow_templates',
  {
    teamId: teamId(),
    id: newId(),
    name: text('name').notNull(),
    description: text('description'),
    category: text('category'),
    definition: jsonb('definition').notNull(),
    isPublic: boolean('is_public').notNull().default(false),
    createdByUserId: uuid('created_by_user_id'),
    useCount: integer('use_count').notNull().default(0),
    rating: numeric('rating', { precision: 2, scale: 1 }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const connectorCredentials = pgTable(
  'connector_credentials',
  {
    teamId: teamId(),
    id: newId(),
    userId: uuid('user_id'),
    connectorType: text('connector_type').notNull(),
    encryptedCredentials: bytea('encrypted_credentials').notNull(),
    encryptionKeyId: text('encryption_key_id').notNull(),
    oauthTokenExpiresAt: at('oauth_token_expires_at'),
    oauthRefreshTokenEncrypted: bytea('oauth_refresh_token_encrypted'),
    status: text('status', { enum: ['active', 'pending', 'needs_reauth', 'expired', 'revoked'] })
      .notNull()
      .default('active'),
    lastUsedAt: at('last_used_at'),
    endsAt: at('ends_at'),
    name: text('name').notNull(),
    allowedHosts: text('allowed_hosts').array().notNull().default([]),
    rowVersion: integer('row_version').notNull().default(1),
    statusReason: text('status_reason'),
    oauthAccessTokenEncrypted: bytea('oauth_access_token_encrypted'),
    tokenVersion: integer('token_version').notNull().default(0),
    oauthScopes: text('oauth_scopes').array().notNull().default([]),
    account: text('account'),
    usableBy: text('usable_by', { enum: ['team', 'people'] })
      .notNull()
      .default('team'),
    users: uuid('users').array().notNull().default([]),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

/** Consents under way at a provider. */
export const oauthStates = pgTable(
  'oauth_states',
  {
    teamId: teamId(),
    id: newId(),
    stateHash: bytea('state_hash').notNull(),
    credentialId: uuid('credential_id').notNull(),
    rowVersion: integer('row_version').notNull(),
    userId: uuid('user_id').notNull(),
    sessionId: uuid('session_id').notNull(),
    verifierEncrypted: bytea('verifier_encrypted').notNull(),
    redirectUrl: text('redirect_url').notNull(),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const dataSources = pgTable(
  'data_sources',
  {
    teamId: teamId(),
    id: newId(),
    userId: uuid('user_id'),
    name: text('name').notNull(),
    type: text('type').notNull(),
    config: jsonb('config').notNull(),
    status: text('status', { enum: ['active', 'error', 'paused'] })
      .notNull()
      .default('active'),
    lastSyncAt: at('last_sync_at'),
    syncFrequency: text('sync_frequency'),
    errorLog: jsonb('error_log'),
    credentialId: uuid('credential_id'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const dataSourceSyncs = pgTable(
  'data_source_syncs',
  {
    teamId: teamId(),
    id: newId(),
    dataSourceId: uuid('data_source_id').notNull(),
    status: text('status', { enum: ['running', 'completed', 'failed'] }).notNull(),
    startedAt: at('started_at').defaultNow(),
    completedAt: at('completed_at'),
    recordsFetched: integer('records_fetched').notNull().default(0),
    recordsProcessed: integer('records_processed').notNull().default(0),
    recordsFailed: integer('records_failed').notNull().default(0),
    errorMessage: text('error_message'),
    syncMetadata: jsonb('sync_metadata'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);
