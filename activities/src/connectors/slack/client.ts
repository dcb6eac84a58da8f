/** Slack by its official SDK: no retries and no queue of its own, through the guarded client. */
import { LogLevel, WebClient } from '@slack/web-api';

import { badAnswer, refusal } from '../sdk/faults.ts';
import { withVendor } from '../sdk/vendor.ts';
import type { CallContext, Vendor } from '../sdk/vendor.ts';

const name = 'Slack';
const unauthorized = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive']);
const forbidden = new Set([
  'not_in_channel',
  'restricted_action',
  'no_permission',
  'ekm_access_denied',
  'access_denied',
  'cant_update_message',
  'cant_delete_message',
]);
const notFound = new Set(['channel_not_found', 'message_not_found', 'users_not_found', 'user_not_found', 'file_not_found', 'thread_not_found']);
const failed = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org']);

interface SlackError {
  code?: string;
  statusCode?: number;
  retryAfter?: number;
  headers?: Record<string, string>;
  data?: { error?: string; needed?: string; response_metadata?: { messages?: string[] } };
}

function statusOf(error: string): number {
  if (unauthorized.has(error)) return 401;
  if (forbidden.has(error) || error === 'missing_scope') return 403;
  if (notFound.has(error)) return 404;
  if (error === 'ratelimited' || error === 'rate_limited') return 429;
  return failed.has(error) ? 500 : 422;
}

function fault(cause: unknown): unknown {
  const { code, statusCode, retryAfter, data, headers } = cause as SlackError;
  if (code === 'slack_webapi_rate_limited_error')
    return refusal({ vendor: name, status: 429, message: 'too many calls', retryAfter: String(retryAfter ?? ''), cause });
  if (code === 'slack_webapi_http_error')
    return refusal({
      vendor: name,
      status: statusCode ?? 500,
      message: `it answered ${statusCode ?? 500}`,
      retryAfter: headers?.['retry-after'],
      cause,
    });
  if (code === 'slack_webapi_platform_error' && data?.error !== undefined) {
    const words = [data.error.replaceAll('_', ' '), ...(data.response_metadata?.messages ?? [])].join('; ');
    const missing = data.error === 'missing_scope' ? (data.needed ?? '').split(',').filter((scope) => scope !== '') : undefined;
    return refusal({ vendor: name, status: statusOf(data.error), message: words, vendorCode: data.error, missing, cause });
  }
  return cause instanceof SyntaxError || (cause as { original?: unknown }).original instanceof SyntaxError || code === 'slack_webapi_request_error'
    ? badAnswer(name, cause)
    : cause;
}

const vendor: Vendor = { name, fault };

/** @throws HubError `connector.*`, `http.*`. */
export function withSlack<T>(context: CallContext, use: (client: WebClient) => Promise<T>): Promise<T> {
  return withVendor(context, vendor, ({ token, fetch }) => {
    const client = new WebClient(token, {
      fetch: fetch as never,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logLevel: LogLevel.ERROR,
      logger: silent,
      allowAbsoluteUrls: true,
    });
    return use(client);
  });
}

const nothing = (): void => undefined;
/** What it would log may hold messages of people; errors reach us as errors. */
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing, setLevel: nothing, getLevel: () => LogLevel.ERROR, setName: nothing };
