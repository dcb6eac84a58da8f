/** S13 and F8 against a whole API and a real OAuth server: forged, used, foreign states, races of one code, open redirects, one refresher. */
import { asTeam, type TeamSql } from '@hub/db';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import { holdCredential, readSealedCredential } from '@hub/db/write';
import { createOAuthClient, createVault, type Vault } from '@hub/kit/vault';
import type { ApiSettings } from '../settings.ts';
import { type TestApi, type TestSession, type TestTeam, startTestApi, testUrl } from './harness.ts';
import { type OAuthServer, startOAuthServer } from './oauth-server.ts';

export interface OAuthWorld {
  api: TestApi;
  far: OAuthServer;
  team: TestTeam;
  admin: TestSession;
  settings: Partial<ApiSettings>;
  close(): Promise<void>;
}

export async function startOAuthWorld(settings: Partial<ApiSettings> = {}): Promise<OAuthWorld> {
  const far = await startOAuthServer([`${testUrl}/oauth/callback`]);
  const http = createOutbound({ allow: parseAllowList(far.place) });
  const api = await startTestApi({ ...settings, deps: { http } });
  const team = await api.makeTeam();
  const admin = await api.person(team.id, 'admin');
  return {
    api,
    far,
    team,
    admin,
    settings,
    async close() {
      await api.close();
      await http.close();
      await far.close();
    },
  };
}

/** A change behind the API's back, in the team. */
export const change = (world: OAuthWorld, work: (tx: TeamSql) => Promise<unknown>): Promise<unknown> => asTeam(world.api.db.sql, world.team.id, work);

let made = 0;
const inTeam = (world: OAuthWorld) => ({ 'x-hub-team': world.team.id });

/** A credential nobody has connected yet. */
export async function pendingCredential(world: OAuthWorld, change: Record<string, string> = {}): Promise<string> {
  const { api, far, admin } = world;
  made += 1;
  const values = {
    authorizationUrl: `${far.origin}/auth`,
    tokenUrl: `${far.origin}/token`,
    revokeUrl: `${far.origin}/token/revocation`,
    clientId: far.clientId,
    clientSecret: far.clientSecret,
    scopes: 'openid read',
    ...change,
  };
  const answer = await api.ask('/api/v1/credentials', {
    session: admin,
    headers: inTeam(world),
    body: { name: `Far end ${made}`, kind: 'oauth2', values, allowedHosts: [far.place] },
  });
  if (answer.statusCode !== 201) throw new Error(`storing failed: ${answer.body}`);
  return (answer.json() as { id: string }).id;
}

export async function begin(world: OAuthWorld, id: string, session = world.admin): Promise<URL> {
  const answer = await world.api.ask(`/api/v1/credentials/${id}/connect`, { method: 'POST', session, headers: inTeam(world) });
  if (answer.statusCode !== 200) throw new Error(`connecting failed: ${answer.statusCode} ${answer.body}`);
  return new URL((answer.json() as { url: string }).url);
}

/** What the API does with the browser's return. */
export async function comeBack(world: OAuthWorld, back: URL | string, ask: { session?: TestSession; key?: string } = { session: world.admin }) {
  const url = new URL(String(back), testUrl);
  const answer = await world.api.ask(url.pathname + url.search, ask);
  const location = String(answer.headers['location'] ?? '');
  return { status: answer.statusCode, location, connected: location.endsWith('connected=1') };
}

/** Connected, through all pages. */
export async function connectedCredential(world: OAuthWorld): Promise<string> {
  const id = await pendingCredential(world);
  const end = await comeBack(world, await world.far.consent((await begin(world, id)).href));
  if (!end.connected) throw new Error(`not connected: ${end.location}`);
  return id;
}

export async function statusOf(world: OAuthWorld, id: string): Promise<string> {
  const answer = await world.api.ask(`/api/v1/credentials/${id}`, { session: world.admin, headers: inTeam(world) });
  return (answer.json() as { status: string }).status;
}

export interface OAuthFigures {
  tried: number;
  refused: number;
  raceTries: number;
  raceWon: number;
  raceTokenCalls: number;
  wrong: string[];
}

