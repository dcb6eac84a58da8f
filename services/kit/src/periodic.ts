/** Repeated work of a process: never twice at a time, with jitter, a failure is logged and tried again at the next beat. */
import type { Logger } from './log.ts';

export interface PeriodicOptions {
  /** What the logs call it. */
  name: string;
  everyMs: number;
  work: () => Promise<void>;
  log: Pick<Logger, 'warn'>;
}

/** Starts after the first pause. `close` plans no further beat and waits for the one under way. */
export function startPeriodic(options: PeriodicOptions): { close: () => Promise<void> } {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let busy: Promise<void> = Promise.resolve();
  const beat = async (): Promise<void> => {
    try {
      await options.work();
    } catch (error) {
      options.log.warn({ err: error, work: options.name }, 'periodic work failed; the next beat tries again');
    }
  };
  const plan = (): void => {
    if (closed) return;
    // Jitter keeps the processes of a cluster from working in step.
    const pauseMs = options.everyMs * (0.9 + Math.random() * 0.2);
    timer = setTimeout(() => {
      busy = beat().finally(plan);
    }, pauseMs);
  };
  plan();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await busy;
    },
  };
}
