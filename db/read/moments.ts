/** What time travel reads: the event log as it is folded, the rows a run was given, and values by attempt. */
import type { Json } from '@hub/dag/planner';
import { asTeam, type Sql } from '../database.ts';
import { iso } from './page.ts';

export interface FoldedEvent {
  seq: number;
  at: string;
  type: string;
  path: string | null;
  iteration: number | null;
  refs: Json;
}

/** Events read in one go. */
const page = 5_000;

/** Events up to and with `upTo`, in order, a page at a time. */
export async function* eventsUpTo(sql: Sql, team: string, run: string, upTo: number): AsyncGenerator<FoldedEvent[]> {
  for (let after = 0; after < upTo; ) {
    const rows = await asTeam(
      sql,
      team,
      (tx) => tx<(Omit<FoldedEvent, 'at'> & { at: Date })[]>`
      select seq, at, type, path, iteration, refs from run_events where team_id = ${team} and run_id = ${run} and seq > ${after} and seq <= ${upTo} order by seq limit ${page}`,
    );
    if (rows.length === 0) return;
    yield rows.map((row) => ({ ...row, at: iso(row.at) }));
    after = rows.at(-1)?.seq ?? upTo;
    if (rows.length < page) return;
  }
}

export interface KeptRow {
  path: string;
  nodeId: string;
  attempt: number;
  port: string | null;
}

/** Rows that the run was given when it continued another. */
export async function readKeptRows(sql: Sql, team: string, run: string): Promise<KeptRow[]> {
  return asTeam(sql, team, async (tx) => [
    ...(await tx<KeptRow[]>`
      select path, node_id as "nodeId", attempt_number as attempt, port from node_executions where team_id = ${team} and workflow_execution_id = ${run} and seeded order by path`),
  ]);
}

export interface AttemptOutput {
  path: string;
  attempt: number;
  /** Null where it is large, or not there. */
  text: string | null;
  bytes: number | null;
}

/** Outputs of these attempts; those in blobs by their size only. */
export async function readAttemptOutputs(sql: Sql, team: string, run: string, wanted: { path: string; attempt: number }[]): Promise<AttemptOutput[]> {
  if (wanted.length === 0) return [];
  const [paths, attempts] = [wanted.map(({ path }) => path), wanted.map(({ attempt }) => attempt)];
  return asTeam(sql, team, async (tx) => [
    ...(await tx<AttemptOutput[]>`
      select n.path, n.attempt_number as attempt, n.output_text as text, n.output_bytes as bytes
      from unnest(${paths}::text[], ${attempts}::int[]) w(path, attempt)
      join node_executions n on n.team_id = ${team} and n.workflow_execution_id = ${run} and n.path = w.path collate "C" and n.attempt_number = w.attempt`),
  ]);
}
