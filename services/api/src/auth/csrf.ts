/** CSRF: the Origin must be ours AND a token bound to the session must come in a header (05, rule 24). SameSite=Lax stands behind both. */
import { hmacBase64Url, safeEqual } from '@hub/kit/crypto';
import { UserError } from '@hub/kit/errors';
import type { IncomingHttpHeaders } from 'node:http';

/** The token of a session: an HMAC, so nothing is stored, and useless with any other session. */
export function csrfToken(sessionKey: Buffer, sessionId: string): string {
  return hmacBase64Url(sessionKey, `csrf:${sessionId}`);
}

function refuse(why: string, url: string): never {
  throw new UserError('auth.csrf', why, { status: 403, remedy: `Use the pages at ${url}, or an API key.` });
}

/** Refuses a browser's request that another site caused. An absent Origin passes only where `mustHave` is false. */
export function checkOrigin(headers: IncomingHttpHeaders, url: string, mustHave: boolean): void {
  const origin = headers.origin;
  if (origin === undefined ? mustHave : origin !== url) refuse('The request comes from another site.', url);
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') refuse('The request comes from another site.', url);
}

/** Refuses an unsafe request of a session without its token. */
export function checkCsrfToken(headers: IncomingHttpHeaders, sessionKey: Buffer, sessionId: string, url: string): void {
  const given = headers['x-csrf-token'];
  if (typeof given !== 'string' || !safeEqual(given, csrfToken(sessionKey, sessionId)))
    refuse('The CSRF token is missing or not of this session.', url);
}
