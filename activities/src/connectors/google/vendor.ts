/** What Google's APIs share: kinds of credential, how the SDK is told to use the guarded client, what its errors mean. */
import { badAnswer, refusal } from '../sdk/faults.ts';
import type { Access, Vendor } from '../sdk/vendor.ts';

interface GoogleError {
  status?: number;
  message?: string;
  response?: {
    headers?: Headers;
    data?: { error?: { message?: string; status?: string; errors?: { reason?: string }[]; details?: { reason?: string }[] } };
  };
}

const limitReasons = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED', 'quotaExceeded']);
const scopeReasons = new Set(['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']);

/** The vendor named `name`; `scope` is what its actions need. */
export function googleVendor(name: string, scope: string): Vendor {
  return {
    name,
    limits: { maxBodyBytes: 64 * 1_048_576, totalTimeoutMs: 120_000 },
    fault(cause) {
      const { status, response, message = '' } = cause as GoogleError;
      if (status === undefined || response === undefined)
        return cause instanceof SyntaxError || /JSON|terminated|premature/i.test(message) ? badAnswer(name, cause) : cause;
      const said = typeof response.data === 'object' && response.data !== null ? response.data.error : undefined;
      const reasons = [...(said?.errors ?? []), ...(said?.details ?? [])].map(({ reason }) => reason ?? '');
      const limited = status === 403 && reasons.some((reason) => limitReasons.has(reason));
      const missing = status === 403 && reasons.some((reason) => scopeReasons.has(reason)) ? [scope] : undefined;
      return refusal({
        vendor: name,
        status: limited ? 429 : status,
        message: said?.message ?? message,
        vendorCode: said?.status ?? reasons[0],
        retryAfter: response.headers?.get('retry-after') ?? undefined,
        missing,
        cause,
      });
    },
  };
}

/** Options of every Google client: no retries of its own, no auth library of its own. */
export function googleOptions({ token, fetch }: Access): {
  headers: { authorization: string };
  fetchImplementation: typeof globalThis.fetch;
  retry: boolean;
} {
  return { headers: { authorization: `Bearer ${token}` }, fetchImplementation: fetch, retry: false };
}
