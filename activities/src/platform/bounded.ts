/** Work that ends in time even where a handler does not listen. */
import { TransientError } from '@hub/kit/errors';

/** The run was stopped and the call did not end in time. */
export class StoppedError extends Error {}

/** A try is given up without a trace. */
export class LaterError extends Error {}

export interface Bounds {
  /** Limit of one attempt; 0: none. */
  timeoutMs: number;
  /** Limit of a try; null: it is none. */
  tryMs: number | null;
  /** Aborted on cancel and on the worker's shutdown. */
  signal: AbortSignal;
  /** What is left to the work once it is told to stop; must not throw. */
  graceMs: () => number | Promise<number>;
}

/** Throws `step.timeout` (transient), StoppedError, or of a try LaterError; the work is told by its signal. */
export async function bounded<T>(work: (signal: AbortSignal) => Promise<T>, { timeoutMs, tryMs, signal, graceMs }: Bounds): Promise<T> {
  const stop = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const abortAfter = (ms: number, why: () => Error): void => void timers.push(setTimeout(() => stop.abort(why()), ms));
  if (timeoutMs > 0) abortAfter(timeoutMs, () => new TransientError('step.timeout', `The step ran longer than ${timeoutMs} ms`));
  if (tryMs !== null) abortAfter(tryMs, () => new LaterError());
  let over = false;
  const windDown = async (): Promise<void> => {
    const ms = await graceMs();
    if (!over) abortAfter(ms, () => new StoppedError());
  };
  const onCancel = (): void => (tryMs === null ? void windDown() : stop.abort(new LaterError()));
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error), { once: true });
  });
  // Whoever loses the race may still reject.
  stopped.catch(() => undefined);
  if (signal.aborted) onCancel();
  signal.addEventListener('abort', onCancel, { once: true });
  const working = work(stop.signal);
  working.catch(() => undefined);
  try {
    return await Promise.race([working, stopped]);
  } finally {
    over = true;
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', onCancel);
  }
}
