import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, type TestSession, type TestTeam, startTestApi } from './testing/harness.ts';
import { publishedWorkflow } from './testing/resources.ts';

const password = 'correct horse battery';

describe('account and figures', () => {
  let api: TestApi;
  let team: TestTeam;
  beforeAll(async () => {
    api = await startTestApi();
    team = await api.makeTeam();
  });
  afterAll(async () => api.close());

  const signIn = async (email: string, word = password): Promise<TestSession> => {
    const answer = await api.ask('/api/v1/auth/sign-in', { body: { email, password: word } });
    expect(answer.statusCode, answer.body).toBe(200);
    const { csrfToken, user } = answer.json() as { csrfToken: string; user: { id: string } };
    const cookie = [answer.headers['set-cookie'] ?? []].flat().map((text) => text.split(';')[0]);
    return { cookie: cookie.join('; '), csrf: csrfToken, userId: user.id, email };
  };

  it('changes the name, and the password only with the current one; other sessions end with it', async () => {
    const email = 'eve@example.test';
    await api.ask('/api/v1/auth/sign-up', { body: { name: 'Eve', email, password } });
    const [here, elsewhere] = [await signIn(email), await signIn(email)];
    const named = await api.ask('/api/v1/me', { method: 'PATCH', session: here, body: { name: 'Eve Moneypenny' } });
    expect(named.json()).toMatchObject({ name: 'Eve Moneypenny', email });
    expect((await api.ask('/api/v1/me', { session: here })).json()).toMatchObject({ user: { name: 'Eve Moneypenny' } });

    const zoned = await api.ask('/api/v1/me', { method: 'PATCH', session: here, body: { timeZone: 'Pacific/Auckland' } });
    expect(zoned.json()).toMatchObject({ name: 'Eve Moneypenny', timeZone: 'Pacific/Auckland' });
    expect((await api.ask('/api/v1/me', { session: here })).json()).toMatchObject({ user: { timeZone: 'Pacific/Auckland' } });
    const nowhere = await api.ask('/api/v1/me', { method: 'PATCH', session: here, body: { timeZone: 'Europe/Atlantis' } });
    expect(nowhere.json()).toMatchObject({ status: 400, errors: [{ path: '/timeZone' }] });
    const asBrowser = await api.ask('/api/v1/me', { method: 'PATCH', session: here, body: { timeZone: null } });
    expect(asBrowser.json()).toMatchObject({ timeZone: null });

    const wrong = await api.ask('/api/v1/me/password', { session: here, body: { current: 'something else', password: 'a wholly new one' } });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.json()).toMatchObject({ code: 'auth.wrong-password', errors: [{ path: '/current' }] });
    expect((await api.ask('/api/v1/me', { session: elsewhere })).statusCode).toBe(200);

    const changed = await api.ask('/api/v1/me/password', { session: here, body: { current: password, password: 'a wholly new one' } });
    expect(changed.statusCode, changed.body).toBe(204);
    expect((await api.ask('/api/v1/me', { session: elsewhere })).statusCode).toBe(401);
    await signIn(email, 'a wholly new one');
  });

  it("lists one's own sessions, marks the one at hand, ends one; another person's is not there", async () => {
    const email = 'fay@example.test';
    await api.ask('/api/v1/auth/sign-up', { body: { name: 'Fay', email, password } });
    const [here, elsewhere] = [await signIn(email), await signIn(email)];
    const { items } = (await api.ask('/api/v1/sessions', { session: here })).json() as { items: { id: string; current: boolean }[] };
    expect(items.map(({ current }) => current).sort((a, b) => Number(a) - Number(b))).toEqual([false, true]);
    expect(JSON.stringify(items)).not.toContain('token');
    const other = items.find(({ current }) => !current)!;
    const stranger = await api.person(team.id, 'owner');
    expect((await api.ask(`/api/v1/sessions/${other.id}`, { method: 'DELETE', session: stranger })).statusCode).toBe(404);
    expect((await api.ask(`/api/v1/sessions/${other.id}`, { method: 'DELETE', session: here })).statusCode).toBe(204);
    expect((await api.ask('/api/v1/me', { session: elsewhere })).statusCode).toBe(401);
    expect((await api.ask('/api/v1/sessions', { key: team.keys.owner })).statusCode).toBe(403);
  });

  it('finds runs by words, trigger, time and kind; sums what they cost a day and what the plan allows', async () => {
    const key = team.keys.owner;
    const workflowId = await publishedWorkflow(api, team);
    const started = await api.ask(`/api/v1/workflows/${workflowId}/runs`, { key, body: { input: { text: 'a' } } });
    expect(started.statusCode, started.body).toBe(202);
    const { id } = started.json() as { id: string };
    const found = async (query: string) => ((await api.ask(`/api/v1/runs?${query}`, { key })).json() as { items: { id: string }[] }).items.length;
    expect(await found(`q=${id.slice(-6)}`)).toBe(1);
    expect(await found('q=nothing%25like%25this')).toBe(0);
    expect(await found('trigger=schedule')).toBe(0);
    expect(await found('test=false')).toBe(1);
    expect(await found('test=true')).toBe(0);
    expect(await found(`from=${new Date(Date.now() - 60_000).toISOString()}`)).toBe(1);
    expect(await found(`to=${new Date(Date.now() - 60_000).toISOString()}`)).toBe(0);

    const spend = (await api.ask('/api/v1/spend?days=7', { key })).json() as { days: unknown[]; workflows: unknown[] };
    expect(spend.days).toHaveLength(7);
    expect(spend.days.at(-1)).toMatchObject({ day: new Date().toISOString().slice(0, 10), runs: 1, costUsd: 0, failed: 0 });
    expect(spend).toMatchObject({ costUsd: 0, before: { runs: 0 }, workflows: [{ workflowId, runs: 1 }] });
    const limits = await api.ask('/api/v1/team/limits', { key: team.keys.viewer });
    expect(limits.json(), limits.body).toMatchObject({ plan: 'enterprise', activeWorkflows: { used: 1, most: null }, runsAtOnce: { most: 200 } });
  });

  it('lets an owner set how many runs may run at once: the rest is queued, a higher limit lets them go', async () => {
    const editor = await api.ask('/api/v1/team/limits', { method: 'PATCH', key: team.keys.editor, body: { runsAtOnce: 1 } });
    expect(editor.statusCode).toBe(403);
    const none = await api.ask('/api/v1/team/limits', { method: 'PATCH', key: team.keys.owner, body: { runsAtOnce: 0 } });
    expect(none.json()).toMatchObject({ status: 400, errors: [{ path: '/runsAtOnce' }] });
    const [one, two] = [await publishedWorkflow(api, team), await publishedWorkflow(api, team)];
    const set = async (runsAtOnce: number) =>
      (await api.ask('/api/v1/team/limits', { method: 'PATCH', key: team.keys.owner, body: { runsAtOnce } })).json() as {
        runsAtOnce: { used: number; most: number };
      };
    const { used } = (await set(10_000)).runsAtOnce;
    expect((await set(used + 1)).runsAtOnce).toEqual({ used, most: used + 1 });
    for (const id of [one, two]) {
      const started = await api.ask(`/api/v1/workflows/${id}/runs`, { key: team.keys.owner, body: { input: { text: 'a' } } });
      expect(started.statusCode, started.body).toBe(202);
    }
    expect((await set(used + 1)).runsAtOnce.used).toBe(used + 1);
    expect((await set(200)).runsAtOnce).toEqual({ used: used + 2, most: 200 });
  });

  it('changes a variable over the revision that was read only, where the caller says which; "0" is none yet', async () => {
    const ours = await api.makeTeam();
    const put = async (value: unknown, revision?: number) => {
      const headers = revision === undefined ? {} : { 'if-match': `"${revision}"` };
      const answer = await api.ask('/api/v1/variables/SHARED', { method: 'PUT', key: ours.keys.editor, body: { value }, headers });
      const body = answer.json() as { revision?: number; code?: string; detail?: string };
      return [answer.statusCode, body.revision ?? body.code];
    };
    expect(await put('a', 7)).toEqual([412, 'request.stale']);
    expect(await put('a', 0)).toEqual([200, 1]);
    expect(await put('b', 0)).toEqual([412, 'request.stale']);
    const atOnce = await Promise.all(['b', 'c', 'd', 'e'].map((value) => put(value, 1)));
    expect(atOnce.filter(([status]) => status === 200)).toEqual([[200, 2]]);
    expect(await put('f')).toEqual([200, 3]);
    const { items } = (await api.ask('/api/v1/variables', { key: ours.keys.viewer })).json() as { items: { name: string; value: string }[] };
    expect(items.find(({ name }) => name === 'SHARED')).toMatchObject({ value: 'f', revision: 3 });
  });

  it('filters the audit log by subject, whole action, person and time', async () => {
    const owner = await api.person(team.id, 'owner');
    await api.ask('/api/v1/variables/AUDITED', { method: 'PUT', session: owner, body: { value: 1 } });
    const found = async (query: string) =>
      ((await api.ask(`/api/v1/audit-entries?${query}`, { session: owner })).json() as { items: { action: string }[] }).items.map(
        ({ action }) => action,
      );
    expect(await found(`userId=${owner.userId}`)).toEqual(['variable.set']);
    expect(await found('action=variable')).toEqual(['variable.set']);
    expect(await found('action=variab')).toEqual([]);
    expect(await found(`action=variable.set&to=${new Date(Date.now() - 60_000).toISOString()}`)).toEqual([]);
  });
});
