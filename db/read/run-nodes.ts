/** What happened in a run, node by node. */
import type { CachedFrom } from '@hub/activities/ports';
import type { Json, NodeStatus, WaitReason } from '@hub/dag/planner';
import { asTeam, isUuid, type Sql, type TeamSql } from '../database.ts';
import { badCursor, iso, isoOrNull, limitOf, type Page, type PageQuery, pageOf } from './page.ts';
import { type RefOrValue, valueOf, wholeText } from './values.ts';

export type RowStatus = NodeStatus | 'lost';

export interface NodeRead {
  nodeId: string;
  nodeType: string | null;
  path: string;
  iteration: number | null;
  /** 0: never attempted, or the verdict after the last attempt (recovered). */
  attempt: number;
  status: RowStatus;
  port: string | null;
  startedAt: string | null;
  completedAt: string | null;
  input: Json;
  output?: Json;
  outputRef?: { bytes: number };
  error: { code: string; message: string; details?: Json } | null;
  tokens: number | null;
  costUsd: number | null;
  model: string | null;
  warnings: { code: string; message: string }[];
  recovered: boolean;
  disabled: boolean;
  pinned: boolean;
  seeded: boolean;
  cached: CachedFrom | null;
}

interface NodeRow extends RefOrValue {
  nodeId: string;
  nodeType: string | null;
  path: string;
  iteration: number | null;
  attempt: number;
  status: RowStatus;
  port: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
  inputText: string | null;
  inputBlob: string | null;
  inputBytes: number | null;
  input: Json;
  errorCode: string | null;
  errorMessage: string | null;
  errorDetails: Json;
  tokens: number | null;
  costUsd: number | null;
  model: string | null;
  warnings: NodeRead['warnings'];
  recovered: boolean;
  disabled: boolean;
  pinned: boolean;
  seeded: boolean;
  cached: CachedFrom | null;
}

export interface NodeFilter extends PageQuery {
  nodeId?: string | undefined;
  iteration?: number | undefined;
  status?: string | undefined;
}

/** Blobs of one page are read up to this many bytes in all; values beyond it are references. */
const pageBlobBytes = 4_000_000;

/** One row per attempt and iteration, in order of path and attempt; skipped nodes as attempt 0. */
export async function listRunNodes(sql: Sql, team: string, run: string, query: NodeFilter = {}): Promise<Page<NodeRead>> {
  if (!isUuid(run)) return { items: [], nextCursor: null };
  const after = cursorOf(query);
  const { nodeId, iteration, status } = query;
  return asTeam(sql, team, async (tx) => {
    const rows = await tx<NodeRow[]>`
      select n.node_id as "nodeId", n.node_type as "nodeType", n.path, n.iteration, n.attempt_number as attempt, n.status, n.port, n.started_at as "startedAt", n.completed_at as "completedAt",
        n.input_text as "inputText", n.input_blob as "inputBlob", n.input_bytes as "inputBytes", n.input_data as input, n.output_text as text, n.output_blob as blob, n.output_bytes as bytes, n.output_data as preview,
        n.error_code as "errorCode", n.error_message as "errorMessage", n.error_details as "errorDetails", n.tokens_used as tokens, n.cost_usd as "costUsd", n.model, n.warnings,
        n.recovered, n.disabled, n.pinned, n.seeded, n.cached
      from node_executions n
      where n.team_id = ${team} and n.workflow_execution_id = ${run}
        ${nodeId === undefined ? tx`` : tx`and n.node_id = ${nodeId}`} ${iteration === undefined ? tx`` : tx`and n.iteration = ${iteration}`} ${status === undefined ? tx`` : tx`and n.status = ${status}`}
        ${after === null ? tx`` : tx`and (n.path, n.attempt_number) > (${after.path} collate "C", ${after.attempt}::int)`}
      order by n.path, n.attempt_number limit ${limitOf(query) + 1}`;
    const page = pageOf(
      rows,
      query,
      (row) => row,
      (row) => Buffer.from(JSON.stringify([row.path, row.attempt])).toString('base64url'),
    );
    let left = pageBlobBytes;
    // Rows of nodes that did not run carry no type.
    const types = page.items.some((row) => row.nodeType === null) ? await typesOf(tx, team, run) : null;
    const items: NodeRead[] = [];
    for (const row of page.items) {
      const fits = row.blob === null || (row.bytes ?? 0) <= left;
      if (row.blob !== null && fits) left -= row.bytes ?? 0;
      items.push(await nodeOf(tx, team, { ...row, nodeType: row.nodeType ?? types?.get(row.nodeId) ?? null }, fits));
    }
    return { items, nextCursor: page.nextCursor };
  });
}

/** Types of the run's nodes, by id. */
async function typesOf(tx: TeamSql, team: string, run: string): Promise<Map<string, string>> {
  const rows = await tx<{ id: string; type: string }[]>`
    select d.value ->> 'id' as id, d.value ->> 'type' as type
    from workflow_executions r join workflow_versions v on v.team_id = r.team_id and v.id = r.version_id
    cross join json_array_elements(v.definition -> 'nodes') as d
    where r.team_id = ${team} and r.id = ${run}`;
  return new Map(rows.map(({ id, type }) => [id, type]));
}

