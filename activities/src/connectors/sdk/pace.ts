/** Keeping to a vendor's limit of requests instead of running into it. */
import { setTimeout as delay } from 'node:timers/promises';

/** Gives turns: at most `most` in any `windowMs`. A turn waits until it may be taken, or rejects once `signal` is aborted. */
export function pacer(most: number, windowMs: number, signal: AbortSignal): () => Promise<void> {
  const starts: number[] = [];
  return async () => {
    for (;;) {
      const now = performance.now();
      while (starts[0] !== undefined && now - starts[0] >= windowMs) starts.shift();
      const [oldest] = starts;
      if (oldest === undefined || starts.length < most) {
        starts.push(now);
        return;
      }
      await delay(oldest + windowMs - now, undefined, { signal });
    }
  };
}
