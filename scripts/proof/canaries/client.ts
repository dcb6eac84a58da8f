/** The hub over HTTP, as an API key and as a person; every answer is searched, the bad ones too. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { HubStack } from '../lib/stack.ts';
import type { Aviary, Search } from './secrets.ts';

export interface Answer<T> {
  status: number;
  body: T;
  location: string | null;
}

export interface Caller {
  /** Never throws for a status. `unsearched`: the answer is where a secret is meant to be shown, once. */
  call: <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    more?: { headers?: Record<string, string>; unsearched?: true },
  ) => Promise<Answer<T>>;
  /** As `call`; throws where the answer is not 2xx. */
  must: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>;
}

function callerWith(stack: HubStack, search: Search, own: Record<string, string>): Caller {
  const call: Caller['call'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    { headers = {}, unsearched }: { headers?: Record<string, string>; unsearched?: true } = {},
  ) => {
    const answer = await fetch(`${stack.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...own,
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    if (unsearched !== true) search.look('API answers', `${method} ${path} ${answer.status}`, `${text}\n${answer.headers.get('location') ?? ''}`);
    let json: unknown = null;
    try {
      json = JSON.parse(text);
    } catch {
      // Not every answer is JSON.
    }
    return { status: answer.status, body: json as T, location: answer.headers.get('location') };
  };
  return {
    call,
    async must<T>(method: string, path: string, body?: unknown) {
      const answer = await call<T>(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`);
      return answer.body;
    },
  };
}

export const keyCaller = (stack: HubStack, search: Search): Caller => callerWith(stack, search, { authorization: `Bearer ${stack.apiKey}` });

/** Signs in the demo person. Their cookie is a canary. */
export async function personCaller(stack: HubStack, search: Search, { note }: Aviary): Promise<Caller> {
  const body = JSON.stringify({ email: stack.env['HUB_DEMO_EMAIL'], password: stack.env['HUB_DEMO_PASSWORD'] });
  const answer = await fetch(`${stack.url}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.url },
    body,
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((text) => text.split(';')[0] ?? '')
    .join('; ');
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  note('cookie of a session', decodeURIComponent(cookie.split('=').slice(1).join('=')));
  note('CSRF token of a session', csrfToken, ['API answers']);
  return callerWith(stack, search, { cookie, 'x-csrf-token': csrfToken, origin: stack.url });
}

/** Waits until `holds`; gives up after a minute. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await holds()); await delay(100))
    if (Date.now() > end) throw new Error(`did not come within 60 s: ${what}`);
}