function cursorOf({ cursor }: PageQuery): { path: string; attempt: number } | null {
  if (cursor === undefined) return null;
  try {
    const [path, attempt] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown, unknown];
    if (typeof path === 'string' && !path.includes('\0') && Number.isInteger(attempt) && Math.abs(attempt as number) < 2 ** 31)
      return { path, attempt: attempt as number };
  } catch {
    // Falls through to the refusal.
  }
  throw badCursor();
}

async function nodeOf(tx: TeamSql, team: string, row: NodeRow, withBlob: boolean): Promise<NodeRead> {
  const output = withBlob ? await valueOf(tx, team, row) : { bytes: row.bytes ?? 0 };
  const input =
    row.inputBlob === null
      ? await valueOf(tx, team, { text: row.inputText, blob: null, bytes: row.inputBytes, preview: row.input })
      : { value: row.input };
  const error =
    row.errorCode === null
      ? null
      : { code: row.errorCode, message: row.errorMessage ?? '', ...(row.errorDetails === null ? {} : { details: row.errorDetails }) };
  const { nodeId, nodeType, path, iteration, attempt, status, port, tokens, costUsd, model, warnings, recovered, disabled, pinned, seeded, cached } =
    row;
  return {
    nodeId,
    nodeType,
    path,
    iteration,
    attempt,
    status,
    port,
    startedAt: isoOrNull(row.startedAt),
    completedAt: isoOrNull(row.completedAt),
    input: 'value' in input ? input.value : row.input,
    ...('value' in output ? { output: output.value } : { outputRef: { bytes: output.bytes } }),
    error,
    tokens,
    costUsd,
    model,
    warnings,
    recovered,
    disabled,
    pinned,
    seeded,
    cached,
  };
}

/** The exact text of a node's output: of one path, else of the node's own row, else of its first iteration. */
export async function readNodeOutput(
  sql: Sql,
  team: string,
  run: string,
  nodeId: string,
  { path }: { path?: string | undefined } = {},
): Promise<{ text: string } | null> {
  if (!isUuid(run)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<RefOrValue[]>`
    select output_text as text, output_blob as blob, output_bytes as bytes, output_data as preview from node_executions
    where team_id = ${team} and workflow_execution_id = ${run} and node_id = ${nodeId} and status = 'completed' ${path === undefined ? tx`` : tx`and path = ${path}`}
    order by length(path), path, attempt_number desc limit 1`,
  );
  const text = row === undefined ? null : await wholeText(sql, team, row);
  return text === null ? null : { text };
}

export interface StripPart {
  nodeId: string;
  status: RowStatus;
  /** Since the run's start. */
  startMs: number | null;
  endMs: number | null;
  /** Taken over from an earlier run. */
  kept: boolean;
}

/** The spans of the runs' top-level nodes, at most 40 each, in order of start. */
export async function readRunStrips(sql: Sql, team: string, runs: string[]): Promise<Map<string, StripPart[]>> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(StripPart & { run: string })[]>`
    select r.id as run, s.* from workflow_executions r cross join lateral (
      select n.node_id as "nodeId", (array_agg(n.status order by n.id desc))[1] as status, bool_and(n.seeded) as kept,
        (extract(epoch from min(n.started_at) - coalesce(r.started_at, r.created_at)) * 1000)::float8 as "startMs",
        case when bool_or(n.completed_at is null) then null else (extract(epoch from max(n.completed_at) - coalesce(r.started_at, r.created_at)) * 1000)::float8 end as "endMs"
      from node_executions n where n.team_id = r.team_id and n.workflow_execution_id = r.id and n.path = n.node_id
      group by n.node_id order by min(n.started_at) nulls last, n.node_id limit 40) s
    where r.team_id = ${team} and r.id = any(${runs}::uuid[])`,
  );
  const strips = new Map<string, StripPart[]>(runs.map((run) => [run, []]));
  for (const { run, ...part } of rows) strips.get(run)?.push(part);
  return strips;
}

export interface NodeSummaryRead {
  nodeId: string;
  nodeType: string;
  status: RowStatus;
  /** Paths by their last status: of the iterations where the node repeats. */
  counts: Record<string, number>;
  items: number | null;
  attempts: number;
  startedAt: string | null;
  completedAt: string | null;
  tokens: number;
  costUsd: number;
  model: string | null;
  /** Kept from the run that this one continues: everything of it there is. */
  kept: boolean;
  /** The port its own row took. */
  port: string | null;
  /** What its first open path waits for; null: nothing. */
  waits: { for: WaitReason; until: string | null; signal: string | null; childRunId: string | null; approvalId: string | null; path: string } | null;
}

