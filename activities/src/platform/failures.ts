/** From what went wrong to what Temporal is told (04, rules 14 to 16). The one place where errors leave the activities. */
import type { RetryPolicy } from '@hub/dag/planner';
import { errorCode, isHubError } from '@hub/kit/errors';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

const messageLength = 500;
const maxRetryAfterMs = 15 * 60_000;

/** A step's failure in the words of the hub. */
export interface StepFailure {
  code: string;
  message: string;
  retryable: boolean;
  retryAfterMs: number | undefined;
  /** The call surely had no effect. */
  didNothing: boolean;
  details: unknown;
}

/** UserError: repeating cannot help. TransientError and everything unknown: it may. */
export function toFailure(error: unknown): StepFailure {
  const said = error instanceof Error && error.message !== '' ? error.message : 'The step failed';
  // What to do belongs to what went wrong: a run shows nothing but this text.
  const message = (isHubError(error) && error.remedy !== undefined ? `${sentence(said)} ${error.remedy}` : said)
    .toWellFormed()
    .slice(0, messageLength);
  if (!isHubError(error))
    return { code: 'step.failed', message, retryable: true, retryAfterMs: undefined, didNothing: false, details: errorCode(error) };
  if (error.kind === 'user')
    return { code: error.code, message, retryable: false, retryAfterMs: undefined, didNothing: true, details: error.details ?? null };
  const { retryAfterMs, didNothing } = error as { retryAfterMs?: number | undefined; didNothing?: boolean };
  return { code: error.code, message, retryable: true, retryAfterMs, didNothing: didNothing ?? false, details: error.details ?? null };
}

const sentence = (said: string) => (/[.!?:…]$/.test(said) ? said : `${said}.`);

/** Final: the step, or the piece of the hub's own work, is over. */
export function finalFailure(code: string, message: string, attempt = 1): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message: message.slice(0, messageLength),
    nonRetryable: true,
    details: [{ attempt }],
    category: ApplicationFailureCategory.BENIGN,
  });
}

export function retryFailure(failure: StepFailure, attempt: number, retry: RetryPolicy | null): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.code,
    message: failure.message,
    nonRetryable: false,
    details: [{ attempt }],
    nextRetryDelay: retryDelayMs(attempt, retry, failure.retryAfterMs),
    category: ApplicationFailureCategory.BENIGN,
  });
}

/** Wait after failed attempt `failed` (from 1): the step's own policy with 20% jitter, at least what the other side asked for, at most 15 minutes of that. */
export function retryDelayMs(failed: number, retry: RetryPolicy | null, retryAfterMs = 0, random: () => number = Math.random): number {
  const { backoff = 'exponential', initialMs = 1_000, maxMs = 60_000 } = retry ?? {};
  const planned = Math.min(maxMs, backoff === 'fixed' ? initialMs : initialMs * 2 ** Math.min(30, failed - 1));
  const jittered = planned * (0.8 + 0.4 * random());
  return Math.max(1, Math.round(Math.max(jittered, Math.min(maxRetryAfterMs, retryAfterMs))));
}

/** For the hub's own local work: a user's fault ends it, anything else is repeated by Temporal. */
export function localFailure(error: unknown): unknown {
  if (error instanceof ApplicationFailure) return error;
  return isHubError(error) && error.kind === 'user' ? finalFailure(error.code, error.message) : error;
}
