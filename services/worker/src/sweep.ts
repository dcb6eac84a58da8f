/** The repair of run starts (02): every 2 s it starts what holds a slot but was not started, and fills free slots. Not the usual way. */
import type { RunStarter } from '@hub/activities/ports';
import type { Logger } from '@hub/kit';

export interface Sweeper {
  close: () => Promise<void>;
}

/** Runs `sweep` after each pause, never twice at a time; a failure is logged and tried again at the next beat. */
export function startSweeper(options: {
  sweep: () => Promise<{ team: string; run: string }[]>;
  starter: RunStarter;
  log: Logger;
  everyMs?: number;
}): Sweeper {
  const everyMs = options.everyMs ?? 2_000;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let busy: Promise<void> = Promise.resolve();
  const beat = async (): Promise<void> => {
    try {
      const runs = await options.sweep();
      if (runs.length > 0) {
        options.log.info({ runs: runs.length }, 'sweep starts runs');
        await options.starter.start(runs);
      }
    } catch (error) {
      options.log.warn({ err: error }, 'sweep failed; it is tried again');
    }
  };
  const plan = (): void => {
    if (closed) return;
    timer = setTimeout(
      () => {
        busy = beat().finally(plan);
      },
      everyMs * (0.75 + Math.random() / 2),
    );
  };
  plan();
  return {
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await busy;
    },
  };
}
