/** What a status other than wanted means: fail for good, or try again. */
import { TransientError, UserError } from '@hub/kit/errors';
import type { HubError } from '@hub/kit/errors';
import type { OutboundResponse } from '@hub/kit/http';

/** 03, rule 4: surely nothing was done. */
const didNothing = new Set([429, 503]);
const maxRetryAfterMs = 15 * 60_000;
const excerptChars = 300;

/** `Retry-After` in milliseconds: seconds or an HTTP date; at most 15 minutes. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), maxRetryAfterMs) : undefined;
}

/** The error for an answer whose status is not wanted. Its body goes along in part, with secrets masked. */
export function statusError(response: OutboundResponse, bodyText: string, redact: (text: string) => string): HubError {
  const { status } = response;
  const excerpt = redact(bodyText).replaceAll(/\s+/g, ' ').trim().slice(0, excerptChars);
  const message = `${response.url} answered ${status}${excerpt === '' ? '.' : `: ${excerpt}`}`;
  const code = `http.status-${status}`;
  const details = { status, body: redact(bodyText).slice(0, 2_000) };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return new TransientError(code, message, {
      retryAfterMs: retryAfterMs(response.headers['retry-after']),
      didNothing: didNothing.has(status),
      details,
    });
  }
  return new UserError(code, message, {
    details,
    status: 422,
    remedy: remedies[status] ?? 'Look at the answer and correct the step, or list the status in expect.status.',
  });
}

const remedies: Record<number, string> = {
  400: 'The API does not accept this request: check query, headers and body.',
  401: 'The API wants a valid credential: choose or renew it.',
  403: 'The credential may not do this.',
  404: 'There is nothing at this address: check the URL and the ids in it.',
  405: 'The address does not take this method.',
  409: 'The API reports a conflict with what it has.',
  413: 'The body is too large for the API.',
  415: 'The API wants another body type.',
  422: 'The API does not accept the values: see its answer.',
};
