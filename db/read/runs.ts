/** Runs in the shapes that clients lean on (03). */
import type { Json, RunStatus } from '@hub/dag/planner';
import { asTeam, isUuid, readAsTeam, type Sql, type TeamSql } from '../database.ts';
import { afterOf, firstIdOf, iso, isoOrNull, likeOf, limitOf, type Page, type PageQuery, pageOf } from './page.ts';
import { type RefOrValue, valueOf, wholeText } from './values.ts';

export interface RunTotals {
  nodes: number;
  completed: number;
  failed: number;
  skipped: number;
  /** Attempts. */
  steps: number;
  tokens: number;
  costUsd: number;
}

export interface RunRead {
  id: string;
  workflowId: string;
  workflowName: string;
  /** null: a test run's frozen draft. */
  version: number | null;
  status: RunStatus | 'starting';
  statusReason: string | null;
  /** In a list: the preview. */
  input: Json;
  output?: Json;
  /** Instead of an output over 1 MB. */
  outputRef?: { bytes: number };
  error: { code: string; message: string; nodeId: string | null; path: string | null } | null;
  trigger: Json;
  triggeredBy: string;
  priority: number;
  isTest: boolean;
  rootRunId: string;
  parentRunId: string | null;
  /** Runs of one continuous trigger, from its start to its stop. */
  seriesId: string | null;
  /** The run that this one continues. */
  retryOf: string | null;
  note: string | null;
  /** Of one run, not in a list: who wrote the note, and the person who started or continued it. */
  noteBy?: { id: string; name: string } | null;
  startedBy?: { id: string; name: string } | null;
  /** What it took over from it, and what that had cost. */
  kept: { nodes: number; tokens: number; costUsd: number } | null;
  /** Of one run: what it undoes of what it had done; null where it undoes nothing. */
  undo?: { total: number; completed: number; failed: number; open: number } | null;
  cancelRequestedAt: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  lastSeq: number;
  totals: RunTotals;
}

interface RunRow extends RefOrValue {
  id: string;
  workflowId: string;
  workflowName: string;
  version: number | null;
  status: RunRead['status'];
  statusReason: string | null;
  input: Json;
  inputText: string | null;
  inputBlob: string | null;
  inputBytes: number;
  trigger: Json;
  triggeredBy: string;
  priority: number;
  isTest: boolean;
  rootRunId: string;
  parentRunId: string | null;
  seriesId: string | null;
  retryOf: string | null;
  note: string | null;
  noteBy?: { id: string; name: string } | null;
  startedBy?: { id: string; name: string } | null;
  keptNodes: number | null;
  keptTokens: number | null;
  keptUsd: number | null;
  undo?: RunRead['undo'];
  cancelRequestedAt: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  lastSeq: number;
  errorCode: string | null;
  errorMessage: string | null;
  errorNodeId: string | null;
  errorPath: string | null;
  nodes: number;
  completed: number;
  failed: number;
  skipped: number;
  steps: number;
  tokens: number;
  costUsd: number;
}

export interface RunFilter extends PageQuery {
  workflowId?: string | undefined;
  /** `queued` includes runs that have their slot and have not begun. */
  status?: string | undefined;
  /** Part of the workflow's name or of the error, or the end of the id. */
  q?: string | undefined;
  /** Type of the trigger. */
  trigger?: string | undefined;
  /** ISO instants: made at or after, made before. */
  from?: string | undefined;
  to?: string | undefined;
  isTest?: boolean | undefined;
  /** All runs of a series; without it, and without a workflow, status, words or ids, a series shows as its newest run. */
  seriesId?: string | undefined;
  /** Of these only, with commas between them. */
  ids?: string | undefined;
}

// The whole values are read for one run only.
const columns = (tx: Sql | TeamSql, whole: boolean) => tx`
  r.id, r.workflow_id as "workflowId", w.name as "workflowName", r.workflow_version as version, r.status, r.status_reason as "statusReason", r.input_data as input, r.input_bytes as "inputBytes",
  ${
    whole
      ? tx`(select json_build_object('id', u.id, 'name', u.name) from users u where u.id = r.note_by) as "noteBy", (select json_build_object('id', u.id, 'name', u.name) from users u where u.id = r.triggered_by_user_id) as "startedBy", r.input_text as "inputText", r.input_blob as "inputBlob", r.output_text as text, r.output_blob as blob, r.output_bytes as bytes, r.output_data as preview,
    (select jsonb_build_object('total', count(*), 'completed', count(*) filter (where c.status = 'completed'), 'failed', count(*) filter (where c.status in ('failed', 'unknown')),
      'open', count(*) filter (where c.status in ('waiting', 'running')))
     from compensations c where c.team_id = r.team_id and c.run_id = r.id having count(*) > 0) as undo,`
      : tx``
  }
  r.trigger, r.triggered_by as "triggeredBy", r.priority, r.is_test as "isTest", r.root_run_id as "rootRunId", r.parent_run_id as "parentRunId", r.series_id as "seriesId", r.retry_of as "retryOf", r.note, r.cancel_requested_at as "cancelRequestedAt",
  r.created_at as "createdAt", r.started_at as "startedAt", r.completed_at as "completedAt", r.seq as "lastSeq",
  r.error_code as "errorCode", r.error_message as "errorMessage", r.error_node_id as "errorNodeId", r.error_path as "errorPath",
  coalesce(r.total_nodes, l.nodes) as nodes, coalesce(r.completed_nodes, l.completed) as completed, coalesce(r.failed_nodes, l.failed) as failed, coalesce(r.skipped_nodes, l.skipped) as skipped,
  r.steps, r.total_tokens_used as tokens, r.total_cost_usd as "costUsd", k.nodes as "keptNodes", k.tokens as "keptTokens", k.usd as "keptUsd"`;

