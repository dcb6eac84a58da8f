/** `GET /runs/:id?wait=30`: holds the answer until the run is settled, woken by the live feed, never by polling. */
import { settledStatuses } from '@hub/contract';
import type { LiveFeed } from './feed.ts';

const settledEvents = new Set(settledStatuses.map((status) => `run.${status}`));

/** True for a status that will never change. */
export function isSettled(status: string): boolean {
  return (settledStatuses as readonly string[]).includes(status);
}

/** Ends when the run settles, `seconds` pass or `signal` aborts. Does not say which: the caller reads the run. */
export async function waitSettled(feed: LiveFeed, at: { team: string; run: string }, seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    let stop: (() => void) | null = null;
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      stop?.();
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', done, { once: true });
    stop = feed.watch(at.team, at.run, 0, (events) => {
      if (events.some((event) => settledEvents.has(event.type))) done();
    });
  });
}
