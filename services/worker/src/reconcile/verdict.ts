/** What is to be done about a run whose row is open, by what Temporal says of it. Pure. */
import type { RunRepair } from '@hub/db/write';

/** Status of the newest execution of a run's workflow; null: Temporal does not know it. */
export type FarStatus = string | null;

export type Verdict = Pick<RunRepair, 'found' | 'status' | 'error'>;

const unrecorded =
  'Temporal closed the run, but its end is not recorded here (was the database restored?). `npm run rebuild -- <run id>` takes it from the history.';

/**
 * The repair, or null where the two agree. A run that is `starting` and unknown to Temporal is no disagreement: the sweep starts it within seconds.
 * @param why the reason that was given with a termination
 */
export function verdictOf(row: string, far: FarStatus, why?: string): Verdict | null {
  switch (far) {
    case null:
      if (row === 'starting') return null;
      return {
        found: 'lost',
        status: 'failed',
        error: { code: 'run.lost', message: 'Temporal no longer knows this run, so it cannot go on. Retry it: what it completed is kept.' },
      };
    case 'TERMINATED':
      return {
        found: 'terminated',
        status: 'failed',
        error: {
          code: 'run.terminated',
          message: `The run was terminated in Temporal${why ? ` (“${why.slice(0, 200)}”)` : ''}. Retry it: what it completed is kept.`,
        },
      };
    case 'TIMED_OUT':
      return {
        found: 'timed-out',
        status: 'timed_out',
        error: {
          code: 'run.temporal-timeout',
          message: 'Temporal closed the run at the end of the time that it grants an execution. Retry it: what it completed is kept.',
        },
      };
    case 'COMPLETED':
    case 'FAILED':
      return { found: 'ended-unrecorded', status: 'failed', error: { code: 'run.end-unrecorded', message: unrecorded } };
    case 'CANCELLED':
      return { found: 'ended-unrecorded', status: 'cancelled', error: null };
    default:
      return null;
  }
}
