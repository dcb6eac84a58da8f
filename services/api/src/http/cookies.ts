/** better-auth answers fetch Responses; their cookies go out one by one, never joined. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Copies each `set-cookie` of `from` to the reply. */
export function copyCookies(from: Response, reply: FastifyReply): void {
  for (const cookie of from.headers.getSetCookie()) reply.header('set-cookie', cookie);
}

/** Headers better-auth may see: cookie and user agent, nothing that claims an address. */
export function authHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const name of ['cookie', 'user-agent']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}
