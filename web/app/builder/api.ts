/** How the builder talks to the API: straight from the browser, as the signed-in person. Every call has a time limit; refusals come as `ApiFault`. */
import type { Client } from '@hub/contract';
import { isProblem, type Problem } from '../api/problem.ts';

export class ApiFault extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiFault';
    this.problem = problem;
  }
}

const limitMs = 30_000;

interface CallOptions {
  body?: unknown;
  /** A file to upload, in place of a body. */
  form?: FormData;
  ifMatch?: number;
  idempotencyKey?: string;
  keepalive?: boolean;
  signal?: AbortSignal;
}

export type Call = <T>(method: string, path: string, options?: CallOptions) => Promise<T>;

/** Calls with the CSRF token of the session. Throws `ApiFault` for a refusal, what `fetch` throws where nothing answered. */
export function createCall(csrfToken: string): Call {
  return async <T>(method: string, path: string, { body, form, ifMatch, idempotencyKey, keepalive, signal }: CallOptions = {}) => {
    const headers: Record<string, string> = { accept: 'application/json', 'x-csrf-token': csrfToken };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (ifMatch !== undefined) headers['if-match'] = `"${ifMatch}"`;
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    const limit = AbortSignal.timeout(limitMs);
    // oxlint-disable-next-line no-restricted-globals -- the browser's own call to our own origin (CSP connect-src 'self')
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(form ? { body: form } : body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(keepalive ? { keepalive: true } : {}),
    });
    // An answer that breaks off is no answer: text() throws what fetch would have thrown.
    const answer = jsonOf(await response.text());
    if (response.ok) return answer as T;
    // A gateway between us and the hub says 502 to 504: as good as no answer.
    if (response.status >= 502 && !isProblem(answer)) throw new TypeError(`HTTP ${response.status}`);
    throw new ApiFault(problemOf(answer, response.status));
  };
}

/** null: nothing, or no JSON (a page of a gateway). */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function problemOf(answer: unknown, status: number): Problem {
  if (!isProblem(answer))
    return { code: 'http.unexpected-answer', detail: `The server answered ${status}.`, status, requestId: null, retryAfterSeconds: null, errors: [] };
  const errors = Array.isArray(answer.errors) ? answer.errors : [];
  return { ...answer, status, requestId: answer.requestId ?? null, retryAfterSeconds: null, errors };
}

/** What an operation of the contract answers. */
export type AnswerFor<Operation extends keyof Client> = Awaited<ReturnType<Client[Operation]>>;
