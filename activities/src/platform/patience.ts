/** Short outages of the database are waited for inside the activity: Temporal's attempts are the step's, not ours to spend. */
import { setTimeout as sleep } from 'node:timers/promises';

import { isHubError } from '@hub/kit/errors';

const delaysMs = [100, 200, 400, 800, 1_500, 2_500];

/** Repeats store work for about 5.5 s. Faults of the author and of ours are thrown at once. */
export async function patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const delayMs of delaysMs) {
    try {
      return await work();
    } catch (error) {
      if ((isHubError(error) && error.kind !== 'transient') || signal?.aborted === true) throw error;
    }
    await sleep(delayMs);
  }
  return await work();
}
