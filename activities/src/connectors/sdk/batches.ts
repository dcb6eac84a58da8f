/** Writing more than a vendor takes in one request. */
import { TransientError, UserError, isHubError } from '@hub/kit/errors';

/** `items` in lists of at most `size`. */
export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/**
 * `work` puts into `done` what each of its `total` requests gave, and goes on behind that when it is called again (with a renewed credential). A failure after the first of them never
 * counts as one that did nothing: the step may then not simply be repeated.
 */
export async function inParts<Result>(done: readonly unknown[], total: number, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (done.length === 0 || !isHubError(error)) throw error;
    const message = `${error.message} ${done.length} of ${total} requests were carried out before.`;
    const { remedy, details, cause } = error;
    if (error.kind !== 'transient') throw new UserError(error.code, message, { remedy, details, cause, status: 422 });
    const { retryAfterMs } = error as TransientError;
    throw new TransientError(error.code, message, { remedy, details, cause, retryAfterMs, didNothing: false });
  }
}
