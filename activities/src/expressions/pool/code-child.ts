/**
 * The child in which users' JavaScript runs. It gives way: code may compute for as long as its step may, and whoever keeps both cores busy must not keep the
 * worker from hearing of a cancel, nor other teams' steps from being written. It loads nothing but what code needs: each cancel of code that computes costs
 * the start of another child.
 */
import { getPriority, setPriority } from 'node:os';

import { attend } from './attend.ts';
import type { CodeJob, PingJob } from './jobs.ts';
import { runCode } from './run-code.ts';

/** Added to the worker's own. */
const nice = 10;
/** The lowest there is. */
const lowest = 19;
try {
  setPriority(Math.min(lowest, getPriority() + nice));
} catch {
  // Where the system does not allow it, it runs as all others do.
}

export default attend<CodeJob | PingJob>(async (job) => (job.kind === 'ping' ? { pid: process.pid } : await runCode(job)));
