/** How long a call that may have an effect may go on once its step is told to stop. */
import { setTimeout as delay } from 'node:timers/promises';

/** It is given this long to end (03, Meaning 6). */
export const windDownMs = 8_000;
/** What a call is left with however late its step hears of the cancel. */
const leastMs = 2_000;
/** A store that does not answer gives nobody less time. */
const askMs = 1_000;

/** Counted from when people cancelled the run, not from when the step heard of it: on a busy machine that is seconds later, and the run is to be over within 10 s (F9). */
export async function windDown(cancelAge: () => Promise<number | null>): Promise<number> {
  const since = performance.now();
  const given = new AbortController();
  const late = delay(askMs, null, { signal: given.signal }).catch(() => null);
  const age = await Promise.race([cancelAge().catch(() => null), late]);
  given.abort();
  return Math.max(leastMs, windDownMs - (age ?? 0) - (performance.now() - since));
}
