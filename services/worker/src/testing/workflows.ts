/** Workflows of the trigger tests: the real fires and drivers, and runs that end as their input says. */
import { proxyActivities } from '@temporalio/workflow';

export { hubFire } from '../../../../workflows/runtime/src/fire.ts';
export { hubSeries } from '../../../../workflows/runtime/src/series.ts';

const { endRun } = proxyActivities<{ endRun: (input: { team: string; run: string }) => Promise<void> }>({ startToCloseTimeout: '1m' });

/** Stands in for the interpreter. */
export async function hubRun({ team, run }: { team: string; run: string }): Promise<void> {
  await endRun({ team, run });
}