/** S13. Every try has a credential of its own that must stay as it was. */
export async function tryForgedConsents(world: OAuthWorld, raceTries = 50): Promise<OAuthFigures> {
  const figures: OAuthFigures = { tried: 0, refused: 0, raceTries, raceWon: 0, raceTokenCalls: 0, wrong: [] };
  const judge = async (what: string, id: string | null, end: { status: number; location: string; connected: boolean }) => {
    figures.tried += 1;
    const inside =
      end.location === '' ? end.status === 401 || end.status === 403 : /^\/connections(\/[0-9a-f-]{36})?\?problem=[a-z]+$/.test(end.location);
    const untouched = id === null || (await statusOf(world, id)) === 'pending';
    if (!end.connected && inside && untouched) figures.refused += 1;
    else figures.wrong.push(`${what}: ${end.status} ${end.location}`);
  };
  await forgedStates(world, judge);
  await foreignHands(world, judge);
  await openRedirects(world, judge);
  await race(world, figures);
  return figures;
}

type Judge = (what: string, id: string | null, end: { status: number; location: string; connected: boolean }) => Promise<void>;

async function forgedStates(world: OAuthWorld, judge: Judge): Promise<void> {
  const id = await pendingCredential(world);
  const back = await world.far.consent((await begin(world, id)).href);
  const state = back.searchParams.get('state') ?? '';
  const flipped = `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`;
  const otherTeam = (await world.api.makeTeam()).id.replaceAll('-', '');
  const forged = [
    '',
    'x',
    flipped,
    state.slice(0, -1),
    `${state}A`,
    state.toUpperCase(),
    `${otherTeam}${state.slice(32)}`,
    `${state}\n`,
    `${state}%00`,
    'a'.repeat(5_000),
    `${state} `,
    `${state.slice(0, 32)}.${'A'.repeat(43)}`,
  ];
  for (const value of forged) {
    const url = new URL(back);
    url.searchParams.set('state', value);
    await judge(`state ${JSON.stringify(value.slice(0, 20))}`, id, await comeBack(world, url));
  }
  const without = new URL(back);
  without.searchParams.delete('state');
  await judge('no state', id, await comeBack(world, without));
  const twice = new URL(back);
  twice.searchParams.append('state', state);
  await judge('two states', id, await comeBack(world, twice));
  const noCode = await pendingCredential(world);
  const began = await begin(world, noCode);
  await judge('no code', noCode, await comeBack(world, `/oauth/callback?state=${began.searchParams.get('state')}`));
  const wrongCode = await pendingCredential(world);
  await judge(
    'a code nobody gave',
    wrongCode,
    await comeBack(world, `/oauth/callback?code=abc&state=${(await begin(world, wrongCode)).searchParams.get('state')}`),
  );
  // The code of one consent with the state of another: the proof key does not fit.
  const [one, other] = [await pendingCredential(world), await pendingCredential(world)];
  const [backOne, backOther] = [await world.far.consent((await begin(world, one)).href), await world.far.consent((await begin(world, other)).href)];
  backOther.searchParams.set('code', backOne.searchParams.get('code') ?? '');
  await judge('the code of another consent', other, await comeBack(world, backOther));
  const used = await comeBack(world, back);
  if (!used.connected) throw new Error(`the genuine return was refused: ${used.location}`);
  await judge('a used state', null, await comeBack(world, back));
  const old = await pendingCredential(world);
  const tooLate = await world.far.consent((await begin(world, old)).href);
  await change(world, (tx) => tx`update oauth_states set expires_at = now() - interval '1 second' where credential_id = ${old}`);
  await judge('a state of eleven minutes ago', old, await comeBack(world, tooLate));
  const denied = await pendingCredential(world);
  const state2 = (await begin(world, denied)).searchParams.get('state') ?? '';
  await judge('consent refused', denied, await comeBack(world, `/oauth/callback?error=access_denied&state=${state2}`));
  await judge('consent refused, then a code', denied, await comeBack(world, `/oauth/callback?code=abc&state=${state2}`));
  const changed = await pendingCredential(world);
  const backChanged = await world.far.consent((await begin(world, changed)).href);
  await change(world, (tx) => tx`update connector_credentials set row_version = row_version + 1 where id = ${changed}`);
  await judge('values changed meanwhile', changed, await comeBack(world, backChanged));
}

