import type { Plan, StartOptions } from '@hub/dag/planner';
import { BugError } from '@hub/kit/errors';
import { readAsTeam, type Sql } from '../database.ts';
import type { RunRef } from './slots.ts';

/** What the Temporal workflow of a run is started with. */
export interface RunStart extends RunRef {
  rootRun: string;
  versionId: string;
  workflowId: string;
  workflowName: string;
  /** 0 for a test run's snapshot. */
  version: number;
  plan: Plan;
  start: StartOptions;
  triggerType: string;
  isTest: boolean;
  priority: number;
  /** The run that waits for this one, null: none does. */
  parent: string | null;
}

type StartRow = Omit<RunStart, 'plan' | 'team'>;

/** Reads starts; plans are immutable, so up to `maxPlans` (default 200; each at most 128 KB) stay in memory. Runs that have ended are left out. */
export function createStartReader(sql: Sql, { maxPlans = 200 }: { maxPlans?: number } = {}): (runs: RunRef[]) => Promise<RunStart[]> {
  const plans = new Map<string, Plan>();

  async function readTeam(team: string, runs: string[]): Promise<RunStart[]> {
    const rows = await readAsTeam<StartRow>(
      sql,
      team,
      sql`
        select r.id as run, r.root_run_id as "rootRun", r.version_id as "versionId", r.workflow_id as "workflowId", w.name as "workflowName", coalesce(r.workflow_version, 0) as version,
          r.start_options as start, r.triggered_by as "triggerType", r.is_test as "isTest", r.priority,
          case when r.trigger ->> 'path' is not null then r.parent_run_id end as parent
        from workflow_executions r join workflows w on w.team_id = r.team_id and w.id = r.workflow_id
        where r.team_id = acting.team and r.id = any(${runs}::uuid[]) and r.status in ('starting', 'running', 'waiting')`,
    );
    const missing = [...new Set(rows.map((row) => row.versionId))].filter((id) => !plans.has(id));
    const fresh = new Map<string, Plan>();
    if (missing.length > 0) {
      const read = await readAsTeam<{ id: string; plan: Plan }>(
        sql,
        team,
        sql`select id, plan from workflow_versions where team_id = acting.team and id = any(${missing}::uuid[])`,
      );
      for (const { id, plan } of read) fresh.set(id, plan);
    }
    return rows.map((row) => {
      const plan = fresh.get(row.versionId) ?? plans.get(row.versionId);
      if (plan === undefined) throw new BugError('run.no-plan', `The version ${row.versionId} has no plan.`);
      plans.delete(row.versionId);
      plans.set(row.versionId, plan);
      for (const oldest of plans.keys()) if (plans.size > maxPlans) plans.delete(oldest);
      return { ...row, team, plan, start: { ...row.start, trigger: row.start.trigger ?? null } };
    });
  }

  return async (runs) => {
    const byTeam = Map.groupBy(runs, (ref) => ref.team);
    const starts: RunStart[] = [];
    for (const [team, refs] of byTeam)
      starts.push(
        ...(await readTeam(
          team,
          refs.map((ref) => ref.run),
        )),
      );
    return starts;
  };
}
