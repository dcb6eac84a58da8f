/** The repair, not the way: every 2 s starts runs that have a slot but no workflow, and fills free slots (02, "Start of a run"). */
import type { Sql } from '@hub/db';
import { sweep } from '@hub/db/write';
import type { StartRuns } from '@hub/kit/temporal';
import type { Logger } from '@hub/kit';

const everyMs = 2_000;
const jitterMs = 400;

/** Starts sweeping. The answer stops it and waits for the sweep under way. */
export function startSweeper(options: { sql: Sql; starter: StartRuns; log: Logger; intervalMs?: number }): () => Promise<void> {
  const interval = options.intervalMs ?? everyMs;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const once = async (): Promise<void> => {
    try {
      const runs = await sweep(options.sql);
      if (runs.length > 0) await options.starter.start(runs);
    } catch (error) {
      options.log.warn({ err: error }, 'a sweep failed; the next one tries again');
    }
  };
  const plan = (): void => {
    if (stopped) return;
    // Jitter keeps the processes of a cluster from sweeping in step.
    timer = setTimeout(
      () => {
        running = once().finally(plan);
      },
      interval - jitterMs / 2 + Math.random() * jitterMs,
    );
  };
  plan();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