// Totals of a run that is not over: nodes of the plan by their last state; with forEach the node's own, not its last item's (path in "]").
const tables = (tx: Sql | TeamSql) => tx`
  workflow_executions r join workflows w on w.team_id = r.team_id and w.id = r.workflow_id
  left join lateral (
    select count(*)::int as nodes, count(*) filter (where s.status = 'completed')::int as completed, count(*) filter (where s.status = 'failed')::int as failed, count(*) filter (where s.status = 'skipped')::int as skipped
    from workflow_versions v cross join jsonb_array_elements(v.plan -> 'nodes') d
    left join lateral (
      select x.status from node_executions x where x.team_id = r.team_id and x.workflow_execution_id = r.id and x.node_id = d.value ->> 'id' order by (x.path like '%]'), x.id desc limit 1) s on true
    where v.team_id = r.team_id and v.id = r.version_id) l on r.total_nodes is null
  left join lateral (
    select count(distinct n.node_id)::int as nodes, coalesce(sum(coalesce(n.tokens_used, (n.cached ->> 'tokens')::int)), 0)::int8 as tokens,
      coalesce(sum(coalesce(n.cost_usd, (n.cached ->> 'costUsd')::numeric)), 0)::float8 as usd
    from node_executions n where n.team_id = r.team_id and n.workflow_execution_id = r.id and (n.seeded or n.cached ->> 'by' = 'run')) k on r.retry_of is not null`;

function runOf(row: RunRow): RunRead {
  const { nodes, completed, failed, skipped, steps, tokens, costUsd } = row;
  const error =
    row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '', nodeId: row.errorNodeId, path: row.errorPath };
  return {
    id: row.id,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    version: row.version,
    status: row.status,
    statusReason: row.statusReason,
    input: row.input,
    error,
    trigger: row.trigger,
    triggeredBy: row.triggeredBy,
    priority: row.priority,
    isTest: row.isTest,
    rootRunId: row.rootRunId,
    parentRunId: row.parentRunId,
    seriesId: row.seriesId,
    retryOf: row.retryOf,
    note: row.note,
    ...(row.noteBy === undefined ? {} : { noteBy: row.noteBy }),
    ...(row.startedBy === undefined ? {} : { startedBy: row.startedBy }),
    kept: row.keptNodes === null ? null : { nodes: row.keptNodes, tokens: row.keptTokens ?? 0, costUsd: row.keptUsd ?? 0 },
    ...(row.undo ? { undo: row.undo } : {}),
    cancelRequestedAt: isoOrNull(row.cancelRequestedAt),
    createdAt: iso(row.createdAt),
    startedAt: isoOrNull(row.startedAt),
    completedAt: isoOrNull(row.completedAt),
    lastSeq: row.lastSeq,
    totals: { nodes, completed, failed, skipped, steps, tokens, costUsd },
  };
}

/** As they are stored: `starting` is shown as queued. */
function storedStatuses(shown: string): string[] {
  return shown.split(',').flatMap((one) => (one === 'queued' ? ['queued', 'starting'] : [one]));
}

