/** Translation of what undici, TLS and DNS throw into our errors. Messages hold host and path only. */
import { TransientError, UserError, errorCode, isHubError } from '../errors.ts';
import type { HubError } from '../errors.ts';
import { shownUrl } from './url-policy.ts';

const notConnected = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);
const noName = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME', 'EAI_FAIL', 'ESERVFAIL']);
const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/;
const badRequest = new Set(['UND_ERR_INVALID_ARG', 'ERR_INVALID_CHAR', 'ERR_HTTP_INVALID_HEADER_VALUE', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH']);

/** Our error for a failed call to `url`; errors of ours pass as they are. `afterHeaders`: the answer had begun. */
export function translateFault(error: unknown, url: URL, afterHeaders = false): HubError {
  const found = findHubError(error);
  if (found !== null) return found;
  const code = deepCode(error);
  const where = shownUrl(url);
  if (noName.has(code)) {
    return new TransientError('http.name-not-found', `The name "${url.hostname}" was not found.`, {
      cause: error,
      didNothing: true,
      remedy: 'Check the host in the URL.',
    });
  }
  if (notConnected.has(code))
    return new TransientError('http.not-connected', `No connection to ${where} (${code}).`, { cause: error, didNothing: true });
  if (tlsCode.test(code)) {
    return new UserError('http.tls', `The certificate or TLS of ${url.host} is not accepted (${code}).`, {
      cause: error,
      remedy: 'The server needs a valid certificate for this name.',
    });
  }
  if (badRequest.has(code))
    return new UserError('http.bad-request', 'The request has a header, method or body that cannot be sent.', {
      cause: error,
      remedy: 'Look for line breaks or characters beyond Latin-1 in headers.',
    });
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return new TransientError('http.timeout', `${where} did not begin to answer in time.`, { cause: error });
  if (code === 'UND_ERR_BODY_TIMEOUT') return new TransientError('http.timeout', `${where} stopped in the middle of its answer.`, { cause: error });
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return new UserError('http.headers-too-large', `${where} answered with more than 32 KB of headers.`, { cause: error });
  if (code.startsWith('HPE_')) return new TransientError('http.bad-answer', `${where} answered with something that is not HTTP.`, { cause: error });
  return new TransientError(
    'http.connection-lost',
    `The connection to ${where} was lost ${afterHeaders ? 'in the middle of the answer' : 'before an answer'}${code ? ` (${code})` : ''}.`,
    { cause: error },
  );
}

function findHubError(error: unknown): HubError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) if (isHubError(at)) return at;
  if (error instanceof AggregateError) return error.errors.map(findHubError).find((one) => one !== null) ?? null;
  return null;
}

/** The most telling code of an error, its causes and (happy eyeballs) its parts. */
function deepCode(error: unknown): string {
  const own = errorCode(error);
  if (own !== null && own !== 'ERR_INVALID_ARG_TYPE') return own;
  if (error instanceof AggregateError) return deepCode(error.errors[0]);
  if (error instanceof Error && error.cause !== undefined) return deepCode(error.cause);
  return '';
}
