/** Notion by its official SDK: no retries of its own, one version of the API, through the guarded client. */
import { Client, LogLevel } from '@notionhq/client';

import { badAnswer, refusal } from '../sdk/faults.ts';
import { withVendor } from '../sdk/vendor.ts';
import type { CallContext, Vendor } from '../sdk/vendor.ts';

const name = 'Notion';
/** Sent with every request. Databases hold data sources from this one on. */
const version = '2025-09-03';
/** Longer than the guarded client waits: that one says how it ended. */
const timeoutMs = 150_000;

interface NotionError {
  code?: string;
  status?: number;
  message?: string;
  headers?: unknown;
}

/** Nothing was done, says Notion: too much at once, or two changes met. */
const tryAgain = new Set(['conflict_error', 'service_overload', 'service_unavailable']);

function vendorNeeding(capability: string): Vendor {
  return {
    name,
    fault(cause) {
      const { code, status, message = '', headers } = cause as NotionError;
      if (code === 'notionhq_client_invalid_path_parameter') return refusal({ vendor: name, status: 400, message, vendorCode: code, cause });
      if (status === undefined) return cause instanceof SyntaxError ? badAnswer(name, cause) : cause;
      return refusal({
        vendor: name,
        status: tryAgain.has(code ?? '') ? 503 : status,
        message,
        vendorCode: code,
        retryAfter: headers instanceof Headers ? (headers.get('retry-after') ?? undefined) : undefined,
        missing: code === 'restricted_resource' ? [capability] : undefined,
        cause,
      });
    },
  };
}

/** `capability`: what the integration must be allowed for this call. @throws HubError `connector.*`, `http.*`. */
export function withNotion<T>(context: CallContext, capability: string, use: (client: Client) => Promise<T>): Promise<T> {
  return withVendor(context, vendorNeeding(capability), ({ token, fetch }) =>
    use(
      new Client({
        auth: token,
        fetch: fetch as never,
        notionVersion: version,
        retry: false,
        timeoutMs,
        logLevel: LogLevel.ERROR,
        // What it would log may hold texts of people; errors reach us as errors.
        logger: () => undefined,
      }),
    ),
  );
}

/** Did Notion say that there is no such thing, or none that the integration sees? */
export function isNotFound(error: unknown): boolean {
  return (error as NotionError).code === 'object_not_found';
}
