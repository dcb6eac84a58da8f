/** The codec server of the Temporal Web UI: who may use it, from which pages, and that it is the other half of what workers write. */
import { openCodec } from '@hub/kit/temporal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestSession } from './testing/harness.ts';

const ui = 'http://temporal.test:8233';
const path = '/api/v1/codec/decode';
const { codec } = openCodec({ keys: `k1:${Buffer.alloc(32, 7).toString('base64')}`, mode: 'on' });

describe('the codec server', () => {
  let api: TestApi;
  let operator: TestSession;
  let stranger: TestSession;
  let sealed: { payloads: object[] };
  beforeAll(async () => {
    api = await startTestApi({ operatorEmail: 'operator@example.test', temporalUiUrl: ui });
    const team = await api.makeTeam();
    stranger = await api.person(team.id, 'owner');
    operator = await api.person(team.id, 'admin');
    await api.db.authSql`update users set email = 'operator@example.test' where id = ${operator.userId}`;
    const [one] = await codec.encode([{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"what a run carries"') }]);
    const metadata = Object.fromEntries(
      Object.entries(one?.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value ?? []).toString('base64')]),
    );
    sealed = { payloads: [{ metadata, data: Buffer.from(one?.data ?? []).toString('base64') }] };
  });
  afterAll(async () => api.close());

  it('opens for the operator what a worker sealed, and seals what the UI sends', async () => {
    const opened = await api.ask(path, { session: operator, body: sealed });
    expect(opened.statusCode, opened.body).toBe(200);
    const plain = opened.json() as { payloads: { metadata: Record<string, string>; data: string }[] };
    expect(Buffer.from(plain.payloads[0]?.data ?? '', 'base64').toString()).toBe('"what a run carries"');
    const again = await api.ask('/api/v1/codec/encode', { session: operator, body: plain });
    expect(Buffer.from((again.json() as typeof plain).payloads[0]?.metadata['encoding'] ?? '', 'base64').toString()).toBe('binary/encrypted');
  });

  it('is for nobody else: no owner of a team, no key of one, nobody without a session', async () => {
    const team = await api.makeTeam();
    expect((await api.ask(path, { session: stranger, body: sealed })).statusCode).toBe(403);
    expect((await api.ask(path, { key: team.keys.owner, body: sealed })).statusCode).toBe(403);
    expect((await api.ask(path, { body: sealed })).statusCode).toBe(401);
  });

  it('takes the cookie from pages of the Temporal Web UI, and from no other origin', async () => {
    const from = (origin: string) => api.ask(path, { body: sealed, headers: { cookie: operator.cookie, origin, 'x-namespace': 'default' } });
    const good = await from(ui);
    expect(good.statusCode, good.body).toBe(200);
    expect(good.headers).toMatchObject({ 'access-control-allow-origin': ui, 'access-control-allow-credentials': 'true' });
    const bad = await from('http://evil.test');
    expect(bad.statusCode).toBe(403);
    expect(bad.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('lets the pages of the UI have no other route', async () => {
    const answer = await api.ask('/api/v1/workflows', { method: 'POST', body: {}, headers: { cookie: operator.cookie, origin: ui } });
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('answers the browser’s question before the call for that origin only', async () => {
    const ask = (origin: string) => api.app.inject({ method: 'OPTIONS', url: path, headers: { origin, 'access-control-request-method': 'POST' } });
    expect((await ask(ui)).headers).toMatchObject({ 'access-control-allow-origin': ui, 'access-control-allow-methods': 'POST' });
    expect((await ask('http://evil.test')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('names the key that is missing', async () => {
    const other = openCodec({ keys: `k9:${Buffer.alloc(32, 9).toString('base64')}`, mode: 'on' }).codec;
    const [one] = await other.encode([{ data: Buffer.from('x') }]);
    const metadata = Object.fromEntries(
      Object.entries(one?.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value ?? []).toString('base64')]),
    );
    const answer = await api.ask(path, {
      session: operator,
      body: { payloads: [{ metadata, data: Buffer.from(one?.data ?? []).toString('base64') }] },
    });
    expect([answer.statusCode, (answer.json() as { code: string }).code]).toEqual([409, 'codec.unknown-key']);
    expect(answer.body).toContain('k9');
  });
});
