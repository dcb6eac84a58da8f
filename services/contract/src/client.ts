/** A small typed client over the route table, for the web's server side, scripts and tests. No dependency but `fetch`. */
import type { z } from 'zod';
import type { RouteSpec } from './route.ts';
import { type OperationId, type Routes, routes } from './routes/index.ts';
import { type Problem, problem } from './shapes/common.ts';

type Input<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? Record<K, z.input<S>> : unknown;
type QueryOf<R> = R extends { query: infer S extends z.ZodType } ? { query?: z.input<S> } : unknown;
type BodyOf<R> = R extends { bodyType: 'form' }
  ? { form: FormData }
  : R extends { bodyType: 'raw' }
    ? { body?: unknown; form?: FormData }
    : Input<R, 'body'>;
type MatchOf<R> = R extends { ifMatch: true } ? { ifMatch: number } : R extends { ifMatch: 'optional' } ? { ifMatch?: number } : unknown;
/** What a call takes: `params`, `query`, `body` or `form`, `ifMatch`, as the route declares; always `headers`, `idempotencyKey`, `signal`. */
export type CallOf<R> = Input<R, 'params'> &
  QueryOf<R> &
  BodyOf<R> &
  MatchOf<R> & { headers?: Record<string, string>; idempotencyKey?: string; signal?: AbortSignal };
/** What a call answers: the parsed body; the `Response` for bytes; nothing for an empty answer. */
export type AnswerOf<R> = R extends { answerType: 'bytes' } ? Response : R extends { answer: infer S extends z.ZodType } ? z.output<S> : undefined;

type NeedsNothing<R> = Record<never, never> extends CallOf<R> ? true : false;
export type Client = {
  [K in OperationId]: NeedsNothing<Routes[K]> extends true
    ? (call?: CallOf<Routes[K]>) => Promise<AnswerOf<Routes[K]>>
    : (call: CallOf<Routes[K]>) => Promise<AnswerOf<Routes[K]>>;
};

/** An answer >= 400. Compare `code`. `retryAfterSeconds` where the server said. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem;
  readonly retryAfterSeconds: number | null;
  constructor(answer: Problem, retryAfterSeconds: number | null) {
    super(`${answer.code}: ${answer.detail}`);
    this.name = 'ApiError';
    this.status = answer.status;
    this.code = answer.code;
    this.problem = answer;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface ClientOptions {
  /** Origin without trailing slash, e.g. http://localhost:3000. */
  baseUrl: string;
  apiKey?: string;
  /** Team of a session that is in several. */
  teamId?: string;
  /** `csrfToken` of `GET /me` or of signing in: needed with a session cookie on every method but GET. */
  csrfToken?: string;
  /** Sent with every call, e.g. `{ cookie, origin }` when a server acts for a browser's session. */
  headers?: Record<string, string>;
  fetch?: typeof fetch;
}

interface AnyCall {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  form?: FormData;
  ifMatch?: number;
  headers?: Record<string, string>;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** The URL of a route with its parameters filled in. Throws where one is missing. */
export function urlOf(path: string, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/:([a-zA-Z]+)/g, (_, name: string) => {
    if (params[name] === undefined) throw new TypeError(`missing path parameter ${name} of ${path}`);
    return encodeURIComponent(String(params[name]));
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== null) search.set(name, String(value));
  return search.size > 0 ? `${filled}?${search}` : filled;
}

async function failure(response: Response): Promise<ApiError> {
  const parsed = problem.safeParse(await response.json().catch(() => null));
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const answer = parsed.success
    ? parsed.data
    : {
        type: 'about:blank',
        title: response.statusText,
        status: response.status,
        code: 'http.unexpected-answer',
        detail: `HTTP ${response.status} without a problem body`,
      };
  return new ApiError(answer, Number.isFinite(retryAfter) ? retryAfter : null);
}

async function send(options: ClientOptions, spec: RouteSpec, call: AnyCall): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers, ...call.headers };
  if (options.apiKey) headers['authorization'] = `Bearer ${options.apiKey}`;
  if (options.teamId) headers['x-hub-team'] = options.teamId;
  if (call.idempotencyKey) headers['idempotency-key'] = call.idempotencyKey;
  if (call.ifMatch !== undefined) headers['if-match'] = `"${call.ifMatch}"`;
  if (options.csrfToken && spec.method !== 'GET') headers['x-csrf-token'] = options.csrfToken;
  const hasJson =
    call.form === undefined && spec.method !== 'GET' && (spec.body !== undefined || (spec.bodyType === 'raw' && call.body !== undefined));
  if (hasJson) headers['content-type'] = 'application/json';
  const response = await (options.fetch ?? fetch)(options.baseUrl + urlOf(spec.path, call.params, call.query), {
    method: spec.method,
    headers,
    redirect: 'manual',
    ...(call.form ? { body: call.form } : hasJson ? { body: JSON.stringify(call.body ?? {}) } : {}),
    ...(call.signal ? { signal: call.signal } : {}),
  });
  if (response.status >= 400) throw await failure(response);
  if (spec.answerType === 'bytes') return response;
  return spec.answer === null ? undefined : response.json();
}

/** A client with one method per operation of the route table. Throws `ApiError` for answers >= 400; network errors as `fetch` throws them. */
export function createClient(options: ClientOptions): Client {
  const client: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(routes)) client[name] = (call: AnyCall = {}) => send(options, spec, call);
  return client as Client;
}
