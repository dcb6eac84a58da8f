/** The fake API as a function: matches the contract's routes, checks what goes in and out against its shapes. */
import { type OperationId, type RouteSpec, routes } from '@hub/contract';
import { answers } from './answers.ts';
import { Refused } from './refused.ts';

interface Match {
  id: OperationId;
  spec: RouteSpec;
  params: Record<string, string>;
}

function match(method: string, pathname: string): Match | null {
  for (const [id, spec] of Object.entries(routes) as [OperationId, RouteSpec][]) {
    if (spec.method !== method) continue;
    const pattern = new RegExp(`^${spec.path.replace(/:([a-zA-Z]+)/g, '(?<$1>[^/]+)')}$`);
    const found = pattern.exec(pathname);
    if (found)
      return { id, spec, params: Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])) };
  }
  return null;
}

const manyLists = /^list(Workflows|Runs|Files|Members|ApiKeys|Credentials|Variables|Audit|Invitations|Notices|Versions|Approvals)/;
const longName = 'One whose name goes on and on because somebody wrote the whole description of it into the name, as people do';

/** A full page of a list: what is there again and again, each with an id of its own, every fifth with a name that no page has room for. */
function manyOf(value: { items?: Record<string, unknown>[]; nextCursor?: string | null }): void {
  const own = value.items ?? [];
  if (own.length === 0) return;
  value.items = Array.from({ length: 50 }, (_, index) => {
    const one: Record<string, unknown> = { ...own[index % own.length] };
    for (const key of ['name', 'title', 'workflowName'])
      if (typeof one[key] === 'string' && index % 5 === 1)
        one[key] = /^[A-Z_]+$/.test(one[key]) ? longName.toUpperCase().replaceAll(' ', '_') : longName;
    if (index >= own.length && typeof one['id'] === 'string') one['id'] = one['id'].slice(0, -8) + (0xee000000 + index).toString(16);
    return one;
  });
  value.nextCursor = 'next';
}

const json = (value: unknown, status: number, headers: Record<string, string> = {}): Response => Response.json(value, { status, headers });
const refuse = ({ problem }: Refused): Response => json(problem, problem.status, { 'content-type': 'application/problem+json' });

/** Answers one request. `?slow` in the referring page's cookie (`fake-slow=ms`) delays it, to look at loading states. */
export async function fakeApi(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const cookie = request.headers.get('cookie') ?? '';
  const slow = Number(/fake-slow=(\d+)/.exec(cookie)?.[1] ?? 0);
  if (slow > 0) await new Promise((resolve) => setTimeout(resolve, slow));
  if (cookie.includes('fake=broken') && url.pathname !== '/api/v1/me')
    return refuse(new Refused(503, 'database.unavailable', 'The database does not answer.'));
  const found = match(request.method, url.pathname);
  if (!found) return refuse(new Refused(404, 'route.not-found', 'No such route.'));
  const answer = answers[found.id];
  if (!answer) return refuse(new Refused(501, 'fake.not-made', `The fake does not do ${found.id}.`));
  try {
    if (found.params['id'] && !found.spec.path.startsWith('/api/v1/connectors/') && !/^[0-9a-f-]{36}$/.test(found.params['id']))
      throw new Refused(404, 'route.not-found', 'There is no such thing.');
    const body = request.headers.get('content-type')?.includes('json') ? ((await request.json()) as Record<string, unknown>) : {};
    const query = found.spec.query ? (found.spec.query.parse(Object.fromEntries(url.searchParams)) as Record<string, unknown>) : {};
    const ifMatch = Number(/\d+/.exec(request.headers.get('if-match') ?? '')?.[0] ?? Number.NaN);
    const value = answer({ params: found.params, query, body, cookie, ifMatch: Number.isNaN(ifMatch) ? null : ifMatch });
    const headers: Record<string, string> =
      found.id === 'signIn'
        ? { 'set-cookie': 'fake=owner; Path=/; HttpOnly; SameSite=Lax' }
        : found.id === 'signOut'
          ? { 'set-cookie': 'fake=; Path=/; Max-Age=0' }
          : {};
    // Nothing there yet: every list of the team's own things is empty.
    if (cookie.includes('fake=empty') && /^list(Files|ApiKeys|Credentials|Variables|Audit|Invitations|Notices)/.test(found.id))
      Object.assign(value as object, { items: [] });
    if (cookie.includes('fake=many') && manyLists.test(found.id)) manyOf(value as { items?: Record<string, unknown>[] });
    if (found.spec.answer === null) return new Response(null, { status: found.spec.status, headers });
    return json(found.spec.answer.parse(value), found.spec.status, headers);
  } catch (error) {
    if (error instanceof Refused) return refuse(error);
    console.error(found.id, error);
    return refuse(new Refused(500, 'fake.broken', String(error)));
  }
}