/** One line per node of the definition, in its order. */
export async function summarizeRunNodes(sql: Sql, team: string, run: string): Promise<NodeSummaryRead[]> {
  if (!isUuid(run)) return [];
  type Row = Omit<NodeSummaryRead, 'startedAt' | 'completedAt'> & { startedAt: Date | null; completedAt: Date | null };
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<Row[]>`
    with last as (
      select distinct on (n.path) n.node_id, n.path, n.status, n.port, n.iteration is not null as inside from node_executions n
      where n.team_id = ${team} and n.workflow_execution_id = ${run} order by n.path, n.id desc
    ), paths as (
      select l.node_id, bool_or(l.inside) as repeats, (array_agg(l.status) filter (where l.path = l.node_id))[1] as own, (array_agg(l.port) filter (where l.path = l.node_id))[1] as port,
        count(*) filter (where l.inside)::int as items, bool_or(l.status in ('running', 'waiting', 'queued')) as open, bool_or(l.status = 'waiting') as waits, bool_or(l.status in ('running', 'queued')) as works, bool_or(l.status = 'failed') as failed,
        bool_and(l.status = 'skipped') as skipped, bool_or(l.status = 'cancelled') as cancelled
      from last l group by l.node_id
    ), counts as (
      select c.node_id, jsonb_object_agg(c.status, c.n) as counts from (
        select l.node_id, l.status, count(*)::int as n from last l join paths p on p.node_id = l.node_id where l.inside = p.repeats group by l.node_id, l.status) c group by c.node_id
    ), sums as (
      select n.node_id, count(*) filter (where n.attempt_number > 0)::int as attempts, min(n.started_at) as started, max(n.completed_at) as completed, bool_or(n.completed_at is null) as unended, bool_and(n.seeded or n.cached is not null) as kept,
        coalesce(sum(n.tokens_used), 0)::int8 as tokens, coalesce(sum(n.cost_usd), 0) as cost, max(n.model) as model
      from node_executions n where n.team_id = ${team} and n.workflow_execution_id = ${run} group by n.node_id
    )
    select d.value ->> 'id' as "nodeId", d.value ->> 'type' as "nodeType",
      coalesce(p.own, case when p.waits and not p.works then 'waiting' when p.open then 'running' when p.failed then 'failed' when p.cancelled then 'cancelled' when p.skipped then 'skipped' when p.node_id is not null then 'completed'
        when r.completed_at is not null then 'skipped' else 'queued' end) as status,
      coalesce(c.counts, '{}') as counts, coalesce(i.count, case when p.repeats then p.items end) as items, coalesce(s.attempts, 0) as attempts,
      s.started as "startedAt", case when not s.unended then s.completed end as "completedAt", coalesce(s.tokens, 0) as tokens, coalesce(s.cost, 0) as "costUsd", s.model, p.port, coalesce(s.kept, false) as kept,
      (select jsonb_build_object('for', w.reason, 'until', to_char(w.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'signal', w.signal_name,
          'childRunId', w.child_run_id, 'approvalId', a.id, 'path', w.path)
        from run_waits w left join approvals a on a.team_id = w.team_id and a.run_id = w.run_id and a.path = w.path and a.attempt = w.attempt
        where w.team_id = r.team_id and w.run_id = r.id and w.node_id = d.value ->> 'id' and w.closed_at is null order by w.opened_at, w.path limit 1) as waits
    from workflow_executions r join workflow_versions v on v.team_id = r.team_id and v.id = r.version_id
    cross join json_array_elements(v.definition -> 'nodes') with ordinality as d(value, ord)
    left join paths p on p.node_id = d.value ->> 'id' left join counts c on c.node_id = p.node_id left join sums s on s.node_id = p.node_id
    left join loop_items i on i.team_id = r.team_id and i.run_id = r.id and i.path = d.value ->> 'id'
    where r.team_id = ${team} and r.id = ${run} order by d.ord`,
  );
  return rows.map((row) => ({ ...row, startedAt: isoOrNull(row.startedAt), completedAt: isoOrNull(row.completedAt) }));
}

export interface ModelCallRead {
  id: string;
  nodeId: string;
  path: string;
  attempt: number;
  provider: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  costUsd: number | null;
  durationMs: number;
  status: 'ok' | 'error';
  errorCode: string | null;
  demo: boolean;
  createdAt: string;
}

/** All model calls of a run, in order of time. */
export async function listModelCalls(sql: Sql, team: string, run: string): Promise<ModelCallRead[]> {
  if (!isUuid(run)) return [];
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<ModelCallRead, 'createdAt'> & { createdAt: Date })[]>`
    select id, node_id as "nodeId", path, attempt, provider, model, input_tokens as "inputTokens", output_tokens as "outputTokens", cached_tokens as "cachedTokens", cost_usd as "costUsd",
      duration_ms as "durationMs", status, error_code as "errorCode", demo, created_at as "createdAt"
    from model_calls where team_id = ${team} and run_id = ${run} order by id`,
  );
  return rows.map((row) => ({ ...row, createdAt: iso(row.createdAt) }));
}
