import { randomBytes } from 'node:crypto';
import { createKeyRing } from '@hub/kit/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  anotherVault,
  begin,
  change,
  comeBack,
  connectedCredential,
  expire,
  type OAuthWorld,
  pendingCredential,
  startOAuthWorld,
  statusOf,
  tryForgedConsents,
  tryOneRefresher,
} from './testing/oauth-tries.ts';

const ring = createKeyRing(`k1:${randomBytes(32).toString('base64')}`);
let world: OAuthWorld;
beforeAll(async () => {
  world = await startOAuthWorld({ credentialKeys: ring });
});
afterAll(() => world.close());

const read = async (id: string, path = '') =>
  (await world.api.ask(`/api/v1/credentials/${id}${path}`, { session: world.admin, headers: { 'x-hub-team': world.team.id } })).json() as Record<
    string,
    unknown
  >;
const post = async (id: string, path: string) =>
  (
    await world.api.ask(`/api/v1/credentials/${id}${path}`, { method: 'POST', session: world.admin, headers: { 'x-hub-team': world.team.id } })
  ).json() as Record<string, unknown>;

describe('connecting at a provider', () => {
  it('asks with proof key, exact redirect URL and a state, and keeps what was granted', async () => {
    const id = await pendingCredential(world);
    expect(await statusOf(world, id)).toBe('pending');
    const url = await begin(world, id);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      redirect_uri: 'http://localhost:3000/oauth/callback',
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid read',
    });
    expect(await comeBack(world, await world.far.consent(url.href))).toMatchObject({ status: 303, location: `/connections/${id}?connected=1` });
    expect(await read(id)).toMatchObject({ status: 'active', scopes: ['openid', 'read'], expiresAt: null });
    const live = await anotherVault(world, ring).use(world.team.id, id, null);
    expect(Object.keys(live.values)).toEqual(['authorizationUrl', 'tokenUrl', 'revokeUrl', 'clientId', 'scopes', 'token']);
    expect(await post(id, '/test')).toMatchObject({ ok: true });
  });

  it('refuses forged, used, old and foreign returns, and one of many wins a race for a code (S13)', async () => {
    const figures = await tryForgedConsents(world, 12);
    expect(figures.wrong).toEqual([]);
    expect(figures.tried).toBeGreaterThan(35);
    expect(figures.refused).toBe(figures.tried);
    expect(figures).toMatchObject({ raceWon: 1, raceTokenCalls: 1 });
  });

  it('names the scopes that the provider did not grant', async () => {
    const id = await connectedCredential(world);
    await change(world, (tx) => tx`update connector_credentials set oauth_scopes = '{openid}' where id = ${id}`);
    const answer = await post(id, '/test');
    expect(answer).toMatchObject({ ok: false, code: 'credential.missing-scope', missingScopes: ['read'] });
  });
});

describe('refreshing', () => {
  it('is done once for 100 uses at once in four processes, with refresh tokens that are good once (F8)', async () => {
    expect(await tryOneRefresher(world, ring)).toEqual({ calls: 1, refused: 0, succeeded: 100, tokens: 1, faults: [] });
  });

  it('gets another token after a refusal by the service, and the same one for all who were refused', async () => {
    const id = await connectedCredential(world);
    const vault = anotherVault(world, ring);
    const stale = await vault.use(world.team.id, id, null);
    const before = world.far.calls['refresh_token'] ?? 0;
    const fresh = await Promise.all([
      vault.renew(world.team.id, stale),
      vault.renew(world.team.id, stale),
      anotherVault(world, ring).renew(world.team.id, stale),
    ]);
    expect(new Set(fresh.map(({ values }) => values['token'])).size).toBe(1);
    expect(fresh[0]?.values['token']).not.toBe(stale.values['token']);
    expect((world.far.calls['refresh_token'] ?? 0) - before).toBe(1);
  });

  it('says needs_reauth and tells the owner where the provider takes the refresh token no more', async () => {
    const id = await connectedCredential(world);
    const row = (await change(
      world,
      async (tx) => (await tx`select oauth_refresh_token_encrypted as t from connector_credentials where id = ${id}`)[0],
    )) as { t: Buffer };
    const vault = anotherVault(world, ring);
    await expire(world, id);
    await vault.use(world.team.id, id, null);
    // The token before that one again: to the provider somebody stole it.
    await change(
      world,
      (tx) =>
        tx`update connector_credentials set oauth_refresh_token_encrypted = ${row.t}, token_version = 1, oauth_access_token_encrypted = null where id = ${id}`,
    );
    await expect(vault.use(world.team.id, id, null)).rejects.toMatchObject({ code: 'credential.needs-reauth' });
    expect(await read(id)).toMatchObject({ status: 'needs_reauth', statusReason: 'invalid_grant' });
    const notices = (await world.api.ask('/api/v1/notices', { session: world.admin, headers: { 'x-hub-team': world.team.id } })).json() as {
      items: { kind: string; link: string }[];
    };
    expect(notices.items.filter(({ link }) => link === `/connections/${id}`)).toMatchObject([{ kind: 'credential.needs-reauth' }]);
    expect(await comeBack(world, await world.far.consent((await begin(world, id)).href))).toMatchObject({ connected: true });
    expect(await statusOf(world, id)).toBe('active');
  });

  it('waits for a provider that is away, without losing the connection', async () => {
    const id = await connectedCredential(world);
    await expire(world, id);
    world.far.down = true;
    await expect(anotherVault(world, ring).use(world.team.id, id, null)).rejects.toMatchObject({
      code: 'credential.refresh-failed',
      kind: 'transient',
    });
    world.far.down = false;
    expect((await anotherVault(world, ring).use(world.team.id, id, null)).values['token']).toBeTruthy();
  });
});

describe('client credentials and revoking', () => {
  it('signs in as itself, once for many', async () => {
    const { far, team, api, admin } = world;
    const answer = await api.ask('/api/v1/credentials', {
      session: admin,
      headers: { 'x-hub-team': team.id },
      body: {
        name: 'Robot',
        kind: 'oauth2-client-credentials',
        values: { tokenUrl: `${far.origin}/token`, clientId: far.clientId, clientSecret: far.clientSecret },
        allowedHosts: [far.place],
      },
    });
    const { id } = answer.json() as { id: string };
    const vault = anotherVault(world, ring);
    const got = await Promise.all([1, 2, 3].map(() => vault.use(team.id, id, null)));
    expect(new Set(got.map(({ values }) => values['token'])).size).toBe(1);
    expect(far.calls['client_credentials']).toBe(1);
  });

  it('takes access back at the provider and destroys what was stored', async () => {
    const id = await connectedCredential(world);
    const answer = await world.api.ask(`/api/v1/credentials/${id}`, {
      method: 'DELETE',
      session: world.admin,
      headers: { 'x-hub-team': world.team.id },
    });
    expect(answer.statusCode).toBe(204);
    const audit = (await change(
      world,
      async (tx) => (await tx`select details from audit_log where target = ${`credential:${id}`} and action = 'credential.revoke'`)[0],
    )) as { details: unknown };
    expect(audit.details).toMatchObject({ atProvider: 'done' });
    await expect(anotherVault(world, ring).use(world.team.id, id, null)).rejects.toMatchObject({ code: 'credential.revoked' });
  });
});
