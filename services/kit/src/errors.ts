/**
 * Errors by who must act. Compare `code` across process or package edges, never `instanceof`: an error may have crossed a wire.
 * Pure: no node builtin, so the browser may import this door.
 */

/** JSON-safe extra facts for people and logs; never a secret. */
export type ErrorDetails = Record<string, unknown> | unknown[];

export interface ErrorOptions {
  /** One line: what the person can do about it. */
  remedy?: string | undefined;
  cause?: unknown;
  details?: ErrorDetails | undefined;
}

/** What is common to the three kinds. Throw one of the three, not this. */
export abstract class HubError extends Error {
  abstract readonly kind: 'user' | 'transient' | 'bug';
  /** Stable, dotted, kebab-case: `http.blocked-address`. */
  readonly code: string;
  readonly remedy: string | undefined;
  readonly details: ErrorDetails | undefined;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy;
    this.details = options.details;
  }
}

/** The author or operator must change something; repeating cannot help. 4xx, non-retryable. */
export class UserError extends HubError {
  readonly kind = 'user';
  /** HTTP status at our API, 400 to 499. */
  readonly status: number;

  constructor(code: string, message: string, options: ErrorOptions & { status?: number | undefined } = {}) {
    super(code, message, options);
    this.status = options.status ?? 400;
  }
}

/** Nobody must act: wait and try again. 503 with Retry-After, retryable. */
export class TransientError extends HubError {
  readonly kind = 'transient';
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** True when the call surely did nothing (not connected, 429, 503): then even a call that is not idempotent may be repeated. */
  readonly didNothing: boolean;

  constructor(code: string, message: string, options: ErrorOptions & { retryAfterMs?: number | undefined; didNothing?: boolean | undefined } = {}) {
    super(code, message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.didNothing = options.didNothing ?? false;
  }
}

/** We must act. 500 with the message hidden; in workflow code a plain throw, so that the task is retried until fixed. */
export class BugError extends HubError {
  readonly kind = 'bug';
}

/** Help for one error code, shown in /docs and the builder. Every code has one entry in the `errorCodes` of the package that gives it. */
export interface CodeHelp {
  /** What happened and what to do, in one or two sentences. */
  help: string;
  /** What causes it, in short. */
  example: string;
}

/** One fault of a request or definition; `nodeId` where a node of a definition is at fault. */
export interface ProblemFault {
  path: string;
  code: string;
  message: string;
  nodeId?: string | null | undefined;
}

/** RFC 9457 problem+json, as every error of the API is answered. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: ProblemFault[];
  remedy?: string;
}

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Changed in between',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not valid',
  428: 'Precondition required',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available right now',
};

/** True for an error of ours, also one of another copy of this module. */
export function isHubError(error: unknown): error is HubError {
  return (
    error instanceof Error && 'code' in error && 'kind' in error && (error.kind === 'user' || error.kind === 'transient' || error.kind === 'bug')
  );
}

/** The code of any thrown thing: ours, a system's (`ECONNRESET`), or null. */
export function errorCode(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The problem document of any thrown thing. A BugError and unknown errors answer 500 without their message. */
export function toProblem(error: unknown): Problem {
  if (!isHubError(error) || error.kind === 'bug') return problem(500, 'internal', 'Something went wrong on our side. It has been logged.');
  const status = error.kind === 'transient' ? 503 : (error as UserError).status;
  const made = problem(status, error.code, error.message);
  if (error.remedy !== undefined) made.remedy = error.remedy;
  const faults = faultList(error.details);
  if (faults !== null) made.errors = faults;
  return made;
}

function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: titles[status] ?? 'Error', status, code, detail };
}

function faultList(details: ErrorDetails | undefined): ProblemFault[] | null {
  const list = Array.isArray(details) ? details : details?.['errors'];
  if (!Array.isArray(list)) return null;
  const faults: ProblemFault[] = [];
  for (const fault of list as unknown[]) {
    if (typeof fault !== 'object' || fault === null) continue;
    const { path, code, message, nodeId } = fault as Record<string, unknown>;
    if (typeof code !== 'string' || typeof message !== 'string') continue;
    faults.push({ path: typeof path === 'string' ? path : '', code, message, ...(typeof nodeId === 'string' ? { nodeId } : {}) });
  }
  return faults.length > 0 ? faults : null;
}
