/** What a run's steps saw: for previews of expressions and for test runs on a past run's data. Values are their exact JSON text. */
import type { Json } from '@hub/dag/planner';
import { asTeam, isUuid, type Sql } from '../database.ts';
import { textOf } from '../stores/blobs.ts';
import { isoOrNull } from './page.ts';

/** A run's frozen facts. */
export interface RunContextRead {
  workflowId: string;
  workflowName: string;
  definition: Json;
  inputText: string;
  trigger: Json;
  vars: Record<string, Json>;
  startedAt: string | null;
}

/** Null where the team has no such run. */
export async function readRunContext(sql: Sql, team: string, run: string): Promise<RunContextRead | null> {
  if (!isUuid(run)) return null;
  interface Row extends Omit<RunContextRead, 'inputText' | 'startedAt'> {
    text: string | null;
    blob: string | null;
    startedAt: Date | null;
  }
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<Row[]>`
    select r.workflow_id as "workflowId", w.name as "workflowName", v.definition, r.input_text as text, r.input_blob as blob, r.trigger, r.vars, coalesce(r.started_at, r.starting_at, r.created_at) as "startedAt"
    from workflow_executions r join workflows w on w.team_id = r.team_id and w.id = r.workflow_id join workflow_versions v on v.team_id = r.team_id and v.id = r.version_id
    where r.team_id = ${team} and r.id = ${run}`,
  );
  if (row === undefined) return null;
  const { text, blob, startedAt, ...rest } = row;
  return { ...rest, startedAt: isoOrNull(startedAt), inputText: (await textOf(sql, team, text, blob)) ?? '{}' };
}

/** How a node ended at one path. */
export interface SettledValue {
  path: string;
  nodeId: string;
  /** The port taken; `error` where a failure was handled by an edge. */
  port: string | null;
  /** Of a completed node; null where it failed and an edge or `continue` handled that. */
  outputText: string | null;
  error: { code: string; message: string; attempt: number } | null;
}

/**
 * Completed and failed nodes at these paths, each as it ended. `too-large`: their outputs together are over `maxBytes`; nothing was loaded.
 */
export async function readSettledValues(
  sql: Sql,
  team: string,
  run: string,
  paths: readonly string[],
  maxBytes: number,
): Promise<SettledValue[] | 'too-large'> {
  if (!isUuid(run) || paths.length === 0) return [];
  interface Row {
    path: string;
    nodeId: string;
    port: string | null;
    status: string;
    text: string | null;
    blob: string | null;
    bytes: number | null;
    code: string | null;
    message: string | null;
    attempt: number;
  }
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<Row[]>`
    select distinct on (x.path) x.path, x.node_id as "nodeId", x.port, x.status, x.output_text as text, x.output_blob as blob, x.output_bytes as bytes, x.error_code as code, x.error_message as message,
      max(x.attempt_number) over (partition by x.path) as attempt
    from node_executions x
    where x.team_id = ${team} and x.workflow_execution_id = ${run} and x.path = any(${[...paths]}::text[]) and x.status in ('completed', 'failed')
    order by x.path, x.status = 'completed' desc, x.id desc`,
  );
  if (rows.reduce((sum, row) => sum + (row.bytes ?? 0), 0) > maxBytes) return 'too-large';
  const values: SettledValue[] = [];
  for (const { path, nodeId, port, status, text, blob, code, message, attempt } of rows) {
    const outputText = status === 'completed' ? ((await textOf(sql, team, text, blob)) ?? 'null') : null;
    values.push({ path, nodeId, port, outputText, error: code === null ? null : { code, message: message ?? '', attempt } });
  }
  return values;
}

/** The items of an opened loop, as the JSON text of the array; null where it was not opened, or is over `maxBytes`. */
export async function readLoopItems(sql: Sql, team: string, run: string, path: string, maxBytes: number): Promise<string | null> {
  if (!isUuid(run)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<{ text: string | null; blob: string | null; bytes: number }[]>`
    select l.items_text as text, l.items_blob as blob, coalesce(length(l.items_text), (select b.bytes from blobs b where b.team_id = l.team_id and b.id = l.items_blob), 0) as bytes
    from loop_items l where l.team_id = ${team} and l.run_id = ${run} and l.path = ${path}`,
  );
  return row === undefined || row.bytes > maxBytes ? null : textOf(sql, team, row.text, row.blob);
}

/** What an iteration gave where the loop has a `result` of its own; null where there is none. */
export async function readIterationResult(sql: Sql, team: string, run: string, path: string, index: number): Promise<string | null> {
  if (!isUuid(run)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<{ text: string | null; blob: string | null }[]>`
    select value_text as text, value_blob as blob from iteration_results where team_id = ${team} and run_id = ${run} and loop_path = ${path} and index = ${index}`,
  );
  return row === undefined ? null : textOf(sql, team, row.text, row.blob);
}
