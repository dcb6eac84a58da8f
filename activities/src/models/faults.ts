/** What providers' errors mean: who must act, and how long to wait. */
import { TransientError, UserError, isHubError } from '@hub/kit/errors';
import type { HubError } from '@hub/kit/errors';

import { retryAfterMs } from '../connectors/http/actions/request/status.ts';

interface ProviderFault {
  status: number;
  headers: Headers | undefined;
  /** The provider's own code or type, e.g. `insufficient_quota`. */
  reason: string;
  message: string;
}

/** Our error for what a vendor's SDK threw. An abort gives the signal's own reason. */
export function translateModelFault(error: unknown, providerTitle: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const own = hubErrorIn(error);
  if (own !== null) return own;
  const fault = faultOf(error);
  if (fault === null) return new TransientError('model.no-answer', `${providerTitle} did not answer.`, { cause: error });
  return classify(fault, providerTitle, error);
}

/** An answer with status 200 that is none. */
export function badAnswer(providerTitle: string, ownEndpoint: string | null): UserError {
  return new UserError(
    'model.bad-answer',
    `${ownEndpoint === null ? providerTitle : `The endpoint of the credential (${new URL(ownEndpoint).host})`} answered with something that is not a model's answer.`,
    {
      status: 422,
      remedy: 'Check the base URL of the credential; for OpenAI-compatible servers it mostly ends with /v1.',
    },
  );
}

function classify(fault: ProviderFault, title: string, cause: unknown): HubError {
  const { status, reason } = fault;
  const said = fault.message.replace(/^\d{3}\s+/, '').slice(0, 300);
  const wait = retryAfterMs(fault.headers?.get('retry-after') ?? undefined);
  const user = (code: string, message: string, remedy: string) =>
    new UserError(code, `${message} ${said}`.trim().slice(0, 500), { cause, remedy, status: 422 });
  if (status === 402 || /insufficient_quota|billing|credit balance/i.test(`${reason} ${said}`))
    return user('model.quota-exhausted', `${title}: no credit is left.`, 'Top up the account of this key.');
  if (status === 429) return new TransientError('model.rate-limited', `${title} asks to slow down.`, { cause, retryAfterMs: wait, didNothing: true });
  if (status === 529 || status === 503)
    return new TransientError('model.overloaded', `${title} is overloaded.`, { cause, retryAfterMs: wait, didNothing: true });
  if (status === 401)
    return user('model.bad-key', `${title} does not accept the key.`, 'Save a valid key in the credential, or set it in the environment.');
  if (status === 403) return user('model.not-allowed', `${title}: this key may not use this model.`, 'Choose another model or key.');
  if (status === 404) return user('model.not-found', `${title} does not have this model.`, 'Choose a model of GET /api/v1/models.');
  if (status === 413 || /context_length|too long|context window/i.test(`${reason} ${said}`))
    return user('model.too-long', `${title}: the messages are too long.`, 'Shorten them, or choose a model with a larger context.');
  if (/content_policy|content_filter/i.test(reason)) return user('model.refusal', `${title} refused the request.`, 'Change the messages.');
  if (status === 408 || status === 409 || status === 425 || status >= 500)
    return new TransientError('model.server-error', `${title} answered ${status}.`, { cause, retryAfterMs: wait });
  return user('model.bad-request', `${title} does not accept the request (${status}).`, 'Check model, messages, schema and parameters.');
}

function hubErrorIn(error: unknown): HubError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) if (isHubError(at)) return at;
  return null;
}

function faultOf(error: unknown): ProviderFault | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  const headers = 'headers' in error && error.headers instanceof Headers ? error.headers : undefined;
  const parts = ['code', 'type', 'errorCode']
    .map((name) => (error as unknown as Record<string, unknown>)[name])
    .filter((part) => typeof part === 'string');
  return { status: error.status, headers, reason: parts.join(' '), message: error.message };
}
