/** What Salesforce's errors mean. */
import { refusal } from '../sdk/faults.ts';

export const salesforceName = 'Salesforce';

interface Said {
  message?: string;
  errorCode?: string;
  fields?: string[];
}

/** An answer that is no success, before the SDK makes of it an error without status. */
export class SalesforceRefusal extends Error {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly said: readonly Said[];
  constructor(status: number, retryAfter: string | null, body: string) {
    super(`Salesforce answered ${status}.`);
    this.name = 'SalesforceRefusal';
    this.status = status;
    this.retryAfter = retryAfter;
    this.said = readSaid(body);
  }
}

function readSaid(body: string): Said[] {
  try {
    const read = JSON.parse(body) as unknown;
    const list = Array.isArray(read) ? read : [read];
    return list.filter((one): one is Said => typeof one === 'object' && one !== null);
  } catch {
    // An HTML page of a proxy or of maintenance.
    return [];
  }
}

/** Statuses that say more than those Salesforce sends: most of its errors are a 400. */
const statuses: Readonly<Record<string, number>> = {
  INVALID_SESSION_ID: 401,
  INVALID_AUTH_HEADER: 401,
  REQUEST_LIMIT_EXCEEDED: 429,
  // Another transaction holds the row; nothing was saved.
  UNABLE_TO_LOCK_ROW: 503,
  SERVER_UNAVAILABLE: 503,
  QUERY_TIMEOUT: 500,
  DUPLICATES_DETECTED: 409,
  DUPLICATE_VALUE: 409,
  DUPLICATE_EXTERNAL_ID: 409,
  NOT_FOUND: 404,
  ENTITY_IS_DELETED: 404,
  INSUFFICIENT_ACCESS: 403,
  INSUFFICIENT_ACCESS_OR_READONLY: 403,
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 403,
  API_DISABLED_FOR_ORG: 403,
  API_CURRENTLY_DISABLED: 403,
};
/** How long to wait where Salesforce does not say: for its limit of calls in 24 hours, and for that of calls at a time. */
const waits = { day: '900', moment: '10' };

/** Our error for what the SDK threw; what it does not know is returned as it is. */
export function salesforceFault(cause: unknown): unknown {
  if (!(cause instanceof SalesforceRefusal)) return cause;
  const [first = {}] = cause.said;
  const words = wordsOf(cause);
  const noApi = /not valid for use with the (REST )?API/i.test(first.message ?? '');
  const status = noApi ? 403 : cause.status === 300 ? 409 : (statuses[first.errorCode ?? ''] ?? cause.status);
  const wait = /concurrent/i.test(first.message ?? '') ? waits.moment : waits.day;
  return refusal({
    vendor: salesforceName,
    status,
    message: words,
    vendorCode: first.errorCode,
    retryAfter: cause.retryAfter ?? (status === 429 ? wait : undefined),
    missing: noApi ? ['api'] : undefined,
    cause,
  });
}

function wordsOf({ said, status }: SalesforceRefusal): string {
  if (status === 300) return 'several records have this value';
  const all = said.slice(0, 5).map(({ message = '', fields = [] }) => (fields.length === 0 ? message : `${message} (${fields.join(', ')})`));
  return all.filter((words) => words !== '').join('; ') || `it answered ${status}`;
}

/** Is it Salesforce's answer that this record is not there? An object that is not there is another matter. */
export function isNoRecord(error: unknown): boolean {
  if (!(error instanceof SalesforceRefusal) || error.status !== 404) return false;
  return !error.said.some(({ message }) => /requested resource does not exist/i.test(message ?? ''));
}
