/** What a Temporal Schedule starts: one activity, which looks at the trigger's row and decides. Nothing is decided here, so a change of rules is no change of workflow code. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { TriggerActivities, TriggerPlace } from './trigger-types.ts';

const { fireTrigger } = proxyActivities<TriggerActivities>({
  startToCloseTimeout: '3m',
  heartbeatTimeout: '10s',
  // A database outage is waited for; how late a fire may be is the trigger's own rule.
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** The server appends the nominal time to the workflow's id. */
const nominal = /-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/;

/** Workflow id = schedule's own prefix and the nominal time. */
export async function hubFire(place: TriggerPlace): Promise<void> {
  const at = nominal.exec(workflowInfo().workflowId)?.[1];
  if (at !== undefined) await fireTrigger({ ...place, at });
}
