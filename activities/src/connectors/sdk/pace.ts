/** Keeping to a vendor's limit of requests instead of running into it. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Pace {
  /** At most this many in any window. */
  most: number;
  windowMs: number;
  /** What is counted apart (bases, accounts), at most this many of them; the one that was asked longest ago is forgotten first. */
  mostKeys: number;
}

/**
 * Gives turns by key, to all callers of this process together. A turn waits until it may be taken, or rejects once its signal is aborted. Other processes count for themselves: what they are too many
 * together, the vendor's 429 says.
 */
export function createPace({ most, windowMs, mostKeys }: Pace): (key: string, signal: AbortSignal) => Promise<void> {
  const startsByKey = new Map<string, number[]>();
  return async (key, signal) => {
    for (;;) {
      const now = performance.now();
      const starts = (startsByKey.get(key) ?? []).filter((at) => now - at < windowMs);
      startsByKey.delete(key);
      startsByKey.set(key, starts);
      if (startsByKey.size > mostKeys) startsByKey.delete(startsByKey.keys().next().value ?? '');
      const [oldest] = starts;
      if (oldest === undefined || starts.length < most) {
        starts.push(now);
        return;
      }
      await delay(oldest + windowMs - now, undefined, { signal });
    }
  };
}

/** The turns of one call by itself. */
export function pacer(most: number, windowMs: number, signal: AbortSignal): () => Promise<void> {
  const turn = createPace({ most, windowMs, mostKeys: 1 });
  return () => turn('', signal);
}
