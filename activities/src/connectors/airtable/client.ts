/**
 * Airtable by its official SDK. The SDK brings node-fetch and waits out 429s by itself, up to 10 minutes; both are left out by giving its Base our way to make a request:
 * the guarded client, one try, and no more than 5 requests a second, which is Airtable's limit for a base.
 */
import Airtable from 'airtable';
import toQuery from 'airtable/lib/object_to_query_param_string.js';
import type { Json } from '@hub/dag/planner';
import type { HubError } from '@hub/kit/errors';

import { badAnswer, refusal } from '../sdk/faults.ts';
import { createPace } from '../sdk/pace.ts';
import { withVendor } from '../sdk/vendor.ts';
import type { Access, CallContext, Vendor } from '../sdk/vendor.ts';

const name = 'Airtable';
/** Stands in the place of a base for what is above the bases: their list, their tables, the token. */
export const above = 'meta';
const endpoint = 'https://api.airtable.com';
/** Five a second and base, whoever asks. A little over a second: requests do not arrive as evenly as they were sent. */
const turn = createPace({ most: 5, windowMs: 1_100, mostKeys: 1_000 });
/** Airtable answers a base that was asked too often no sooner than that. */
const afterLimitSeconds = '30';

type Request = NonNullable<Parameters<Airtable.Base['makeRequest']>[0]>;
type Answer = Awaited<ReturnType<Airtable.Base['makeRequest']>>;
type Action = Parameters<InstanceType<typeof Airtable.Base>['runAction']>;

class GuardedBase extends Airtable.Base {
  readonly #fetch: Access['fetch'];
  readonly #signal: AbortSignal;
  readonly #scope: string;

  constructor(access: Access, id: string, signal: AbortSignal, scope: string) {
    // Never empty: the SDK would then look for a key in the environment.
    super(new Airtable({ apiKey: access.token || 'none', endpointUrl: endpoint, noRetryIfRateLimited: true }), id);
    this.#fetch = access.fetch;
    this.#signal = signal;
    this.#scope = scope;
  }

  override async makeRequest({ method = 'GET', path = '/', qs = {}, headers = {}, body }: Request = {}): Promise<Answer> {
    // What is above the bases has no limit of its own, and only people's clicks ask for it.
    if (this.getId() !== above) await turn(this.getId(), this.#signal);
    const verb = method.toUpperCase();
    const query = toQuery(qs);
    const response = await this.#fetch(`${endpoint}/v0/${this.getId()}${path}${query === '' ? '' : `?${query}`}`, {
      method: verb,
      headers: this._getRequestHeaders(headers),
      ...(body === undefined || body === null || verb === 'GET' || verb === 'DELETE' ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = parse(text);
    if (!response.ok) throw fault(response, answer ?? text, this.#scope);
    if (answer === undefined) throw badAnswer(name, new SyntaxError('not JSON'));
    return { statusCode: response.status, headers: response.headers, body: answer };
  }

  override runAction(method: Action[0], path: Action[1], qs: Action[2], body: Action[3], callback: Action[4]): void {
    // The SDK's tables and records still speak in callbacks.
    this.makeRequest({ method, path, qs, body }).then(
      // oxlint-disable-next-line promise/no-callback-in-promise -- its tables and records speak in callbacks
      (answer) => callback(null, answer as never, answer.body),
      // oxlint-disable-next-line promise/no-callback-in-promise -- its tables and records speak in callbacks
      (error: unknown) => callback(error),
    );
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Airtable says `{ error: { type, message } }`, or `{ error: 'NOT_FOUND' }`. */
function fault(response: Response, answer: Json, scope: string): HubError {
  const said = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer['error'] : undefined;
  const { type, message } = (typeof said === 'object' && said !== null ? said : { type: said }) as { type?: string; message?: string };
  const words = message ?? (type ?? `it answered ${response.status}`).replaceAll('_', ' ').toLowerCase();
  return refusal({
    vendor: name,
    // The place to go on from has run out: the list is read again from its beginning.
    status: type === 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE' ? 503 : response.status,
    // It tells a missing scope, a base without access and a wrong id by one and the same answer.
    message: response.status === 403 ? `${words} The token needs the scope ${scope} and access to what is named.` : words,
    vendorCode: type,
    retryAfter: response.headers.get('retry-after') ?? (response.status === 429 ? afterLimitSeconds : undefined),
  });
}

const vendor: Vendor = { name, fault: (cause) => (cause instanceof SyntaxError ? badAnswer(name, cause) : cause) };

/** A base of Airtable. */
export type AirtableBase = InstanceType<typeof Airtable.Base>;

/** Runs `use` with a way to bases; `scope` is what the call needs. @throws HubError `connector.*`, `http.*`. */
export function withAirtable<T>(context: CallContext, scope: string, use: (open: (base: string) => AirtableBase) => Promise<T>): Promise<T> {
  return withVendor(context, vendor, (access) => use((base) => new GuardedBase(access, base, context.signal, scope)));
}
