import { ReadableStream } from 'node:stream/web';

import { UserError } from '../errors.ts';
import { guardedAgent, guardedConnect } from './connect.ts';
import { Requester } from './outbound.ts';
import type { Outbound, OutboundLimits, OutboundOptions, OutboundRequest } from './outbound.ts';

/** Statuses whose Response may have no body. */
const withoutBody = new Set([101, 103, 204, 205, 304]);
/** What SDKs set by habit and the transport sets itself. */
const setByTransport = new Set(['content-length', 'connection', 'host', 'transfer-encoding', 'accept-encoding', 'keep-alive']);

/** The process's one outbound client. Keep one per process: it holds the connection pool. */
export function createOutbound(options: OutboundOptions): Outbound {
  const requester = new Requester(options);
  const fetchWith =
    (limits?: Partial<OutboundLimits>, onlyHosts?: readonly string[]): typeof fetch =>
    (input, init) =>
      guardedFetch(requester, { ...(limits && { limits }), ...(onlyHosts && { onlyHosts }) }, input, init);
  const guard = { allow: options.allow, resolve: options.resolve, ca: options.ca };
  return {
    request: (request) => requester.request(request),
    fetchWith: (limits) => fetchWith(limits),
    fetch: fetchWith(),
    fetchFor: (allowedHosts, limits) => fetchWith(limits, allowedHosts),
    connect: (wanted) => guardedConnect(wanted, guard),
    agentFor: (allowedHosts) => guardedAgent(allowedHosts, guard),
    close: () => requester.close(),
  };
}

async function guardedFetch(
  requester: Requester,
  more: Pick<OutboundRequest, 'limits' | 'onlyHosts'>,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const asked = toRequest(input, init);
  const headers: Record<string, string> = {};
  asked.headers.forEach((value, name) => {
    if (!setByTransport.has(name)) headers[name] = value;
  });
  const request: OutboundRequest = {
    url: asked.url,
    method: asked.method,
    headers,
    body: asked.body === null ? null : new Uint8Array(await asked.arrayBuffer()),
    signal: asked.signal,
    ...more,
  };
  const answer = await requester.request(request);
  const plain = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    // The body is already unpacked; a second attempt by the reader would fail.
    if (name !== 'content-encoding' && name !== 'content-length' && name !== 'transfer-encoding')
      plain.append(name, value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?'));
  }
  if (withoutBody.has(answer.status)) await answer.dispose();
  const body = withoutBody.has(answer.status) ? null : (ReadableStream.from(answer.body) as unknown as ConstructorParameters<typeof Response>[0]);
  return new Response(body, { status: answer.status, headers: plain });
}

function toRequest(input: string | URL | Request, init: RequestInit | undefined): Request {
  try {
    return new Request(input, init);
  } catch (cause) {
    throw new UserError('http.bad-url', 'The address or headers of the request cannot be used.', {
      cause,
      remedy: 'Check the base URL: it must be a whole https URL without user name and password.',
    });
  }
}
