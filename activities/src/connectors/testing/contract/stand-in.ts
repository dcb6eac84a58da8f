/** The far end in tests: a vendor at the HTTP wire. Strict: what its description does not know is a 4xx and is noted; tokens expire; limits and faults are the vendor's. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Json } from '@hub/dag/planner';

/** A request as handlers see it. */
export interface Asked {
  method: string;
  /** Without query. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** The body as JSON; undefined where there is none. */
  json: Json | undefined;
  host: string;
}

export interface Answered {
  status?: number;
  headers?: Record<string, string>;
  /** JSON, bytes or nothing. */
  body?: Json | Buffer;
}

/** What the next requests meet instead of the vendor; `pass`: the vendor. */
export type Fault = 'pass' | 'limit' | 'failure' | 'truncated' | 'hang' | 'scope' | 'expired';

export interface VendorRules {
  /** Hosts that the vendor answers on: `sheets.googleapis.com`. */
  hosts: readonly string[];
  /** The vendor's answer to a good request. Throw `refuse(...)` for a bad one. */
  handle: (asked: Asked, world: StandIn) => Answered | Promise<Answered>;
  /** The vendor's form of an error. */
  error: (status: number, message: string, fault?: Fault) => Answered;
  /** Is this request signed in by the token? Default: `Authorization: Bearer`. */
  tokenOf?: (asked: Asked, world: StandIn) => string | null;
  /** Headers that the vendor knows, beside those of any request; another is a 400. Absent: any. */
  headers?: readonly string[];
}

const everyday = new Set(
  (
    'host connection content-length content-type accept accept-encoding accept-language user-agent ' +
    'transfer-encoding sec-fetch-mode authorization x-stand-in-host'
  ).split(' '),
);

/** A refusal of the vendor; noted, so that a test can say that none was met by surprise. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
export function refuse(status: number, message: string): never {
  throw new Refused(status, message);
}

export interface StandIn {
  /** Tokens that are good now. */
  tokens: Set<string>;
  /** Met by the next requests, one each. */
  faults: Fault[];
  requests: Asked[];
  refusals: string[];
  url: string;
  hosts: readonly string[];
  close(): Promise<void>;
}

const retryAfterSeconds = '7';

export async function startStandIn(rules: VendorRules): Promise<StandIn> {
  const hanging = new Set<ServerResponse>();
  const server = createServer((request, response) => void answer(request, response));
  const world: StandIn = {
    tokens: new Set(['good-token']),
    faults: [],
    requests: [],
    refusals: [],
    url: '',
    hosts: rules.hosts,
    async close() {
      for (const response of hanging) response.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request);
    world.requests.push(asked);
    const fault = world.faults.shift();
    if (fault === 'hang') return void hanging.add(response);
    if (fault === 'limit') return send(response, withHeader(rules.error(429, 'too many requests', fault), 'retry-after', retryAfterSeconds));
    if (fault === 'failure') return send(response, rules.error(500, 'internal error', fault));
    if (fault === 'scope') return send(response, rules.error(403, 'insufficient scope', fault));
    const token = (rules.tokenOf ?? bearer)(asked, world);
    if (fault === 'expired' || token === null || !world.tokens.has(token))
      return send(response, rules.error(401, 'the token is not valid', 'expired'));
    try {
      const odd = Object.keys(asked.headers).filter((name) => !everyday.has(name) && !(rules.headers ?? [name]).includes(name));
      if (odd.length > 0) refuse(400, `unknown header ${odd.join(', ')}`);
      return send(response, await rules.handle(asked, world), fault === 'truncated');
    } catch (error) {
      const status = error instanceof Refused ? error.status : 500;
      const message = error instanceof Error ? error.message : String(error);
      world.refusals.push(`${asked.method} ${asked.path}: ${status} ${message}`);
      return send(response, rules.error(status, message));
    }
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return world;
}

function bearer(asked: Asked): string | null {
  return /^Bearer (.+)$/.exec(asked.headers['authorization'] ?? '')?.[1] ?? null;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const url = new URL(request.url ?? '/', 'http://vendor.example');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
  const isJson = (headers['content-type'] ?? '').includes('json');
  const path = decodeURIComponent(url.pathname);
  return {
    method: request.method ?? 'GET',
    path,
    query: url.searchParams,
    headers,
    body,
    json: isJson ? parse(body) : undefined,
    host: headers['x-stand-in-host'] ?? '',
  };
}

function parse(body: Buffer): Json | undefined {
  try {
    return body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as Json);
  } catch {
    return undefined;
  }
}

function withHeader(answered: Answered, name: string, value: string): Answered {
  return { ...answered, headers: { ...answered.headers, [name]: value } };
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Answered, cut = false): void {
  // What has no body can only be cut before its head.
  if (cut && body === undefined) return void response.destroy();
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body), 'utf8');
  const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'content-length': String(bytes.length + (cut ? 50 : 0)), ...headers });
  if (!cut) return void response.end(bytes);
  response.write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))));
  response.flushHeaders();
  setTimeout(() => response.destroy(), 20);
}
