/** How long a call that may have an effect may go on once its step is told to stop. */
import { setTimeout as delay } from 'node:timers/promises';

/** It is given this long to end where its run failed, or its worker goes (03, Meaning 6). */
export const windDownMs = 8_000;
/**
 * From a person's cancel: the run is to be over within 10 s of it (F9), and behind the call are still its row, the workflow task that hears of it and
 * the end of the run. Where 200 runs end at once on two cores that takes 2 s and more (infra/decisions/027).
 */
const cancelledMs = 6_000;
/** What a call is left with however late its step hears of the cancel: it has gone on until then. */
const leastMs = 1_000;
/** A store that does not answer gives nobody less time. */
const askMs = 1_000;

/** `cancelAge`: ms since people cancelled the run, null where nobody did. Counted from then, not from when the step heard of it, which is seconds later on a busy machine. */
export async function windDown(cancelAge: () => Promise<number | null>): Promise<number> {
  const since = performance.now();
  const given = new AbortController();
  const late = delay(askMs, null, { signal: given.signal }).catch(() => null);
  const age = await Promise.race([cancelAge().catch(() => null), late]);
  given.abort();
  const asked = performance.now() - since;
  return age === null ? windDownMs - asked : Math.max(leastMs, cancelledMs - age - asked);
}
