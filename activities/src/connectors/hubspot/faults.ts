/** What HubSpot's errors mean. */
import { badAnswer, refusal } from '../sdk/faults.ts';

export const hubspotName = 'HubSpot';

/** An error as its API gives it; the SDK's exception carries it as `body`. */
interface ErrorBody {
  message?: string;
  category?: string;
  policyName?: string;
  context?: Record<string, readonly string[] | undefined>;
  errors?: { message?: string; context?: Record<string, readonly string[] | undefined> }[];
}

interface Thrown {
  code?: number | string;
  body?: ErrorBody | string;
  headers?: Record<string, string>;
  message?: string;
}

/** Seconds to wait where HubSpot does not say how long: its limits are per second, per ten seconds and per day. */
const waits: Record<string, string> = { SECONDLY: '1', TEN_SECONDLY_ROLLING: '10', DAILY: '900' };
/** Held back for the moment (423: a lock, 477: the account is being moved): nothing was done. */
const notNow = new Set([423, 477]);

/** Our error for what the SDK threw; what it does not know is returned as it is. */
export function hubspotFault(cause: unknown): unknown {
  const { code, body, headers, message = '' } = cause as Thrown;
  if (typeof code !== 'number')
    return cause instanceof SyntaxError || /^(Cannot parse content|The mediaType)/.test(message) ? badAnswer(hubspotName, cause) : cause;
  const said: ErrorBody = typeof body === 'object' && body !== null ? body : {};
  // A good status whose answer the SDK does not know.
  if (code < 400) return badAnswer(hubspotName, cause);
  return refusal({
    vendor: hubspotName,
    status: notNow.has(code) ? 503 : code,
    message: wordsOf(said, code),
    vendorCode: said.category,
    retryAfter: headers?.['retry-after'] ?? (code === 429 ? waits[said.policyName ?? ''] : undefined),
    missing: said.category === 'MISSING_SCOPES' ? scopesOf(said) : undefined,
    cause,
  });
}

function wordsOf({ message, errors }: ErrorBody, code: number): string {
  const more = (errors ?? []).map((one) => one.message ?? '').filter((words) => words !== '' && !(message ?? '').includes(words));
  return [message ?? `it answered ${code}`, ...more.slice(0, 3)].join('; ');
}

const scopeFields = ['requiredGranularScopes', 'requiredScopes', 'missingScopes'];

function scopesOf(said: ErrorBody): string[] {
  const contexts = [said.context, ...(said.errors ?? []).map(({ context }) => context)];
  const named = contexts.flatMap((context) => scopeFields.flatMap((field) => context?.[field] ?? []));
  return named.length > 0 ? [...new Set(named)] : ['a scope that HubSpot does not name'];
}

/** Is it HubSpot's answer that there is no such thing? */
export const isNotFound = (error: unknown): boolean => (error as Thrown).code === 404;
