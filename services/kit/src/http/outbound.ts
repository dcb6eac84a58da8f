/** One guarded request with its redirects (05, rules 13 to 16). */
import type { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

import type { Agent } from 'undici';

import { TransientError, UserError } from '../errors.ts';
import { isListedPlace } from './addresses.ts';
import type { AllowList } from './addresses.ts';
import { createGuardedAgent } from './agent.ts';
import type { ResolveAll } from './agent.ts';
import type { ConnectOptions } from './connect.ts';
import { readBody } from './body.ts';
import { translateFault } from './faults.ts';
import { checkUrl, hostIsIn, portOf, shownUrl } from './url-policy.ts';

export interface OutboundLimits {
  connectTimeoutMs: number;
  /** Until the answer's headers are there, per hop. */
  headersTimeoutMs: number;
  /** From the first byte out to the last byte in, over all hops. */
  totalTimeoutMs: number;
  maxBodyBytes: number;
  maxRatio: number;
  maxRedirects: number;
}

export const defaultLimits: OutboundLimits = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  totalTimeoutMs: 120_000,
  maxBodyBytes: 10 * 1_048_576,
  maxRatio: 20,
  maxRedirects: 3,
};

/** What a credential adds to a request. It never goes to a host outside `allowedHosts`, over http, or along a redirect to another origin. */
export interface OutboundCredential {
  allowedHosts: readonly string[];
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

export type OutboundBody = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface OutboundRequest {
  url: string | URL;
  method?: string;
  headers?: Record<string, string>;
  body?: OutboundBody | null;
  signal?: AbortSignal | undefined;
  credential?: OutboundCredential | undefined;
  /** The only hosts to be called, redirects included; for callers that set the authorisation among `headers`. */
  onlyHosts?: readonly string[] | undefined;
  limits?: Partial<OutboundLimits>;
}

export interface OutboundResponse {
  status: number;
  /** Lower-case names; repeated headers joined by ", ". */
  headers: Record<string, string>;
  /** Where the answer came from, without query. */
  url: string;
  redirects: number;
  /** Plain bytes, capped; must be read to its end or disposed of. */
  body: AsyncIterable<Uint8Array>;
  bytes(): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

export interface Outbound {
  /** Answers any status, also 4xx and 5xx. @throws UserError `http.*` for refusals, TransientError `http.*` for what may pass. */
  request(request: OutboundRequest): Promise<OutboundResponse>;
  /** A `fetch` for vendors' SDKs, with the same guard and limits. */
  fetchWith(limits?: Partial<OutboundLimits>): typeof fetch;
  fetch: typeof fetch;
  /** A `fetch` for an SDK that sets the authorisation itself: it calls no host outside `allowedHosts` (05, rule 15). */
  fetchFor(allowedHosts: readonly string[], limits?: Partial<OutboundLimits>): typeof fetch;
  /** Guarded TCP for databases and mail; their drivers begin TLS on it. */
  connect(options: ConnectOptions): Promise<Socket>;
  /** A guarded `node:https` agent, for SDKs that take no `fetch`. */
  agentFor(allowedHosts: readonly string[]): HttpsAgent;
  close(): Promise<void>;
}

export interface OutboundOptions {
  allow: AllowList;
  limits?: Partial<OutboundLimits>;
  resolve?: ResolveAll;
  /** Certificates of a test server. */
  ca?: string;
  userAgent?: string;
}

/** Headers the transport sets itself; smuggling and routing tricks begin here. */
const forbiddenHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'accept-encoding',
]);
/** Any of these counts as a credential even when the author typed it as a header. */
const credentialHeaders = new Set(['authorization', 'cookie', 'x-api-key', 'api-key', 'x-auth-token', 'x-goog-api-key']);
/** All that goes along to another origin. A list of what may, not of what may not. */
const headersToOtherOrigins = new Set(['accept', 'accept-language', 'user-agent']);
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const acceptEncoding = 'gzip, deflate, br';

interface Hop {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: OutboundBody | null;
  credential: OutboundCredential | undefined;
}

export class Requester {
  readonly #agent: Agent;
  readonly #allow: AllowList;
  readonly #limits: OutboundLimits;
  readonly #userAgent: string;

