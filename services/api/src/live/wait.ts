/** `GET /runs/:id?wait=30`: holds the answer until the run is settled, woken by the notice of its end, never by polling. */
import { settledStatuses } from '@hub/contract';
import type { RunEnd } from './ends.ts';

/** True for a status that will never change. */
export function isSettled(status: string): boolean {
  return (settledStatuses as readonly string[]).includes(status);
}

/** Ends when the run settles, `seconds` pass or `signal` aborts. Does not say which: the caller reads the run. */
export async function waitSettled(end: RunEnd, seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const other = Promise.withResolvers<void>();
  const timer = setTimeout(other.resolve, seconds * 1000);
  signal.addEventListener('abort', () => other.resolve(), { once: true });
  await Promise.race([end.ended, other.promise]);
  clearTimeout(timer);
}
