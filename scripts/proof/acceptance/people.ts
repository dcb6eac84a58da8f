/** Who comes from outside: people who sign up (each has a team of their own), and callers without any key. */
import { randomUUID } from 'node:crypto';
import { create, hubAs, want, type Answer, type Hub } from './run.ts';

export interface Member {
  hub: Hub;
  email: string;
  headers: Record<string, string>;
}

/** A new account, signed in: its owner acts by session, with the CSRF token where something changes. */
export async function member(hub: Hub): Promise<Member> {
  const email = `p-${randomUUID()}@example.test`;
  const password = randomUUID();
  const nobody = hubAs(hub.url, { origin: hub.url });
  await want(nobody, 200, 'POST', '/auth/sign-up', { name: 'Pat', email, password });
  const answer = await nobody.call('POST', '/auth/sign-in', { email, password });
  if (answer.status !== 200) throw new Error(`signing in: ${answer.status} ${answer.text.slice(0, 200)}`);
  const cookie = answer.headers.getSetCookie().map((text) => text.split(';')[0]);
  const headers = { cookie: cookie.join('; '), origin: hub.url, 'x-csrf-token': (answer.body as { csrfToken: string }).csrfToken };
  return { hub: hubAs(hub.url, headers), email, headers };
}

/** Without a key or a session. */
export const nobody = (hub: Hub): Hub => hubAs(hub.url, {});

/** Publishes; `url` is that of its webhook or form. */
export async function published(hub: Hub, definition: unknown): Promise<{ id: string; url: string }> {
  const id = await create(hub, definition);
  const { urls } = await want<{ urls: { url: string }[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, {});
  return { id, url: urls[0]?.url ?? '' };
}
/** A POST of JSON from outside. */
export async function outside(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : null, text, headers: answer.headers };
}