  constructor(options: OutboundOptions) {
    this.#allow = options.allow;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#userAgent = options.userAgent ?? 'workflow-hub/1';
    this.#agent = createGuardedAgent({
      allow: options.allow,
      connectTimeoutMs: this.#limits.connectTimeoutMs,
      headersTimeoutMs: this.#limits.headersTimeoutMs,
      resolve: options.resolve,
      ca: options.ca,
    });
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async request(request: OutboundRequest): Promise<OutboundResponse> {
    const limits = { ...this.#limits, ...request.limits };
    let hop: Hop = {
      url: checkUrl(request.url, this.#allow),
      method: checkMethod(request.method ?? 'GET'),
      headers: { 'user-agent': this.#userAgent, ...checkHeaders(request.headers ?? {}) },
      body: request.body ?? null,
      credential: request.credential,
    };
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new TransientError('http.timeout', `${shownUrl(hop.url)} took longer than ${limits.totalTimeoutMs / 1000} s.`)),
      limits.totalTimeoutMs,
    );
    timer.unref();
    const signal = request.signal === undefined ? deadline.signal : AbortSignal.any([request.signal, deadline.signal]);
    try {
      for (let redirects = 0; ; redirects += 1) {
        if (request.onlyHosts !== undefined && !hostIsIn(request.onlyHosts, hop.url)) throw hostNotAllowed(hop.url);
        const answer = await this.#send(hop, limits, signal);
        const location = single(answer.headers['location']);
        if (!redirectStatuses.has(answer.statusCode) || location === undefined)
          return toResponse(answer, hop.url, redirects, limits, signal, () => clearTimeout(timer));
        answer.body.on('error', () => undefined).destroy();
        if (redirects >= limits.maxRedirects)
          throw new UserError('http.too-many-redirects', `${shownUrl(hop.url)} redirects more than ${limits.maxRedirects} times.`, {
            remedy: 'Call the final address.',
          });
        hop = nextHop(hop, answer.statusCode, location, this.#allow);
      }
    } catch (error) {
      clearTimeout(timer);
      if (signal.aborted) throw signal.reason;
      throw translateFault(error, hop.url);
    }
  }

  #send(hop: Hop, limits: OutboundLimits, signal: AbortSignal) {
    const url = new URL(hop.url);
    const headers: Record<string, string> = { 'accept-encoding': acceptEncoding, ...hop.headers };
    if (hop.credential !== undefined) {
      if (!hostIsIn(hop.credential.allowedHosts, url)) throw hostNotAllowed(url);
      Object.assign(headers, checkHeaders(hop.credential.headers ?? {}));
      for (const [name, value] of Object.entries(hop.credential.query ?? {})) url.searchParams.set(name, value);
    }
    const carriesSecret = hop.credential !== undefined || Object.keys(headers).some((name) => credentialHeaders.has(name));
    if (carriesSecret && url.protocol === 'http:' && !isListedPlace(this.#allow, url.hostname, portOf(url))) {
      throw new UserError('http.credential-over-http', `A credential is never sent over plain http (${url.host}).`, {
        remedy: 'Use https.',
        status: 422,
      });
    }
    return this.#agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: hop.method as 'GET',
      headers,
      signal,
      body: hop.body as string | Uint8Array | Readable | null,
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.totalTimeoutMs,
    });
  }
}

function hostNotAllowed(url: URL): UserError {
  return new UserError('http.host-not-allowed', `The credential may not be sent to ${url.host}.`, {
    remedy: `Add ${url.host} to the credential's allowed hosts, or choose another credential.`,
    status: 422,
  });
}

type Answer = Awaited<ReturnType<Agent['request']>>;

function nextHop(hop: Hop, status: number, location: string, allow: AllowList): Hop {
  let target: string;
  try {
    target = new URL(location, hop.url).href;
  } catch {
    throw new UserError('http.bad-redirect', `${shownUrl(hop.url)} redirects to something that is not a URL.`);
  }
  const url = checkUrl(target, allow);
  const toGet = status === 303 ? hop.method !== 'HEAD' : (status === 301 || status === 302) && hop.method === 'POST';
  const method = toGet ? 'GET' : hop.method;
  const sameOrigin = url.origin === hop.url.origin;
  const body = toGet ? null : hop.body;
  if (body !== null && (!sameOrigin || (typeof body !== 'string' && !(body instanceof Uint8Array)))) {
    throw new UserError(
      'http.redirect-with-body',
      `${shownUrl(hop.url)} redirects a request with a body to ${url.host}; the body is not sent there.`,
      { remedy: 'Call the final address.' },
    );
  }
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw new UserError('http.redirect-to-http', `${shownUrl(hop.url)} redirects from https to http.`, { remedy: 'Call an https address.' });
  const kept = Object.entries(hop.headers).filter(([name]) =>
    sameOrigin ? !(toGet && name.startsWith('content-')) : headersToOtherOrigins.has(name),
  );
  return { url, method, body, headers: Object.fromEntries(kept), credential: sameOrigin ? hop.credential : undefined };
}

function checkMethod(method: string): string {
  const upper = method.toUpperCase();
  if (!methods.has(upper))
    throw new UserError('http.bad-request', `The method "${upper.slice(0, 20)}" is not sent.`, { remedy: `Use one of ${[...methods].join(', ')}.` });
  return upper;
}

function checkHeaders(given: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (forbiddenHeaders.has(lower))
      throw new UserError('http.forbidden-header', `The header "${lower}" is set by the hub itself.`, { remedy: 'Remove it.' });
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,200}$/.test(lower) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new UserError(
        'http.bad-request',
        `The header "${lower.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 60)}" has a name or value that cannot be sent.`,
        { remedy: 'No line breaks, and Latin-1 only.' },
      );
    }
    headers[lower] = value;
  }
  return headers;
}

function toResponse(answer: Answer, url: URL, redirects: number, limits: OutboundLimits, signal: AbortSignal, done: () => void): OutboundResponse {
  // An answer nobody reads may still fail later; without a listener that would end the process.
  answer.body.on('error', () => undefined);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* readBody(answer.body, headers['content-encoding'], url, limits, signal);
    } finally {
      done();
    }
  }
  const body = read();
  return {
    status: answer.statusCode,
    headers,
    url: shownUrl(url),
    redirects,
    body,
    async bytes() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async dispose() {
      done();
      answer.body.destroy();
      await body.return(undefined);
    },
  };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
