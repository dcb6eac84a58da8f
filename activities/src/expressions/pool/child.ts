/** The child in which expressions are evaluated: takes one job at a time and knows nothing of the hub but what the job carries. */
import { beginClock } from '../clock.ts';
import { lockBuiltins } from '../compile.ts';
import { attend } from './attend.ts';
import { runJob } from './run-job.ts';

const locked = lockBuiltins();

export default attend(runJob, async () => {
  await locked;
  beginClock();
});