/** Newest first; test runs are among them, marked. */
export async function listRuns(sql: Sql, team: string, query: RunFilter = {}): Promise<Page<RunRead>> {
  const { workflowId = null, status = null, q = '', trigger, from, to, isTest, seriesId, ids } = query;
  const isFolded = workflowId === null && status === null && q === '' && seriesId === undefined && ids === undefined;
  const after = afterOf(query);
  const like = likeOf(q);
  if (workflowId !== null && !isUuid(workflowId)) return { items: [], nextCursor: null };
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<RunRow[]>`
    select ${columns(tx, false)} from ${tables(tx)}
    where r.team_id = ${team}
      ${workflowId === null ? tx`` : tx`and r.workflow_id = ${workflowId}`}
      ${status === null ? tx`` : tx`and r.status = any(${storedStatuses(status)}::text[])`}
      ${q === '' ? tx`` : tx`and (w.name ilike ${like} or r.error_message ilike ${like} or r.error_code ilike ${like} or r.id::text ilike ${like})`}
      ${trigger === undefined ? tx`` : tx`and coalesce(r.trigger ->> 'type', r.triggered_by) = ${trigger}`}
      ${from === undefined ? tx`` : tx`and r.id >= ${firstIdOf(Date.parse(from))}`}
      ${to === undefined ? tx`` : tx`and r.id < ${firstIdOf(Date.parse(to))}`}
      ${isTest === undefined ? tx`` : tx`and r.is_test = ${isTest}`}
      ${seriesId === undefined ? tx`` : tx`and r.series_id = ${seriesId}`}
      ${ids === undefined ? tx`` : tx`and r.id = any(${ids.split(',')}::uuid[])`}
      ${isFolded ? tx`and not r.superseded` : tx``}
      ${after === null ? tx`` : tx`and r.id < ${after}`}
    order by r.id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(rows, query, runOf, (row) => row.id);
}

/** One run with its values; an output over 1 MB is a reference. */
export async function readRun(sql: Sql, team: string, run: string): Promise<RunRead | null> {
  if (!isUuid(run)) return null;
  const [row] = await readAsTeam<RunRow>(
    sql,
    team,
    sql`select ${columns(sql, true)} from ${tables(sql)} where r.team_id = acting.team and r.id = ${run}::uuid`,
  );
  if (row === undefined) return null;
  const withValues = async (tx: Sql | TeamSql): Promise<RunRead> => {
    const input = await valueOf(tx, team, { text: row.inputText, blob: row.inputBlob, bytes: row.inputBytes, preview: row.input });
    const output = await valueOf(tx, team, row);
    return {
      ...runOf(row),
      input: 'value' in input ? input.value : row.input,
      ...('value' in output ? { output: output.value } : { outputRef: { bytes: output.bytes } }),
    };
  };
  return row.inputBlob === null && row.blob === null ? withValues(sql) : asTeam(sql, team, withValues);
}

/** Which of these runs have ended. */
export async function endedRuns(sql: Sql, team: string, runs: string[]): Promise<string[]> {
  const rows = await readAsTeam<{ id: string }>(
    sql,
    team,
    sql`select id from workflow_executions where team_id = acting.team and id = any(${runs}::uuid[]) and status in ('completed', 'failed', 'cancelled', 'timed_out')`,
  );
  return rows.map(({ id }) => id);
}

/** The exact text of the run's output, of any size; null where there is no such run or it is not over. */
export async function readRunOutput(sql: Sql, team: string, run: string): Promise<{ text: string } | null> {
  if (!isUuid(run)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<RefOrValue[]>`
    select output_text as text, output_blob as blob, output_bytes as bytes, output_data as preview from workflow_executions where team_id = ${team} and id = ${run}`,
  );
  const text = row === undefined ? null : await wholeText(sql, team, row);
  return text === null ? null : { text };
}

/** What the run executes: frozen when it was made. */
export async function readRunGraph(
  sql: Sql,
  team: string,
  run: string,
): Promise<{ workflowId: string; workflowName: string; version: number | null; definition: Json; plan: Json } | null> {
  if (!isUuid(run)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<{ workflowId: string; workflowName: string; version: number | null; definition: Json; plan: Json }[]>`
    select r.workflow_id as "workflowId", w.name as "workflowName", r.workflow_version as version, v.definition, v.plan
    from workflow_executions r join workflows w on w.team_id = r.team_id and w.id = r.workflow_id join workflow_versions v on v.team_id = r.team_id and v.id = r.version_id
    where r.team_id = ${team} and r.id = ${run}`,
  );
  return row ?? null;
}

export interface RunEventRead {
  seq: number;
  at: string;
  type: string;
  path: string | null;
  iteration: number | null;
  /** `{ nodeId, attempt, port?, code? }` */
  refs: Record<string, Json>;
}

/** In order of seq, after the given one, at most `limit` (default 500, at most 1,000). `lastSeq` is the run's own; 0 for a run that is not there. */
export async function readRunEvents(
  sql: Sql,
  team: string,
  run: string,
  { after, limit = 500 }: { after: number; limit?: number | undefined },
): Promise<{ events: RunEventRead[]; lastSeq: number; status: string | null }> {
  if (!isUuid(run)) return { events: [], lastSeq: 0, status: null };
  return asTeam(sql, team, async (tx) => {
    const [rows, heads] = await Promise.all([
      tx<(Omit<RunEventRead, 'at'> & { at: Date })[]>`
        select seq, at, type, path, iteration, refs from run_events where team_id = ${team} and run_id = ${run} and seq > ${after} order by seq limit ${Math.min(limit, 1000)}`,
      tx<{ seq: number; status: string }[]>`select seq, status from workflow_executions where team_id = ${team} and id = ${run}`,
    ]);
    return { events: rows.map((row) => ({ ...row, at: iso(row.at) })), lastSeq: heads[0]?.seq ?? 0, status: heads[0]?.status ?? null };
  });
}

/** An open run of any team. */
export interface ActiveRun {
  team: string;
  run: string;
  status: string;
  /** Its cancel was asked for ten seconds ago or more. */
  cancelDue: boolean;
}

/** Runs that should be open in Temporal, of all teams, in order of id: for the reconciler. */
export async function activeRuns(sql: Sql, { after = null, limit = 1000 }: { after?: string | null; limit?: number } = {}): Promise<ActiveRun[]> {
  return [...(await sql<ActiveRun[]>`select team, run, status, cancel_due as "cancelDue" from hub_active_runs(${after}::uuid, ${limit}::int)`)];
}
