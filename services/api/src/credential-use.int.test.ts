/** Using a credential is a right apart from editing: by permission, and by whom its owner named (issue 7; 05, rule 8). */
import { createHash, randomBytes } from 'node:crypto';
import { createApiKey } from '@hub/db/write';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestSession, type TestTeam } from './testing/harness.ts';

let api: TestApi;
let team: TestTeam;
let editing: string;
let named: TestSession;
let other: TestSession;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
  [named, other] = [await api.person(team.id, 'editor'), await api.person(team.id, 'editor')];
  editing = `hub_${randomBytes(32).toString('base64url')}`;
  const scopes = ['workflow.read', 'workflow.write', 'workflow.publish', 'run.start', 'run.read', 'credential.read', 'catalogue.read'];
  const hash = createHash('sha256').update(editing).digest();
  await createApiKey(api.db.sql, { team: team.id, userId: team.ownerId, name: 'edits', hash, prefix: editing.slice(0, 8), scopes, expiresAt: null });
});
afterAll(() => api.close());

type Who = { key: string } | { session: TestSession; headers: Record<string, string> };
const by = (session: TestSession): Who => ({ session, headers: { 'x-hub-team': team.id } });
const said = (answer: { statusCode: number; json: () => unknown }) => {
  const { code, errors } = answer.json() as { code?: string; errors?: { path: string; code: string }[] };
  return { status: answer.statusCode, code, faults: (errors ?? []).map((fault) => `${fault.code} ${fault.path}`) };
};
async function store(kind: string, users: string[] | null = null): Promise<string> {
  const hosts = kind === 'bearer' ? { allowedHosts: ['api.example.com'] } : {};
  const body = { name: `${kind} ${Math.random()}`, kind, values: { token: 'xoxb-a-token-of-the-test' }, ...hosts };
  const answer = await api.ask('/api/v1/credentials', { key: team.keys.admin, body });
  expect(answer.statusCode, answer.body).toBe(201);
  const { id } = answer.json<{ id: string }>();
  if (users === null) return id;
  const narrowed = { usableBy: 'people', users };
  const now = await api.ask(`/api/v1/credentials/${id}`, { method: 'PATCH', key: team.keys.admin, body: narrowed, headers: { 'if-match': '"1"' } });
  expect(now.statusCode, now.body).toBe(200);
  return id;
}
async function draft(credentialId: string): Promise<string> {
  const node = {
    id: 'a',
    type: 'data_source',
    config: { connector: 'http', action: 'request', params: { url: 'https://api.example.com/' }, credentialId },
  };
  const poll = {
    id: 'p',
    type: 'poll',
    config: { connector: 'http', action: 'request', params: { url: 'https://api.example.com/' }, every: '1h', cursor: 'id', credentialId },
  };
  const body = { name: 'W', definition: { schemaVersion: 1, triggers: [{ id: 'manual', type: 'manual' }, poll], nodes: [node], edges: [] } };
  const answer = await api.ask('/api/v1/workflows', { key: team.keys.editor, body });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<{ id: string }>().id;
}
const publish = async (id: string, who: Who) => said(await api.ask(`/api/v1/workflows/${id}/publish`, { ...who, body: {} }));
const test = async (id: string, who: Who) => said(await api.ask(`/api/v1/workflows/${id}/runs`, { ...who, body: { draft: true, input: {} } }));
/** What forms and tests ask of the vendor. */
const asks = async (credentialId: string, who: Who) => {
  const of = async (what: string, body: object) =>
    said(await api.ask(`/api/v1/connectors/slack/${what}`, { ...who, body: { credentialId, ...body } }));
  return [
    await of('options', { resource: 'channels', params: {} }),
    await of('test', {}),
    said(await api.ask(`/api/v1/credentials/${credentialId}/test`, { ...who, method: 'POST' })),
  ];
};

describe('whoever may edit and publish and not use credentials', () => {
  it('publishes and tests nothing that names one, in steps or triggers, and rolls back to nothing that does', async () => {
    const id = await draft(await store('bearer'));
    const refused = ['credential.not-allowed /nodes/0/config/credentialId', 'credential.not-allowed /triggers/1/config/credentialId'];
    expect(await publish(id, { key: editing })).toMatchObject({ status: 422, faults: refused });
    expect(await test(id, { key: editing })).toMatchObject({ status: 422, faults: [refused[0]] });
    expect((await publish(id, { key: team.keys.editor })).status).toBe(201);
    const back = said(await api.ask(`/api/v1/workflows/${id}/rollback`, { key: editing, body: { version: 1 } }));
    expect(back).toMatchObject({ status: 422, faults: refused });
  });

  it('asks a vendor nothing with one', async () => {
    for (const answer of await asks(await store('slack-bot-token'), { key: editing }))
      expect(answer).toMatchObject({ status: 403, code: 'auth.not-allowed' });
  });
});

describe('a credential for certain people', () => {
  it('is published and tested by them and by whoever may change it, and by no other editor', async () => {
    const id = await store('bearer', [named.userId]);
    const workflow = await draft(id);
    expect((await publish(workflow, by(other))).faults[0]).toBe('credential.not-yours /nodes/0/config/credentialId');
    expect((await test(workflow, by(other))).faults).toEqual(['credential.not-yours /nodes/0/config/credentialId']);
    expect((await publish(workflow, { key: team.keys.admin })).status).toBe(201);
    expect((await publish(await draft(id), by(named))).status).toBe(201);
    expect((await api.ask(`/api/v1/credentials/${id}/test`, { ...by(named), method: 'POST' })).json()).toMatchObject({ ok: true });
  });

  it('shows another editor nothing of its vendor: not in a picker, not in a test', async () => {
    const id = await store('slack-bot-token', [named.userId]);
    for (const answer of await asks(id, by(other))) expect(answer).toMatchObject({ status: 403, code: 'credential.not-yours' });
  });
});
