/** What a plan allows, where it is cheap to hold (01, "Plans"): active workflows, runs a month, triggers and node kinds. */
import type { Sql } from '@hub/db';
import { asTeam } from '@hub/db';
import { monthlyRuns } from '@hub/db/write';
import type { Fault } from '@hub/contract';
import type { Definition } from '@hub/dag';
import { UserError } from '@hub/kit/errors';

interface PlanLimits {
  activeWorkflows: number;
  runsPerMonth: number;
  /** Null: all. */
  triggerTypes: readonly string[] | null;
}
const unlimited = Number.POSITIVE_INFINITY;
const limits: Record<string, PlanLimits> = {
  free: { activeWorkflows: 0, runsPerMonth: monthlyRuns.free, triggerTypes: [] },
  teams: { activeWorkflows: 5, runsPerMonth: monthlyRuns.teams, triggerTypes: ['manual', 'schedule'] },
  enterprise: { activeWorkflows: unlimited, runsPerMonth: unlimited, triggerTypes: null },
};

/** Unknown plans get the least. */
function limitsOf(plan: string): PlanLimits {
  return (Object.hasOwn(limits, plan) ? limits[plan] : undefined) ?? { activeWorkflows: 0, runsPerMonth: 0, triggerTypes: [] };
}

function refused(what: string): UserError {
  return new UserError('plan.limit', what, { status: 403, remedy: 'Ask the owner of the team for another plan.' });
}

/** For the limits page: null where the plan sets none. */
export function shownLimits(plan: string): { activeWorkflows: number | null; runsPerMonth: number | null } {
  const { activeWorkflows, runsPerMonth } = limitsOf(plan);
  return { activeWorkflows: activeWorkflows === unlimited ? null : activeWorkflows, runsPerMonth: runsPerMonth === unlimited ? null : runsPerMonth };
}

/** Called before a workflow becomes active. @throws UserError 403 `plan.limit`. */
export async function checkActiveLimit(sql: Sql, team: { id: string; plan: string }, workflowId: string): Promise<void> {
  const { activeWorkflows } = limitsOf(team.plan);
  if (activeWorkflows === unlimited) return;
  const [row] = await asTeam(
    sql,
    team.id,
    (tx) => tx<{ count: number }[]>`
    select count(*)::int as count from workflows where team_id = ${team.id} and status = 'active' and id <> ${workflowId}`,
  );
  if ((row?.count ?? 0) >= activeWorkflows) throw refused(`The plan ${team.plan} allows ${activeWorkflows} active workflows.`);
}

/** Called before a run is taken. Test runs do not count, but a plan without runs has none of them either. @throws UserError 403 `plan.limit`. */
export async function checkRunLimit(sql: Sql, team: { id: string; plan: string }, isTest = false): Promise<void> {
  const { runsPerMonth } = limitsOf(team.plan);
  if (runsPerMonth === unlimited || (isTest && runsPerMonth > 0)) return;
  const [row] = await asTeam(
    sql,
    team.id,
    (tx) => tx<{ count: number }[]>`
    select count(*)::int + coalesce((select runs from removed_runs where team_id = ${team.id} and month = date_trunc('month', now() at time zone 'utc')::date), 0) as count from workflow_executions where team_id = ${team.id} and not is_test and created_at >= date_trunc('month', now())`,
  );
  if ((row?.count ?? 0) >= runsPerMonth) throw refused(`The plan ${team.plan} allows ${runsPerMonth} runs a month.`);
}

/** Triggers of a definition that the plan does not have. */
export function triggerFaults(plan: string, definition: Definition): Fault[] {
  const { triggerTypes } = limitsOf(plan);
  if (triggerTypes === null) return [];
  return (definition.triggers ?? []).flatMap((trigger, i) =>
    triggerTypes.includes(trigger.type)
      ? []
      : [{ path: `/triggers/${i}/type`, code: 'plan.trigger', message: `The plan ${plan} has no trigger of this type.` }],
  );
}
