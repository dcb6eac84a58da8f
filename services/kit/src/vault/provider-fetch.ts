/** Brings the habits of providers to what RFC 6749 says, on the way in and out; so the protocol itself is the library's. */
import type { Outbound } from '../http/index.ts';
import type { OAuthProvider } from '../credentials/index.ts';

type Json = Record<string, unknown>;

/** `fetch` for the token address of `provider`. Answers are small: the guard caps them. */
export function providerFetch(provider: OAuthProvider, fetch: Outbound['fetch']): Outbound['fetch'] {
  return async (input, init) => {
    const response = await fetch(input, provider.id === 'notion' ? asJson(init) : init);
    const text = await response.text();
    const answer = parse(text);
    if (answer === null) return new Response(text, { status: response.status, headers: response.headers });
    const { status, body } = normalise(provider, response.status, answer);
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  };
}

/** Notion takes JSON instead of a form. */
function asJson(init: RequestInit | undefined): RequestInit | undefined {
  if (!(init?.body instanceof URLSearchParams)) return init;
  const headers = new Headers(init.headers);
  headers.set('content-type', 'application/json');
  return { ...init, headers, body: JSON.stringify(Object.fromEntries(init.body)) };
}

function normalise(provider: OAuthProvider, status: number, answer: Json): { status: number; body: Json } {
  // Slack says 200 and ok: false.
  if (answer['ok'] === false) return { status: 400, body: { error: slackError(String(answer['error'] ?? 'invalid_request')) } };
  const { id_token: _identity, refresh_token: refresh, ...body } = answer;
  if (typeof body['access_token'] === 'string') {
    // Slack's bots and older services have words of their own for it.
    body['token_type'] = 'bearer';
    if (typeof body['scope'] === 'string') body['scope'] = body['scope'].split(provider.separator).join(' ');
    if (typeof body['expires_in'] === 'string') body['expires_in'] = Number(body['expires_in']);
  }
  // Some answer null where there is none.
  return { status, body: typeof refresh === 'string' ? { ...body, refresh_token: refresh } : body };
}

const slackError = (error: string): string =>
  error === 'invalid_refresh_token' || error === 'token_revoked' || error === 'invalid_code' || error === 'code_already_used'
    ? 'invalid_grant'
    : error;

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}
