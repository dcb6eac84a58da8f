/** S10: every unsafe route and the live channel from five foreign origins with a good session cookie. All refused, nothing changed. */
import { type RouteSpec, routes, urlOf } from '@hub/contract';
import { v7 } from 'uuid';
import { type TestApi, testUrl } from './harness.ts';
import { publishedWorkflow, must, snapshot } from './resources.ts';

/** Foreign, lookalike, opaque, other port, other scheme. */
export const foreignOrigins = ['https://evil.example', `${testUrl}.evil.example`, 'null', 'http://localhost:3001', 'https://localhost:3000'];

export interface CsrfFigures {
  tried: number;
  refused: number;
  wrong: string[];
}

type Headers = Record<string, string>;

/** What a foreign page may try: it cannot read the token, but may guess, leave it out, or have an old one. */
function attempts(csrf: string): [string, Headers][] {
  return [
    ...foreignOrigins.map((origin): [string, Headers] => [origin, { origin, 'x-csrf-token': csrf }]),
    ['our origin without a token', { origin: testUrl, 'x-csrf-token': '' }],
    ['our origin with the token of another session', { origin: testUrl, 'x-csrf-token': `${csrf.slice(0, -4)}AAAA` }],
    ['no origin with a token', { 'x-csrf-token': csrf }],
    ['our origin, but the browser says cross-site', { origin: testUrl, 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' }],
  ];
}

async function tryRoutes(api: TestApi, session: { cookie: string; csrf: string }, figures: CsrfFigures): Promise<void> {
  // Webhooks and resume links look at no cookie, so there is nothing to ride on: whoever has the URL may call it from anywhere.
  const unsafe = (Object.entries(routes) as [string, RouteSpec][]).filter(
    ([, spec]) => spec.method !== 'GET' && spec.access !== 'launcher' && spec.anyOrigin !== true,
  );
  for (const [name, spec] of unsafe) {
    const url = urlOf(spec.path, { ...spec.example.params, ...(spec.example.params?.['id'] === undefined ? {} : { id: v7() }) });
    for (const [who, headers] of attempts(session.csrf)) {
      // Routes for everybody ask for no token, because there is no session to ride on: origin alone decides there.
      if (spec.access === 'public' && who.startsWith('our origin') && headers['sec-fetch-site'] === undefined) continue;
      const answer = await api.ask(url, {
        method: spec.method,
        headers: { cookie: session.cookie, ...(spec.ifMatch ? { 'if-match': '"1"' } : {}), ...headers },
        ...(spec.body ? { body: spec.example.body } : {}),
      });
      figures.tried += 1;
      if (answer.statusCode === 403 && answer.body.includes('auth.csrf')) figures.refused += 1;
      else figures.wrong.push(`${name} from ${who}: ${answer.statusCode} ${answer.body.slice(0, 150)}`);
    }
  }
}

async function tryLive(api: TestApi, session: { cookie: string }, run: string, figures: CsrfFigures): Promise<void> {
  const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  for (const origin of [...foreignOrigins, undefined]) {
    const answer = await api.ask(`/api/v1/live?run=${run}`, {
      headers: { ...upgrade, cookie: session.cookie, ...(origin === undefined ? {} : { origin }) },
    });
    figures.tried += 1;
    if (answer.statusCode === 403) figures.refused += 1;
    else figures.wrong.push(`live from ${origin ?? 'no origin'}: ${answer.statusCode}`);
  }
}

/** Tries all of it as the owner of a team. */
export async function tryCsrf(api: TestApi): Promise<CsrfFigures> {
  const team = await api.makeTeam();
  const session = await api.person(team.id, 'owner');
  const workflowId = await publishedWorkflow(api, team);
  const run = String((await must(api, `/api/v1/workflows/${workflowId}/runs`, { key: team.keys.runner, body: { input: { text: 'a' } } }))['id']);
  const before = await snapshot(api, team.id);
  const figures: CsrfFigures = { tried: 0, refused: 0, wrong: [] };
  await tryRoutes(api, session, figures);
  await tryLive(api, session, run, figures);
  const after = await snapshot(api, team.id);
  for (const [table, digest] of before) if (after.get(table) !== digest) figures.wrong.push(`the table ${table} changed`);
  // The same session from our own pages is served.
  const well = await api.ask('/api/v1/variables/A', { method: 'PUT', session, body: { value: 1 } });
  if (well.statusCode !== 200) figures.wrong.push(`the right request was answered ${well.statusCode} ${well.body}`);
  return figures;
}
