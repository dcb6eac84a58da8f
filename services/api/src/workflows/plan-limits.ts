/** What a plan allows, where it is cheap to hold (01, "Plans"): active workflows, runs a month, triggers and node kinds. */
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

/** Active workflows that a plan allows; null: any number. Held by whoever makes one active, under the team's lock. */
export function activeLimit(plan: string): number | null {
  return shownLimits(plan).activeWorkflows;
}

/** What is said where `activeLimit` is reached. */
export function tooManyActive(plan: string): UserError {
  return refused(`The plan ${plan} allows ${limitsOf(plan).activeWorkflows} active workflows.`);
}

/** What is said where the plan has no run left this month (`monthlyRuns`, held in the transaction that makes a run). */
export function monthIsFull(plan: string): UserError {
  return refused(`The plan ${plan} allows ${limitsOf(plan).runsPerMonth} runs a month.`);
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
