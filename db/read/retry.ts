/** What a retry is planned from. */
import type { Json, Plan, RunStatus } from '@hub/dag/planner';
import { asTeam, isUuid, type Sql } from '../database.ts';
import { textOf } from '../stores/blobs.ts';

export interface RetrySource {
  run: string;
  workflowId: string;
  /** null: a test run's frozen draft. */
  version: number | null;
  status: RunStatus | 'starting';
  rootRun: string;
  definition: Json;
  hash: string;
  plan: Plan;
  inputText: string;
  triggerId: string;
  trigger: Json;
  start: Record<string, Json>;
  pinned: Record<string, Json>;
  /** The run's own graph, each node as it ended. */
  states: {
    nodeId: string;
    status: string;
    port: string | null;
    disabled: boolean;
    /** Of a completed node: what `onError` had turned into its completion. */
    error: { code: string; message: string; attempt: number } | null;
    /** It is known what its output was made from. */
    keyed: boolean;
    tokens: number;
    costUsd: number;
  }[];
  /** What each node's items gave that could be kept, by node and by index of the outermost loop. */
  items: { nodeId: string; index: number; count: number; keyed: boolean; tokens: number; costUsd: number }[];
  /** How many items the outermost loops had that went over a list, by node. */
  loops: Record<string, number>;
  /** Nodes of which an effect was undone since, or is about to be, by this run or another of its chain. */
  undone: string[];
  /** Nodes of which a call was under way when the run ended, or was lost with its worker. */
  unsure: string[];
}

/** Null where the team has no such run. */
export async function readRetrySource(sql: Sql, team: string, run: string): Promise<RetrySource | null> {
  if (!isUuid(run)) return null;
  interface Row extends Omit<RetrySource, 'run' | 'inputText' | 'states' | 'items' | 'loops' | 'undone' | 'unsure'> {
    text: string | null;
    blob: string | null;
  }
  const found = await asTeam(sql, team, async (tx) => {
    const [row] = await tx<Row[]>`
      select r.workflow_id as "workflowId", r.workflow_version as version, r.status, r.root_run_id as "rootRun", v.definition, v.hash, v.plan, r.input_text as text, r.input_blob as blob,
        r.trigger_id as "triggerId", r.trigger, r.start_options as start, r.pinned
      from workflow_executions r join workflow_versions v on v.team_id = r.team_id and v.id = r.version_id where r.team_id = ${team} and r.id = ${run}`;
    if (row === undefined) return null;
    const states = await tx<RetrySource['states']>`
      select distinct on (n.path) n.node_id as "nodeId", n.status, n.port, n.disabled,
        case when n.status = 'completed' and n.error_code is not null then jsonb_build_object('code', n.error_code, 'message', coalesce(n.error_message, ''),
          'attempt', greatest(1, max(n.attempt_number) over (partition by n.path))) end as error, n.status = 'completed' and n.step_key is not null as keyed,
        coalesce(sum(n.tokens_used) over (partition by n.path), 0)::int as tokens, coalesce(sum(n.cost_usd) over (partition by n.path), 0)::float8 as "costUsd"
      from node_executions n where n.team_id = ${team} and n.workflow_execution_id = ${run} and n.path not like '%[%' and n.path not like '%.%'
      order by n.path, n.status = 'completed' desc, n.attempt_number desc`;
    const items = await tx<RetrySource['items']>`
      select n.node_id as "nodeId", substring(n.path from '^[^[]+\\[(\\d+)\\]')::int as index, count(*) filter (where n.status = 'completed' and not n.recovered)::int as count,
        coalesce(bool_or(n.step_key is not null), false) as keyed,
        coalesce(sum(n.tokens_used), 0)::int as tokens, coalesce(sum(n.cost_usd), 0)::float8 as "costUsd"
      from node_executions n where n.team_id = ${team} and n.workflow_execution_id = ${run} and n.path like '%]%' and n.attempt_number > 0
      group by 1, 2`;
    const loops = await tx<{ path: string; count: number }[]>`
      select l.path, l.count from loop_items l where l.team_id = ${team} and l.run_id = ${run} and l.path not like '%[%'`;
    const undone = await tx<{ nodeId: string }[]>`
      select distinct n.node_id as "nodeId" from compensations c
      join node_executions n on n.team_id = c.team_id and n.workflow_execution_id = ${run} and n.path = c.path and n.status = 'completed' and n.completed_at = c.step_completed_at
      where c.team_id = ${team} and c.root_run_id = ${row.rootRun} and c.status in ('waiting', 'running', 'completed') order by 1`;
    const unsure = await tx<
      { nodeId: string }[]
    >`select distinct u.node_id as "nodeId" from hub_unsure_rows(${team}::uuid, ${run}::uuid) u order by 1`;
    return { row, states, items, loops, undone, unsure };
  });
  if (found === null) return null;
  const { text, blob, ...row } = found.row;
  return {
    ...row,
    run,
    inputText: (await textOf(sql, team, text, blob)) ?? 'null',
    states: [...found.states],
    items: [...found.items],
    loops: Object.fromEntries(found.loops.map(({ path, count }) => [path, count])),
    undone: found.undone.map(({ nodeId }) => nodeId),
    unsure: found.unsure.map(({ nodeId }) => nodeId),
  };
}
