/** Clearing the step cache. */
import { asTeam, type Sql } from '../database.ts';

/** Takes away all that is kept for a workflow, or for one node of it; answers how many outputs. The next run of each step runs it. */
export async function clearStepCache(sql: Sql, team: string, workflowId: string, nodeId: string | null): Promise<number> {
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<{ gone: number }[]>`
    select hub_forget_cached(${team}::uuid, array(
      select id from step_cache where team_id = ${team} and workflow_id = ${workflowId}::uuid and (${nodeId}::text is null or node_id = ${nodeId}))) as gone`,
  );
  return row?.gone ?? 0;
}
