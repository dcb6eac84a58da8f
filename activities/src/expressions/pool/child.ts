/** The pool's child: takes one job at a time and knows nothing of the hub but what the job carries. */
import { beginClock } from '../clock.ts';
import { lockBuiltins } from '../compile.ts';
import type { Envelope, Job } from './jobs.ts';
import { runJob } from './run-job.ts';

const locked = lockBuiltins();

/** Says that it begins, so that the time-out counts the work and not the child's start; and who it is, so that its processor time can be read. */
export default async function work(job: Job): Promise<Envelope> {
  await locked;
  beginClock();
  process.send?.({ hub: 'started', pid: process.pid });
  return await runJob(job);
}
