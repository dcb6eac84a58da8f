/** Salesforce by its official SDK (its connection alone: the rest of it takes twice as long to load), whose own retries and renewals are left out: requests go by the guarded client, once. */
import { PassThrough } from 'node:stream';

import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';
import { Connection } from '@jsforce/jsforce-node/lib/connection.js';

import { withVendor } from '../sdk/vendor.ts';
import type { Access, CallContext, Vendor } from '../sdk/vendor.ts';
import { badAnswer } from '../sdk/faults.ts';
import { SalesforceRefusal, salesforceFault, salesforceName } from './faults.ts';

/** One version for all: Salesforce keeps each for years, and answers of a newer one may differ. */
export const apiVersion = '62.0';
/** From this share of the day's calls on a step warns. */
const nearLimit = 0.9;

const vendor: Vendor = { name: salesforceName, fault: salesforceFault, limits: { maxBodyBytes: 32 * 1_048_576 } };

interface Context extends CallContext {
  warn?: (code: string, message: string) => void;
}

/** @throws HubError `connector.*`, `http.*`, `credential.incomplete`. */
export function withSalesforce<T>(context: Context, use: (connection: Connection) => Promise<T>): Promise<T> {
  return withVendor(context, vendor, async (access) => {
    const connection = new Connection({ instanceUrl: instanceOf(access), accessToken: access.token, version: apiVersion });
    connection._transport = transport(access) as unknown as Connection['_transport'];
    const done = await use(connection);
    const { used, limit } = connection.limitInfo.apiUsage ?? { used: 0, limit: 0 };
    if (limit > 0 && used >= limit * nearLimit)
      context.warn?.('connector.near-limit', `${used} of the ${limit} calls that Salesforce allows in 24 hours are used.`);
    return done;
  });
}

function instanceOf({ values }: Access): string {
  const { instanceUrl } = values;
  if (instanceUrl !== undefined && URL.canParse(instanceUrl)) return new URL(instanceUrl).origin;
  throw new UserError('credential.incomplete', 'The Salesforce credential does not know its server.', { status: 422, remedy: 'Connect again.' });
}

/** A request as the SDK makes it. */
interface SdkRequest {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
}

interface SdkResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** Takes the place of the SDK's transport, which tries five times, knows no guard and outlives a cancel. */
function transport(access: Access): { httpRequest(request: SdkRequest): Promise<SdkResponse> & { stream(): PassThrough } } {
  return { httpRequest: (request) => Object.assign(send(access, request), { stream: () => new PassThrough() }) };
}

async function send({ fetch }: Access, { method, url, headers = {}, body }: SdkRequest): Promise<SdkResponse> {
  const response = await fetch(url, { method, headers, ...(typeof body === 'string' ? { body } : {}) });
  const text = await response.text();
  if (response.status >= 300) throw new SalesforceRefusal(response.status, response.headers.get('retry-after'), text);
  // The SDK hands on what it cannot read as if it were the answer.
  if (response.status !== 204 && !isJson(text)) throw badAnswer(salesforceName, new SyntaxError('The answer is not JSON.'));
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: text };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Rows of a query, page by page: the first by the query, the others by where the last one says it goes on. */
export async function queryPage(
  connection: Connection,
  soql: string,
  cursor: string | null,
  options: { batchSize: number; deleted?: boolean },
): Promise<{ records: Record<string, Json>[]; next: string | null }> {
  const first = `/${options.deleted === true ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
  const answer = await connection.request<{ records: Record<string, Json>[]; done: boolean; nextRecordsUrl?: string }>({
    method: 'GET',
    url: cursor ?? first,
    headers: { 'Sforce-Query-Options': `batchSize=${Math.min(2_000, Math.max(200, options.batchSize))}` },
  });
  const next = answer.done ? null : (answer.nextRecordsUrl ?? null);
  // It is asked for with the token: never anywhere but at the API of this server.
  if (next !== null && !/^\/services\/data\/v[\d.]+\/query\/[\w-]+$/.test(next))
    throw badAnswer(salesforceName, new Error('The next page is at an odd place.'));
  return { records: answer.records, next };
}
