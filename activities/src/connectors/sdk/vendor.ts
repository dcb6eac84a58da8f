/** Calls to a vendor by its SDK: a fetch that reaches the credential's hosts only, cancels with the step, and asks once for a renewed credential. */
import type { Outbound, OutboundLimits } from '@hub/kit/http';
import { UserError, isHubError } from '@hub/kit/errors';
import type { HubError } from '@hub/kit/errors';

import type { LiveCredential } from '../../ports.ts';
import { badAnswer, wrapped } from './faults.ts';

/** What a call needs of the context of an action or of a form. */
export interface CallContext {
  credential: LiveCredential | null;
  http: Outbound;
  signal: AbortSignal;
  renew?: (() => Promise<LiveCredential>) | undefined;
}

/** What an SDK's client is made of. */
export interface Access {
  token: string;
  values: Readonly<Record<string, string>>;
  fetch: Outbound['fetch'];
}

export interface Vendor {
  /** As people know it. */
  name: string;
  /** Our error for what its SDK throws; what it does not know is returned as it is. */
  fault: (error: unknown) => unknown;
  limits?: Partial<OutboundLimits>;
}

/** @throws UserError `credential.needed`. */
export function neededCredential(context: { credential: LiveCredential | null }, vendor: string): LiveCredential {
  if (context.credential !== null) return context.credential;
  throw new UserError('credential.needed', `${vendor} wants a credential.`, { status: 422, remedy: 'Choose or make one in the step.' });
}

/**
 * Runs `use` with access to the vendor. A 401 is tried once more with a renewed credential where it can be renewed.
 * @throws HubError `connector.*` for what the vendor says, `http.*` for the way there, `credential.needed`.
 */
export async function withVendor<T>(context: CallContext, vendor: Vendor, use: (access: Access) => Promise<T>): Promise<T> {
  const credential = neededCredential(context, vendor.name);
  try {
    return await once(context, vendor, credential, use);
  } catch (error) {
    if (context.renew === undefined || !isHubError(error) || error.code !== 'connector.unauthorized') throw error;
    return await once(context, vendor, await context.renew(), use);
  }
}

async function once<T>(context: CallContext, vendor: Vendor, credential: LiveCredential, use: (access: Access) => Promise<T>): Promise<T> {
  const seen: { fault: HubError | null } = { fault: null };
  try {
    const access = { token: credential.values['token'] ?? '', values: credential.values, fetch: vendorFetch(context, vendor, credential, seen) };
    return await within(context.signal, use(access));
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    // SDKs lose the cause of a failed fetch; what the guard said is worth more than their words.
    const fault = wrapped(error) ?? seen.fault ?? vendor.fault(error);
    // An answer of another form than the vendor's: the SDK, or we, read what is not there.
    throw fault instanceof TypeError ? badAnswer(vendor.name, fault) : fault;
  }
}

/** The work, or the signal's reason as soon as it is aborted: an SDK that does not listen holds nobody up. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason as Error);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
    // Whoever loses the race may still reject.
    work.catch(() => undefined);
    stopped.catch(() => undefined);
  }
}

function vendorFetch(context: CallContext, vendor: Vendor, credential: LiveCredential, seen: { fault: HubError | null }): Outbound['fetch'] {
  const guarded = context.http.fetchFor(credential.allowedHosts, vendor.limits);
  return async (input, init) => {
    // SDKs bring time-outs of their own; the step's signal rules.
    const signal = init?.signal ? AbortSignal.any([context.signal, init.signal]) : context.signal;
    try {
      const response = await guarded(input, { ...init, signal });
      return bodyWatched(response, seen);
    } catch (error) {
      if (isHubError(error)) seen.fault = error;
      throw error;
    }
  };
}

/** The response with its body's fault kept: an SDK turns a cut body into "invalid JSON". */
function bodyWatched(response: Response, seen: { fault: HubError | null }): Response {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await reader.read();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        if (isHubError(error)) seen.fault = error;
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
