/** The authorisation proof (S1): every route as every role against the table a person reads, and every id from another team. Used by the int test and by `npm run proof -- authz`. */
import { readFileSync } from 'node:fs';
import { type RouteSpec, roles, routes, urlOf } from '@hub/contract';
import { v7 } from 'uuid';
import { formFile } from './forms.ts';
import type { Ask, TestApi, TestSession, TestTeam } from './harness.ts';
import { type Resources, makeResources, snapshot } from './resources.ts';

const table: [string, RouteSpec][] = Object.entries(routes);
/** Codes that say "not you": everything else counts as allowed. */
const refusals = new Set(['auth.required', 'auth.not-allowed', 'auth.person-only', 'auth.launcher-only', 'auth.bad-key', 'auth.csrf']);
const columns = ['nobody', 'viewer', 'runner', 'editor', 'admin', 'owner'] as const;

export interface Expected {
  route: string;
  allowed: Record<(typeof columns)[number], boolean>;
  key: 'yes' | 'no' | 'by scope';
}

/** Reads `authz-table.md`. */
export function readExpected(): Map<string, Expected> {
  const text = readFileSync(new URL('../../authz-table.md', import.meta.url), 'utf8');
  const rows = new Map<string, Expected>();
  for (const line of text.split('\n')) {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [operation, route, ...rest] = cells;
    if (!operation || !route?.includes(' /')) continue;
    const allowed = Object.fromEntries(columns.map((name, i) => [name, rest[i] === 'yes'])) as Expected['allowed'];
    rows.set(operation, { route, allowed, key: rest[6] as Expected['key'] });
  }
  return rows;
}

/** Lines of the table without a route, and routes without a line. */
export function tableGaps(api: TestApi): string[] {
  const expected = readExpected();
  const registered = new Map(
    api.app.accessTable.filter((row) => row.operationId !== null).map((row) => [row.operationId ?? '', `${row.method} ${row.url}`]),
  );
  const gaps = [...registered]
    .filter(([name, route]) => expected.get(name)?.route !== route)
    .map(([name, route]) => `${route} (${name}) is not in the table`);
  for (const name of expected.keys()) if (!registered.has(name)) gaps.push(`${name} of the table is no route`);
  for (const [name] of table) if (!registered.has(name)) gaps.push(`${name} of the contract is not registered`);
  return gaps;
}

/** A request that is right in form: own examples, ids that are nowhere. */
function formedRequest(spec: RouteSpec): { url: string; ask: Ask } {
  const params = { ...spec.example.params, ...(spec.example.params?.['id'] === undefined ? {} : { id: v7() }) };
  const ask: Ask = { method: spec.method, headers: spec.ifMatch ? { 'if-match': '"1"' } : {} };
  if (spec.bodyType === 'form') Object.assign(ask, formFile('a,b\n1,2\n'));
  else if (spec.body) ask.body = spec.example.body;
  return { url: urlOf(spec.path, params, spec.example.query), ask };
}

async function isAllowed(api: TestApi, spec: RouteSpec, who: { key?: string; session?: TestSession }): Promise<{ allowed: boolean; status: number }> {
  const { url, ask } = formedRequest(spec);
  const answer = await api.ask(url, { ...ask, ...who });
  const code = answer.headers['content-type']?.toString().includes('json') ? ((answer.json() as { code?: string } | null)?.code ?? '') : '';
  return { allowed: !refusals.has(code), status: answer.statusCode };
}

export interface Outcome {
  tried: number;
  wrong: string[];
}

/** Every operation as nobody, as each role by session, and as each role by key. */
export async function tryMatrix(api: TestApi, team: TestTeam): Promise<Outcome> {
  const expected = readExpected();
  const wrong: string[] = [];
  let tried = 0;
  const note = (name: string, who: string, found: { allowed: boolean; status: number }, want: boolean): void => {
    tried += 1;
    if (found.allowed !== want) wrong.push(`${name} as ${who}: ${found.status}, ${want ? 'should be allowed' : 'should be refused'}`);
    if (found.status >= 500 && found.status !== 503) wrong.push(`${name} as ${who}: ${found.status}`);
  };
  for (const [name, spec] of table) {
    const want = expected.get(name);
    if (!want) {
      wrong.push(`${name} is not in the table`);
      continue;
    }
    note(name, 'nobody', await isAllowed(api, spec, {}), want.allowed.nobody);
    for (const role of roles) {
      // A person of their own each time: signing out or switching teams must not change the next try.
      note(
        name,
        `${role} (session)`,
        await isAllowed(api, spec, { session: await api.person(team.id, role) }),
        want.allowed[role as Exclude<(typeof columns)[number], 'nobody'>],
      );
      const byKey = want.key === 'by scope' ? want.allowed[role] : want.key === 'yes';
      note(name, `${role} (key)`, await isAllowed(api, spec, { key: team.keys[role] }), byKey);
    }
  }
  return { tried, wrong };
}

