/** What a Temporal Schedule starts: one activity, which looks at the trigger's row and decides. Nothing is decided here, so a change of rules is no change of workflow code. */
import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import { localOptions } from './activity-options.ts';
import type { FirePlace, TriggerActivities } from './trigger-types.ts';

const { fireTrigger } = proxyActivities<TriggerActivities>({
  startToCloseTimeout: '3m',
  heartbeatTimeout: '10s',
  // A database outage is waited for; how late a fire may be is the trigger's own rule.
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** A schedule's fire is a few reads and one transaction: within the workflow task it costs the server a third, and many come in one second (P7). */
const { fireSchedule } = proxyLocalActivities<TriggerActivities>(localOptions('Start the run'));

/** The server appends the nominal time to the workflow's id. */
const nominal = /-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/;

/** Workflow id = schedule's own prefix and the nominal time. */
export async function hubFire({ local = false, ...place }: FirePlace): Promise<void> {
  const at = nominal.exec(workflowInfo().workflowId)?.[1];
  if (at === undefined) return;
  if (local) await fireSchedule({ ...place, at });
  else await fireTrigger({ ...place, at });
}
