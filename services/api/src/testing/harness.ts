/** A whole API on a database of its own, driven through `inject`. For tests and proofs only; Temporal is a recorder, everything else is real. */
import { createHash, randomBytes } from 'node:crypto';
import { type Role, roles } from '@hub/contract';
import { createLog, createMetrics } from '@hub/kit';
import { createKeyRing, randomToken } from '@hub/kit/crypto';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import { openCodec } from '@hub/kit/temporal';
import { makeTeam, testDatabase, type TestDatabase } from '@hub/db/testing';
import { createApiKey } from '@hub/db/write';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { createMailer, type Mailer } from '../auth/mailer.ts';
import { buildServer } from '../server.ts';
import { type ApiDeps, type ApiSettings, type RateSettings, defaultRates } from '../settings.ts';

export const testUrl = 'http://localhost:3000';
export const launcherToken = 'launcher-token-of-the-tests';

/** What a request carries beside its URL. */
export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  key?: string;
  session?: TestSession;
  body?: unknown;
  /** Raw text instead of JSON. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
  address?: string;
}
export interface TestSession {
  cookie: string;
  csrf: string;
  userId: string;
  email: string;
}
export interface TestTeam {
  id: string;
  ownerId: string;
  /** One API key per role, made by the owner with that scope. */
  keys: Record<Role, string>;
}

export interface TestApi {
  app: FastifyInstance;
  db: TestDatabase;
  mailer: Mailer;
  /** Runs that the API handed to Temporal, and those it asked to cancel. */
  started: string[];
  cancelled: string[];
  /** What it told runs. */
  told: { run: string; n: number; kind: string }[];
  ask(url: string, ask?: Ask): Promise<LightMyRequestResponse>;
  makeTeam(options?: { plan?: 'free' | 'teams' | 'enterprise' }): Promise<TestTeam>;
  /** A confirmed person with a role in the team, signed in by a one-time link. */
  person(team: string, role: Role): Promise<TestSession>;
  close(): Promise<void>;
}

/** No limit that a test meets by accident; the flood tests give their own. */
function unlimited(): RateSettings {
  const rates = defaultRates(1_000_000);
  return Object.fromEntries(Object.keys(rates).map((name) => [name, { limit: 1_000_000, windowMs: 60_000 }])) as unknown as RateSettings;
}

function testSettings(change: Partial<ApiSettings>): ApiSettings {
  return {
    url: testUrl,
    temporalUiUrl: 'http://127.0.0.1:8233',
    namespace: 'default',
    sessionKey: randomBytes(32),
    blobKey: randomBytes(32),
    webhookKey: randomBytes(32),
    credentialKeys: createKeyRing(`k1:${randomBytes(32).toString('base64')}`),
    launcherToken,
    demoEmail: null,
    operatorEmail: null,
    defaultPlan: 'enterprise',
    modelKeys: [],
    webDist: null,
    bodyLimitBytes: 1_000_000,
    uploadLimitBytes: 5_000_000,
    rates: unlimited(),
    ...change,
  };
}

async function addKey(db: TestDatabase, team: string, userId: string, scopes: string[]): Promise<string> {
  const key = `hub_${randomToken()}`;
  await createApiKey(db.sql, {
    team,
    userId,
    name: scopes.join(' '),
    hash: createHash('sha256').update(key).digest(),
    prefix: key.slice(0, 12),
    scopes,
    expiresAt: null,
  });
  return key;
}

async function addTeam(db: TestDatabase, plan: 'free' | 'teams' | 'enterprise'): Promise<TestTeam> {
  const { team, userId } = await makeTeam(db, { plan });
  const keys = {} as Record<Role, string>;
  for (const role of roles) keys[role] = await addKey(db, team, userId, [role]);
  return { id: team, ownerId: userId, keys };
}

function requestOf(url: string, ask: Ask) {
  const headers: Record<string, string> = { ...ask.headers };
  const method = ask.method ?? (ask.body === undefined && ask.raw === undefined ? 'GET' : 'POST');
  if (ask.key) headers['authorization'] ??= `Bearer ${ask.key}`;
  if (ask.session) {
    headers['cookie'] ??= ask.session.cookie;
    if (method !== 'GET') {
      headers['origin'] ??= testUrl;
      headers['x-csrf-token'] ??= ask.session.csrf;
    }
  }
  if (ask.body !== undefined) headers['content-type'] ??= 'application/json';
  const payload = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
  return {
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
    ...(ask.address === undefined ? {} : { remoteAddress: ask.address }),
  };
}

async function signIn(api: Pick<TestApi, 'ask'>, email: string): Promise<Omit<TestSession, 'userId' | 'email'>> {
  const made = await api.ask('/api/v1/dev/sign-in-link', { body: { email }, headers: { 'x-hub-launcher-token': launcherToken } });
  const url = new URL((made.json() as { url: string }).url);
  const used = await api.ask(url.pathname + url.search);
  const cookie = [used.headers['set-cookie'] ?? []]
    .flat()
    .map((text) => text.split(';')[0])
    .join('; ');
  const me = await api.ask('/api/v1/me', { headers: { cookie } });
  if (me.statusCode !== 200) throw new Error(`signing in failed: ${used.statusCode} ${used.body} ${me.statusCode} ${me.body}`);
  return { cookie, csrf: (me.json() as { csrfToken: string }).csrfToken };
}

/** Starts one. Close it in `afterAll`. */
export async function startTestApi(change: Partial<ApiSettings> & { deps?: Partial<ApiDeps> } = {}): Promise<TestApi> {
  const { deps: given, ...settings } = change;
  const db = await testDatabase();
  const log = createLog({ name: 'api-test', level: process.env['HUB_TEST_LOG'] === '1' ? 'debug' : 'silent' });
  const mailer = createMailer({ smtpUrl: null, from: 'hub@example.test', log });
  const http = createOutbound({ allow: parseAllowList('') });
  const started: string[] = [];
  const cancelled: string[] = [];
  const told: TestApi['told'] = [];
  const app = await buildServer({
    settings: testSettings(settings),
    sql: db.sql,
    authSql: db.authSql,
    log,
    metrics: createMetrics({ processName: 'api-test', defaults: false }),
    mailer,
    http,
    starter: { start: async (runs) => void started.push(...runs.map(({ run }) => run)) },
    codec: openCodec({ keys: `k1:${Buffer.alloc(32, 7).toString('base64')}`, mode: 'on' }).codec,
    temporal: {
      cancel: async (run) => void cancelled.push(run),
      tell: async (run, messages) => told.push(...messages.map(({ n, kind }) => ({ run, n, kind }))) > 0,
      check: async () => ({ temporal: true, worker: true }),
    },
    ...given,
  });
  const ask = (url: string, options: Ask = {}) => app.inject(requestOf(url, options));
  return {
    app,
    db,
    mailer,
    started,
    told,
    cancelled,
    ask,
    makeTeam: (options = {}) => addTeam(db, options.plan ?? 'enterprise'),
    async person(team, role) {
      const email = `${randomBytes(6).toString('hex')}@example.test`;
      const [user] = await db.authSql<
        { id: string }[]
      >`insert into users (name, email, email_verified) values ('A person', ${email}, true) returning id`;
      const userId = user?.id ?? '';
      await db.authSql`insert into members (team_id, user_id, role) values (${team}, ${userId}, ${role})`;
      return { ...(await signIn({ ask }, email)), userId, email };
    },
    async close() {
      await app.close();
      await http.close();
      await db.close();
    },
  };
}
