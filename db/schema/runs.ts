/** Runs, their steps and their values. */
import { sql } from 'drizzle-orm';
import { boolean, date, integer, jsonb, numeric, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { at, bytea, count64, createdAt, newId, teamId } from './columns.ts';

const money = (name: string) => numeric(name, { precision: 14, scale: 6, mode: 'number' });
const instant = (name: string) => at(name).notNull().default(sql`clock_timestamp()`);

export const blobs = pgTable(
  'blobs',
  {
    teamId: teamId(),
    id: newId(),
    hash: bytea('hash'),
    bytes: count64('bytes').notNull().default(0),
    lastPutAt: instant('last_put_at'),
    createdAt: instant('created_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const blobChunks = pgTable(
  'blob_chunks',
  {
    teamId: teamId(),
    blobId: uuid('blob_id').notNull(),
    n: integer('n').notNull(),
    content: bytea('content').notNull(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.blobId, table.n] })],
);

export const blobRefs = pgTable(
  'blob_refs',
  {
    teamId: teamId(),
    blobId: uuid('blob_id').notNull(),
    ownerKind: text('owner_kind', { enum: ['run', 'file', 'cache'] }).notNull(),
    ownerId: uuid('owner_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.blobId, table.ownerKind, table.ownerId] })],
);

export const blobFiles = pgTable(
  'blob_files',
  {
    teamId: teamId(),
    blobId: uuid('blob_id').notNull(),
    fileId: uuid('file_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.blobId, table.fileId] })],
);

export const files = pgTable(
  'files',
  {
    teamId: teamId(),
    id: newId(),
    name: text('name').notNull(),
    mime: text('mime').notNull(),
    bytes: count64('bytes').notNull(),
    sha256: text('sha256').notNull(),
    blobId: uuid('blob_id').notNull(),
    runId: uuid('run_id'),
    createdBy: uuid('created_by'),
    createdAt: createdAt(),
    fromRequest: boolean('from_request').notNull().default(false),
    endedAt: at('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const removedRuns = pgTable(
  'removed_runs',
  { teamId: teamId(), month: date('month').notNull(), runs: integer('runs').notNull().default(0) },
  (t) => [primaryKey({ columns: [t.teamId, t.month] })],
);

export const teamSlots = pgTable('team_slots', { teamId: uuid('team_id').primaryKey(), used: integer('used').notNull().default(0) });
export const workflowSlots = pgTable(
  'workflow_slots',
  {
    teamId: teamId(),
    workflowId: uuid('workflow_id').notNull(),
    used: integer('used').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.workflowId] })],
);

export const workflowExecutions = pgTable(
  'workflow_executions',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id').notNull(),
    workflowVersion: integer('workflow_version'),
    versionId: uuid('version_id').notNull(),
    rootRunId: uuid('root_run_id').notNull(),
    parentRunId: uuid('parent_run_id'),
    seriesId: uuid('series_id'),
    retryOf: uuid('retry_of'),
    chain: uuid('chain').array(),
    superseded: boolean('superseded').notNull().default(false),
    triggeredBy: text('triggered_by').notNull(),
    triggeredByUserId: uuid('triggered_by_user_id'),
    triggerId: text('trigger_id').notNull().default(''),
    trigger: jsonb('trigger').notNull().default({}),
    idempotencyKey: text('idempotency_key'),
    idempotencyHash: bytea('idempotency_hash'),
    status: text('status', { enum: ['queued', 'starting', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out'] }).notNull(),
    statusReason: text('status_reason'),
    slot: text('slot', { enum: ['workflow', 'team', 'none'] })
      .notNull()
      .default('workflow'),
    priority: smallint('priority').notNull().default(3),
    startingAt: at('starting_at'),
    cancelRequestedAt: at('cancel_requested_at'),
    cancelledByUserId: uuid('cancelled_by_user_id'),
    startedAt: at('started_at'),
    completedAt: at('completed_at'),
    inputData: jsonb('input_data'),
    inputText: text('input_text'),
    inputBlob: uuid('input_blob'),
    inputBytes: count64('input_bytes').notNull().default(0),
    outputData: jsonb('output_data'),
    outputText: text('output_text'),
    outputBlob: uuid('output_blob'),
    outputBytes: count64('output_bytes'),
    vars: jsonb('vars').notNull().default({}),
    startOptions: jsonb('start_options').notNull().default({}),
    pinned: jsonb('pinned').notNull().default({}),
    note: text('note'),
    noteBy: uuid('note_by'),
    isTest: boolean('is_test').notNull().default(false),
    seq: count64('seq').notNull().default(0),
    messages: integer('messages').notNull().default(0),
    totalNodes: integer('total_nodes'),
    completedNodes: integer('completed_nodes'),
    failedNodes: integer('failed_nodes'),
    skippedNodes: integer('skipped_nodes'),
    steps: integer('steps').notNull().default(0),
    totalTokensUsed: count64('total_tokens_used').notNull().default(0),
    totalCostUsd: money('total_cost_usd').notNull().default(0),
    executionTimeMs: count64('execution_time_ms'),
    errorMessage: text('error_message'),
    errorNodeId: text('error_node_id'),
    errorCode: text('error_code'),
    errorPath: text('error_path'),
    createdAt: instant('created_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const nodeExecutions = pgTable(
  'node_executions',
  {
    teamId: teamId(),
    id: newId(),
    workflowExecutionId: uuid('workflow_execution_id').notNull(),
    nodeId: text('node_id').notNull(),
    nodeType: text('node_type'),
    path: text('path').notNull(),
    iteration: integer('iteration'),
    status: text('status', { enum: ['queued', 'running', 'waiting', 'completed', 'failed', 'skipped', 'cancelled', 'lost'] }).notNull(),
    port: text('port'),
    startedAt: at('started_at'),
    completedAt: at('completed_at'),
    inputData: jsonb('input_data'),
    inputText: text('input_text'),
    inputBlob: uuid('input_blob'),
    inputBytes: count64('input_bytes'),
    outputData: jsonb('output_data'),
    outputText: text('output_text'),
    outputBlob: uuid('output_blob'),
    outputBytes: count64('output_bytes'),
    tokensUsed: integer('tokens_used'),
    costUsd: money('cost_usd'),
    model: text('model'),
    attemptNumber: integer('attempt_number').notNull().default(1),
    errorMessage: text('error_message'),
    errorCode: text('error_code'),
    errorDetails: jsonb('error_details'),
    recovered: boolean('recovered').notNull().default(false),
    disabled: boolean('disabled').notNull().default(false),
    pinned: boolean('pinned').notNull().default(false),
    seeded: boolean('seeded').notNull().default(false),
    cached: jsonb('cached'),
    stepKey: text('step_key'),
    warnings: jsonb('warnings').notNull().default([]),
    createdAt: instant('created_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const runEvents = pgTable(
  'run_events',
  {
    teamId: teamId(),
    runId: uuid('run_id').notNull(),
    seq: count64('seq').notNull(),
    at: instant('at'),
    type: text('type').notNull(),
    path: text('path'),
    iteration: integer('iteration'),
    refs: jsonb('refs').notNull().default({}),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.runId, table.seq] })],
);

export const loopItems = pgTable(
  'loop_items',
  {
    teamId: teamId(),
    runId: uuid('run_id').notNull(),
    path: text('path').notNull(),
    count: integer('count').notNull(),
    itemsText: text('items_text'),
    itemsBlob: uuid('items_blob'),
    /** Where pages of the items begin: index of the first item, place in bytes; null: one page. */
    pageItems: integer('page_items').array(),
    pageBytes: integer('page_bytes').array(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.runId, table.path] })],
);

export const iterationResults = pgTable(
  'iteration_results',
  {
    teamId: teamId(),
    runId: uuid('run_id').notNull(),
    loopPath: text('loop_path').notNull(),
    index: integer('index').notNull(),
    valueText: text('value_text'),
    valueBlob: uuid('value_blob'),
    dropped: boolean('dropped').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.runId, table.loopPath, table.index] })],
);

export const modelCalls = pgTable(
  'model_calls',
  {
    teamId: teamId(),
    id: newId(),
    runId: uuid('run_id').notNull(),
    nodeId: text('node_id').notNull(),
    path: text('path').notNull(),
    attempt: integer('attempt').notNull(),
    n: integer('n').notNull(),
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    inputTokens: integer('input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    cachedTokens: integer('cached_tokens').notNull().default(0),
    costUsd: money('cost_usd'),
    durationMs: integer('duration_ms').notNull(),
    status: text('status', { enum: ['ok', 'error'] }).notNull(),
    errorCode: text('error_code'),
    providerRequestId: text('provider_request_id'),
    demo: boolean('demo').notNull().default(false),
    createdAt: instant('created_at'),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);

export const workflowAlerts = pgTable(
  'workflow_alerts',
  {
    teamId: teamId(),
    id: newId(),
    workflowId: uuid('workflow_id'),
    workflowExecutionId: uuid('workflow_execution_id'),
    alertType: text('alert_type').notNull(),
    severity: text('severity', { enum: ['info', 'warning', 'critical'] }).notNull(),
    title: text('title').notNull(),
    message: text('message'),
    metadata: jsonb('metadata'),
    notifiedUsers: uuid('notified_users').array().notNull().default([]),
    acknowledged: boolean('acknowledged').notNull().default(false),
    acknowledgedByUserId: uuid('acknowledged_by_user_id'),
    acknowledgedAt: at('acknowledged_at'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.id] })],
);