async function foreignHands(world: OAuthWorld, judge: Judge): Promise<void> {
  const id = await pendingCredential(world);
  const back = await world.far.consent((await begin(world, id)).href);
  const other = await world.api.makeTeam();
  const hands: [string, { session?: TestSession; key?: string }][] = [
    ['nobody', {}],
    ['an API key of an admin', { key: world.team.keys.admin }],
    ['another admin of the team', { session: await world.api.person(world.team.id, 'admin') }],
    ['a viewer of the team', { session: await world.api.person(world.team.id, 'viewer') }],
    ['the owner of another team', { session: await world.api.person(other.id, 'owner') }],
  ];
  for (const [who, ask] of hands) await judge(who, id, await comeBack(world, back, ask));
  const demoted = await world.api.person(world.team.id, 'admin');
  const mine = await pendingCredential(world);
  const backMine = await world.far.consent((await begin(world, mine, demoted)).href);
  await world.api.db.authSql`update members set role = 'viewer' where user_id = ${demoted.userId}`;
  await judge('somebody who is no admin any more', mine, await comeBack(world, backMine, { session: demoted }));
}

async function openRedirects(world: OAuthWorld, judge: Judge): Promise<void> {
  const evil = 'https://evil.example/';
  const forms = ['redirect_uri', 'redirect', 'next', 'returnTo', 'return_to', 'to', 'url', 'iss', 'error_uri', 'error_description'];
  for (const name of forms) {
    const id = await pendingCredential(world);
    const state = (await begin(world, id)).searchParams.get('state');
    await judge(`${name}=evil`, id, await comeBack(world, `/oauth/callback?error=server_error&state=${state}&${name}=${encodeURIComponent(evil)}`));
  }
  for (const state of ['//evil.example', 'https://evil.example', '/\\evil.example', '%0d%0aLocation:%20https://evil.example', '../../evil'])
    await judge(`state ${state}`, null, await comeBack(world, `/oauth/callback?code=x&state=${state}`));
}

async function race(world: OAuthWorld, figures: OAuthFigures): Promise<void> {
  const id = await pendingCredential(world);
  const back = await world.far.consent((await begin(world, id)).href);
  const before = world.far.calls['authorization_code'] ?? 0;
  const ends = await Promise.all(Array.from({ length: figures.raceTries }, () => comeBack(world, back)));
  figures.raceWon = ends.filter(({ connected }) => connected).length;
  figures.raceTokenCalls = (world.far.calls['authorization_code'] ?? 0) - before;
  if ((await statusOf(world, id)) !== 'active') figures.wrong.push('the race left it unconnected');
}

/** A vault as another process would have it. */
export function anotherVault(world: OAuthWorld, ring: ApiSettings['credentialKeys']): Vault {
  const { api, far } = world;
  const http = createOutbound({ allow: parseAllowList(far.place) });
  return createVault({
    rows: {
      read: (team, id, where) => readSealedCredential(api.db.sql, team, id, where),
      hold: (team, id, work) => holdCredential(api.db.sql, team, id, work),
    },
    ring,
    oauth: createOAuthClient({ fetchFor: (hosts) => http.fetchFor(hosts) }),
  });
}

/** Makes the stored access token look used up. */
export async function expire(world: OAuthWorld, id: string): Promise<void> {
  await change(world, (tx) => tx`update connector_credentials set oauth_token_expires_at = now() - interval '1 minute' where id = ${id}`);
}

/** F8: `nodes` uses at once of an expired token, over several vaults: one refresh, all succeed with the same token. */
export async function tryOneRefresher(world: OAuthWorld, ring: ApiSettings['credentialKeys'], nodes = 100, vaults = 4) {
  const id = await connectedCredential(world);
  await expire(world, id);
  const before = { calls: world.far.calls['refresh_token'] ?? 0, refused: world.far.refused };
  const all = Array.from({ length: vaults }, () => anotherVault(world, ring));
  const got = await Promise.allSettled(Array.from({ length: nodes }, (_, at) => all[at % vaults]!.use(world.team.id, id, null)));
  const tokens = new Set(got.flatMap((one) => (one.status === 'fulfilled' ? [one.value.values['token']] : [])));
  return {
    calls: (world.far.calls['refresh_token'] ?? 0) - before.calls,
    refused: world.far.refused - before.refused,
    succeeded: got.filter(({ status }) => status === 'fulfilled').length,
    tokens: tokens.size,
    faults: [...new Set(got.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])))].slice(0, 3),
  };
}
