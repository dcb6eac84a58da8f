/** Every error becomes RFC 9457 problem+json here, and only here. */
import { UserError, isHubError, toProblem } from '@hub/kit/errors';
import type { Problem } from '@hub/contract';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** A fault of the zod schema of a route as the type provider reports it. */
interface ZodFault {
  instancePath: string;
  message?: string;
  keyword?: string;
  /** Of `unrecognized_keys`: which. */
  params?: { keys?: unknown };
}

/** Driver and server codes that mean "the database is away for now". */
const databaseAway = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '53300',
  '55P03',
]);

/** Fastify's own codes, in the words of this API. */
const fastifyCodes: Record<string, { status: number; code: string; detail: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'request.media-type',
    detail: 'Send application/json (or multipart/form-data where a file is uploaded).',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'request.too-large', detail: 'The body is larger than this route takes.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'request.bad-json', detail: 'The body is empty, but its content type says JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, code: 'request.bad-length', detail: 'Content-Length does not fit the body.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'request.bad-json', detail: 'The body is not JSON.' },
  FST_ERR_BAD_URL: { status: 400, code: 'request.bad-url', detail: 'The URL is not well formed.' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, code: 'request.bad-url', detail: 'A part of the path is longer than any name or id.' },
  FST_REQ_FILE_TOO_LARGE: { status: 413, code: 'file.too-large', detail: 'The file is larger than this server takes.' },
  FST_FILES_LIMIT: { status: 400, code: 'file.one-only', detail: 'Send exactly one file.' },
  FST_FIELDS_LIMIT: { status: 400, code: 'file.one-only', detail: 'Send the file and no other fields.' },
  FST_PARTS_LIMIT: { status: 400, code: 'file.one-only', detail: 'Send exactly one part, the file.' },
  FST_INVALID_MULTIPART_CONTENT_TYPE: { status: 415, code: 'request.media-type', detail: 'Send multipart/form-data with one part named file.' },
};

function plain(status: number, code: string, detail: string): Problem {
  return toProblem(new UserError(code, detail, { status }));
}

/** One fault per field that is not known, each at its own place. */
const placesOf =
  (prefix: string) =>
  ({ instancePath, keyword = 'invalid', message = 'is not valid', params }: ZodFault): NonNullable<Problem['errors']> => {
    const code = `request.${keyword.replaceAll('_', '-')}`;
    if (keyword !== 'unrecognized_keys' || !Array.isArray(params?.keys)) return [{ path: `${prefix}${instancePath}`, code, message }];
    const at = `${prefix}${instancePath === '/' ? '' : instancePath}`;
    return params.keys.map((key) => ({
      path: `${at}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code,
      message: `There is no field "${String(key).slice(0, 100)}" here: remove it, or look for a misspelling`,
    }));
  };

function zodProblem(faults: ZodFault[], where: string): Problem {
  const prefix = where === 'body' ? '' : where === 'querystring' ? 'query' : where;
  const errors = faults.flatMap(placesOf(prefix)).slice(0, 100);
  const first = errors[0];
  return {
    ...plain(400, 'request.invalid', `The request is not valid${first ? `: ${first.path || 'body'} ${first.message}` : ''}.`.slice(0, 500)),
    errors,
  };
}

/** better-auth's errors: `{ statusCode, body: { code, message } }`. */
function authProblem(error: object): Problem | null {
  if (!('statusCode' in error) || typeof error.statusCode !== 'number' || !('body' in error) || error.statusCode >= 500) return null;
  const body = error.body as { code?: unknown; message?: unknown } | undefined;
  const code = typeof body?.code === 'string' ? `auth.${body.code.toLowerCase().replaceAll('_', '-')}` : 'auth.refused';
  return plain(error.statusCode, code, typeof body?.message === 'string' ? body.message : 'Refused.');
}

function driverProblem(code: string): Problem | null {
  if (databaseAway.has(code))
    return {
      ...plain(409, 'database.unavailable', 'The database does not answer right now. Try again shortly.'),
      status: 503,
      title: 'Not available right now',
    };
  // Postgres refused a value that got past the schemas (a number out of range, bad text): the caller's data, never a crash.
  if (/^22[0-9A-Z]{3}$/.test(code)) return plain(400, 'request.bad-value', 'A value in the request cannot be stored.');
  return null;
}

/** Where the fault lies when an error names no place of its own. */
const places: Record<string, string> = {
  'auth.required': 'headers/authorization',
  'auth.bad-key': 'headers/authorization',
  'auth.bad-authorization': 'headers/authorization',
  'auth.launcher-only': 'headers/x-hub-launcher-token',
  'auth.csrf': 'headers/x-csrf-token',
  'auth.wrong-password': '/password',
  'auth.link-used': 'query/token',
  'team.missing': 'headers/x-hub-team',
  'request.if-match': 'headers/if-match',
  'request.media-type': 'headers/content-type',
  'request.too-large': '/',
  'request.bad-json': '/',
  'file.too-large': 'form/file',
  'file.one-only': 'form',
};

/** The problem of a request that the HTTP parser gave up on, by Node's code. */
export function brokenProblem(code: string): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return plain(408, 'request.too-slow', 'The request did not arrive within the time allowed.');
  if (code === 'HPE_HEADER_OVERFLOW') return plain(431, 'request.headers-too-large', 'The headers are larger than 16 KB together.');
  return plain(400, 'request.not-http', 'This is not a well formed HTTP request.');
}

/** The problem of anything thrown in a route, with a place wherever there is one to name. */
export function problemOf(error: unknown): Problem {
  const problem = translate(error);
  const path = places[problem.code];
  return problem.errors === undefined && path !== undefined
    ? { ...problem, errors: [{ path, code: problem.code, message: problem.detail }] }
    : problem;
}

/** What is stored now, where a save came too late. */
function withCurrent(problem: Problem, details: unknown): Problem {
  const current = typeof details === 'object' && details !== null && 'current' in details ? (details.current as Problem['current']) : undefined;
  return problem.code === 'request.stale' && current !== undefined ? { ...problem, current } : problem;
}

/** The problem of anything thrown in a route. 500 hides what happened; the log has it. */
function translate(error: unknown): Problem {
  if (hasZodFastifySchemaValidationErrors(error)) return zodProblem(error.validation as unknown as ZodFault[], error.validationContext ?? 'body');
  if (isHubError(error)) return withCurrent(toProblem(error) as Problem, error.details);
  if (typeof error === 'object' && error !== null) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    const known = fastifyCodes[code];
    if (known) return plain(known.status, known.code, known.detail);
    const ours = authProblem(error) ?? driverProblem(code);
    if (ours) return ours;
    if (
      'statusCode' in error &&
      typeof error.statusCode === 'number' &&
      error.statusCode >= 400 &&
      error.statusCode < 500 &&
      error instanceof Error
    ) {
      return plain(error.statusCode, 'request.refused', error.message.slice(0, 300));
    }
    if ('statusCode' in error && error.statusCode === 503)
      return { ...plain(409, 'server.busy', 'The server is at its limit. Try again shortly.'), status: 503, title: 'Not available right now' };
  }
  return toProblem(error) as Problem;
}
