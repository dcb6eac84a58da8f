/** What vendors' refusals are called here: one code per thing that a person can do about it, whatever the SDK throws. */
import { TransientError, UserError, isHubError } from '@hub/kit/errors';
import type { HubError } from '@hub/kit/errors';

import { retryAfterMs } from '../http/actions/request/status.ts';

/** A vendor's refusal, taken out of what its SDK threw. */
export interface Refusal {
  /** As people know it: "Notion". */
  vendor: string;
  /** HTTP status, or the nearest one for what is not HTTP. */
  status: number;
  /** The vendor's own words; no secret of ours is ever in them. */
  message: string;
  /** The vendor's own code, for `details`. */
  vendorCode?: string | undefined;
  retryAfter?: string | undefined;
  /** Scopes the vendor says are needed. */
  missing?: readonly string[] | undefined;
  cause?: unknown;
}

const remedies: Record<string, string> = {
  'connector.unauthorized': 'Connect again, or choose another credential.',
  'connector.missing-scope': 'Connect again and grant the missing scope.',
  'connector.forbidden': 'Share the resource with the account of the credential, or choose another credential.',
  'connector.not-found': 'Choose it again: it was renamed, deleted, or is not shared with the account of the credential.',
  'connector.conflict': 'Look at what is there now, and try again.',
  'connector.refused': 'Correct the step as the message says.',
};

const maxWords = 300;

/** What an SDK threw without what it carries: requests with their authorisation hang on it, and causes are logged. */
function bare(cause: unknown): unknown {
  if (!(cause instanceof Error)) return undefined;
  const plain = new Error(cause.message.slice(0, 1_000));
  plain.name = cause.name;
  if (cause.stack !== undefined) plain.stack = cause.stack;
  return plain;
}

/** Our error for a vendor's refusal. Only 429 and 503 say for sure that nothing was done (03, rule 4). */
export function refusal(given: Refusal): HubError {
  const { vendor, status } = given;
  const cause = bare(given.cause);
  const words = given.message.replaceAll(/\s+/g, ' ').trim().slice(0, maxWords);
  const details = { status, ...(given.vendorCode === undefined ? {} : { vendorCode: given.vendorCode }) };
  if (status === 429)
    return new TransientError('connector.rate-limited', `${vendor} asks to wait: ${words}`, {
      cause,
      details,
      retryAfterMs: retryAfterMs(given.retryAfter),
      didNothing: true,
    });
  if (status === 408 || status === 425 || status >= 500)
    return new TransientError('connector.unavailable', `${vendor} failed (${status}): ${words}`, {
      cause,
      details,
      retryAfterMs: retryAfterMs(given.retryAfter),
      didNothing: status === 503,
    });
  const code = codeOf(given);
  const missing = given.missing ?? [];
  const what = missing.length > 0 ? ` Missing: ${missing.join(', ')}.` : '';
  return new UserError(code, `${vendor}: ${words}${what}`, {
    cause,
    status: 422,
    remedy: remedies[code],
    details: missing.length > 0 ? { ...details, missing: [...missing] } : details,
  });
}

function codeOf({ status, missing }: Refusal): string {
  if (status === 401) return 'connector.unauthorized';
  if (status === 403) return missing === undefined || missing.length === 0 ? 'connector.forbidden' : 'connector.missing-scope';
  if (status === 404 || status === 410) return 'connector.not-found';
  return status === 409 || status === 412 ? 'connector.conflict' : 'connector.refused';
}

/** An answer that ends too soon or is not what it says. Whoever repeats the call decides by idempotency. */
export function badAnswer(vendor: string, cause: unknown): HubError {
  return new TransientError('connector.bad-answer', `${vendor} answered with something that cannot be read.`, { cause: bare(cause) });
}

/** The error of ours that an SDK wrapped in its own (guard, time-out, cancel), or null. */
export function wrapped(error: unknown): HubError | null {
  let at = error;
  for (let depth = 0; depth < 8 && typeof at === 'object' && at !== null; depth += 1) {
    if (isHubError(at)) return at;
    const { cause, original, error: inner } = at as { cause?: unknown; original?: unknown; error?: unknown };
    at = cause ?? original ?? inner;
  }
  return null;
}
