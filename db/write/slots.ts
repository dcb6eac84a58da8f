/** Who runs now (02, "Start of a run"): cancel, limits, sweep. Every answer names runs that have a slot and must be started in Temporal. */
import { callOnce, isUuid, one, type Sql } from '../database.ts';

export interface RunRef {
  team: string;
  run: string;
}

/** Queued and starting runs end at once; a running one is marked (`requested`) and the caller cancels its Temporal workflow. */
export async function cancelRun(
  sql: Sql,
  team: string,
  run: string,
  { userId = null }: { userId?: string | null } = {},
): Promise<{ outcome: 'cancelled' | 'requested' | 'ended' | 'not-found'; start: RunRef[] }> {
  if (!isUuid(run)) return { outcome: 'not-found', start: [] };
  interface Answer {
    outcome: 'cancelled' | 'requested' | 'ended' | 'not-found';
    start: string[];
  }
  const row = one(await callOnce(() => sql<{ answer: Answer }[]>`select hub_cancel_run(${team}::uuid, ${run}::uuid, ${userId}::uuid) as answer`));
  return { outcome: row.answer.outcome, start: refs(team, row.answer.start) };
}

/** How many runs of the team may run at once. */
export async function setTeamLimit(sql: Sql, team: string, limit: number): Promise<RunRef[]> {
  const row = one(await callOnce(() => sql<{ start: string[] }[]>`select hub_set_limit(${team}::uuid, null, ${limit}::int) as start`));
  return refs(team, row.start);
}

/** How many runs of one workflow may run at once. */
export async function setWorkflowLimit(sql: Sql, team: string, workflowId: string, limit: number): Promise<RunRef[]> {
  const row = one(await callOnce(() => sql<{ start: string[] }[]>`select hub_set_limit(${team}::uuid, ${workflowId}::uuid, ${limit}::int) as start`));
  return refs(team, row.start);
}

/** Repair over all teams, every 2 s in every process: free slots are filled, and runs that got theirs over 5 s ago without beginning are named again. */
export async function sweep(sql: Sql, { max = 200 }: { max?: number } = {}): Promise<RunRef[]> {
  return callOnce(async () => [...(await sql<RunRef[]>`select team, run from hub_sweep(${max}::int)`)]);
}

/** Removes what nobody needs any more (unreferenced blobs, old keys, ended sessions): once an hour in some process. Answers the number of rows. */
export async function prune(sql: Sql): Promise<number> {
  const row = one(
    await callOnce(() => sql<{ rows: number }[]>`select hub_prune() + hub_prune_hooks() + hub_prune_cached() + hub_prune_oauth_states() as rows`),
  );
  return row.rows;
}

export function refs(team: string, runs: string[]): RunRef[] {
  return runs.map((run) => ({ team, run }));
}
