import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, startTestApi } from './testing/harness.ts';
import { smallDefinition } from './testing/resources.ts';

/** From nothing to a published run, as a new person does it; the answers' status codes by step. */
async function firstSteps(api: TestApi): Promise<Record<string, number | string>> {
  const email = 'ada@example.test';
  const password = 'correct horse battery';
  await api.ask('/api/v1/auth/sign-up', { body: { name: 'Ada', email, password } });
  const signedIn = await api.ask('/api/v1/auth/sign-in', { body: { email, password } });
  const cookie = [signedIn.headers['set-cookie'] ?? []]
    .flat()
    .map((text) => text.split(';')[0])
    .join('; ');
  const session = { cookie, csrf: (signedIn.json() as { csrfToken: string }).csrfToken, userId: '', email };
  const { team } = (await api.ask('/api/v1/me', { session })).json() as { team: { plan: string } };
  const made = await api.ask('/api/v1/workflows', { session, body: { name: 'First', definition: smallDefinition } });
  const { id } = made.json() as { id: string };
  const published = await api.ask(`/api/v1/workflows/${id}/publish`, { session, body: { note: 'first' } });
  const started = await api.ask(`/api/v1/workflows/${id}/runs`, { session, body: { input: { text: 'a' } } });
  const second = (await api.ask('/api/v1/teams', { session, body: { name: 'Second' } })).json() as { plan: string };
  return { plan: team.plan, created: made.statusCode, published: published.statusCode, started: started.statusCode, secondTeam: second.plan };
}

describe.each([
  ['enterprise', { plan: 'enterprise', created: 201, published: 201, started: 202, secondTeam: 'enterprise' }],
  ['free', { plan: 'free', created: 201, published: 422, started: 409, secondTeam: 'free' }],
] as const)('with HUB_DEFAULT_PLAN=%s', (defaultPlan, wanted) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ defaultPlan });
  });
  afterAll(async () => api.close());

  it(defaultPlan === 'free' ? 'a new person makes drafts but publishes nothing' : 'a new person signs up, publishes and starts a run', async () => {
    expect(await firstSteps(api)).toEqual(wanted);
  });
});

describe('a plan with limits', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(async () => api.close());

  it('gives its last run, and its last active workflow, to one of those who ask at the same time', async () => {
    const team = await api.makeTeam({ plan: 'teams' });
    const definition = { ...smallDefinition, triggers: [] };
    const make = async (): Promise<string> => {
      const made = await api.ask('/api/v1/workflows', { key: team.keys.admin, body: { name: 'x', definition } });
      return (made.json() as { id: string }).id;
    };
    const publish = async (id: string): Promise<number> =>
      (await api.ask(`/api/v1/workflows/${id}/publish`, { key: team.keys.admin, body: {} })).statusCode;
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) ids.push(await make());
    const published = await Promise.all(ids.map(publish));
    expect(published.toSorted((a, b) => a - b)).toEqual([201, 201, 201, 201, 201, 403, 403, 403]);
    const active = ids[published.indexOf(201)];
    const start = async (): Promise<number> =>
      (await api.ask(`/api/v1/workflows/${active}/runs`, { key: team.keys.admin, body: { input: { text: 'a' } } })).statusCode;
    const taken = await Promise.all(Array.from({ length: 110 }, start));
    expect([taken.filter((status) => status === 202).length, taken.filter((status) => status === 403).length]).toEqual([100, 10]);
    const paused = ids[published.lastIndexOf(201)];
    const put = async (id: string | undefined, to: string): Promise<number> =>
      (await api.ask(`/api/v1/workflows/${id}/${to}`, { method: 'POST', key: team.keys.admin })).statusCode;
    expect(await put(paused, 'pause')).toBe(200);
    const left = ids.filter((_, at) => published[at] === 403);
    expect((await Promise.all(left.map(publish))).toSorted((a, b) => a - b)).toEqual([201, 403, 403]);
    expect(await put(paused, 'activate')).toBe(403);
  });
});
