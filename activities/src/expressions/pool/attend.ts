/** How a child of the pool takes a job. */
import { toWireError } from './envelope.ts';
import type { Envelope, Job } from './jobs.ts';

/**
 * Says that it begins, so that the time-out counts the work and not the child's start, and who it is, so that its processor time can be read. Never throws:
 * what goes wrong is in the envelope. `begin`: before each job.
 */
export function attend<J extends Job>(answer: (job: J) => Promise<unknown>, begin?: () => Promise<void>): (job: J) => Promise<Envelope> {
  return async (job) => {
    await begin?.();
    process.send?.({ hub: 'started', pid: process.pid });
    try {
      return { ok: true, answer: await answer(job) };
    } catch (error) {
      return { ok: false, error: toWireError(error) };
    }
  };
}