/** Requests of an owner of team B that name things of team A, by path, query, body and header. */
function foreignRequests(mine: Resources): { name: string; url: string; ask: Ask; want: number[]; by: 'key' | 'session' }[] {
  const idOf: Record<string, string> = {
    workflows: mine.workflowId,
    runs: mine.runId,
    files: mine.fileId,
    credentials: mine.credentialId,
    'api-keys': mine.apiKeyId,
    members: mine.memberId,
    invitations: mine.invitationId,
    notices: mine.noticeId,
    approvals: mine.approvalId,
    teams: mine.teamId,
    sessions: mine.sessionId,
  };
  return table.flatMap(([name, spec]) => {
    // A connector belongs to nobody; its credential is tried below.
    if (!spec.path.includes(':id') || spec.path.startsWith('/api/v1/connectors/')) return [];
    const id = idOf[spec.path.split('/')[3] ?? ''];
    if (id === undefined) throw new Error(`no resource is made for ${spec.path}`);
    const { ask } = formedRequest(spec);
    // The query of the example may be another's: only what is required goes along.
    const url = urlOf(spec.path, { ...spec.example.params, id }, {});
    return [{ name, url, ask, want: [404], by: spec.personOnly ? ('session' as const) : ('key' as const) }];
  });
}

function otherPlaces(mine: Resources): ReturnType<typeof foreignRequests> {
  const definition = {
    schemaVersion: 1,
    nodes: [
      {
        id: 'call',
        type: 'data_source',
        config: { connector: 'http', action: 'request', params: { url: 'https://example.com/' }, credentialId: mine.credentialId },
      },
    ],
  };
  return [
    {
      name: 'live',
      url: `/api/v1/live?run=${mine.runId}`,
      ask: {
        headers: { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' },
      },
      want: [404],
      by: 'key',
    },
    {
      name: 'x-hub-team of another team (session)',
      url: '/api/v1/workflows',
      ask: { headers: { 'x-hub-team': mine.teamId } },
      want: [404],
      by: 'session',
    },
    { name: 'x-hub-team of another team (key)', url: '/api/v1/workflows', ask: { headers: { 'x-hub-team': mine.teamId } }, want: [404], by: 'key' },
    {
      name: 'a credential of another team in a body',
      url: `/api/v1/workflows/${mine.foreignWorkflowId}/validate`,
      ask: { method: 'POST', body: { definition } },
      want: [200],
      by: 'key',
    },
    ...['options', 'fields', 'test'].map((what) => ({
      name: `a credential of another team at connectors/${what}`,
      url: `/api/v1/connectors/postgres/${what}`,
      ask: {
        method: 'POST' as const,
        body: {
          credentialId: mine.credentialId,
          ...(what === 'options' ? { action: 'read-table', resource: 'tables', params: { schema: 'public' } } : {}),
          ...(what === 'fields' ? { action: 'insert-rows', field: 'rows', params: { schema: 'public', table: 'orders' } } : {}),
        },
      },
      want: [404, 422],
      by: 'key' as const,
    })),
  ];
}

/** As the strongest of team B with everything of team A. Everything answers 404 and nothing of A changes. */
export async function tryForeignIds(api: TestApi): Promise<Outcome> {
  const [a, b] = [await api.makeTeam(), await api.makeTeam()];
  const mine = await makeResources(api, a, b);
  const stranger = await api.person(b.id, 'owner');
  const before = await snapshot(api, a.id);
  const wrong: string[] = [];
  const requests = [...foreignRequests(mine), ...otherPlaces(mine)];
  for (const { name, url, ask, want, by } of requests) {
    const answer = await api.ask(url, { ...ask, ...(by === 'key' ? { key: b.keys.owner } : { session: stranger }) });
    if (!want.includes(answer.statusCode)) wrong.push(`${name} ${url}: ${answer.statusCode} ${answer.body.slice(0, 200)}`);
    if (name.startsWith('a credential of another team') && !answer.body.includes('credential.not-found'))
      wrong.push(`${name}: ${answer.body.slice(0, 200)}`);
  }
  const lists = await Promise.all(
    [
      `/api/v1/runs?workflowId=${mine.workflowId}`,
      '/api/v1/workflows',
      '/api/v1/files',
      '/api/v1/credentials',
      '/api/v1/variables',
      '/api/v1/audit-entries',
    ].map((url) => api.ask(url, { key: b.keys.owner })),
  );
  const secretIds = Object.entries(mine)
    .filter(([name]) => name !== 'foreignWorkflowId')
    .map(([, id]) => id);
  for (const list of lists) for (const id of secretIds) if (list.body.includes(id)) wrong.push(`a list of team B shows ${id} of team A`);
  const after = await snapshot(api, a.id);
  for (const [name, digest] of before) if (after.get(name) !== digest) wrong.push(`the table ${name} of team A changed`);
  return { tried: requests.length + lists.length + before.size, wrong };
}
