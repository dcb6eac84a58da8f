import { asTeam } from '@hub/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formFile } from './testing/forms.ts';
import { type TestApi, type TestSession, type TestTeam, launcherToken, startTestApi } from './testing/harness.ts';
import { publishedWorkflow, smallDefinition } from './testing/resources.ts';

describe('the main path', () => {
  let api: TestApi;
  let team: TestTeam;
  let owner: TestSession;
  beforeAll(async () => {
    api = await startTestApi();
    team = await api.makeTeam();
    owner = await api.person(team.id, 'owner');
  });
  afterAll(async () => api.close());

  it('signs a person in by a link that works once', async () => {
    const made = await api.ask('/api/v1/dev/sign-in-link', {
      body: { email: owner.email, next: '/runs/1' },
      headers: { 'x-hub-launcher-token': launcherToken },
    });
    expect(made.statusCode, made.body).toBe(200);
    const url = new URL((made.json() as { url: string }).url);
    const first = await api.ask(url.pathname + url.search);
    expect(first.statusCode, first.body).toBe(302);
    expect(first.headers.location).toBe('/runs/1');
    expect(String(first.headers['set-cookie'])).toMatch(/^hub_session=.*HttpOnly.*SameSite=Lax/i);
    const again = await api.ask(url.pathname + url.search);
    expect(again.statusCode).toBe(410);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('never leads to another site from a sign-in link', async () => {
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const made = await api.ask('/api/v1/dev/sign-in-link', {
        body: { email: owner.email, next },
        headers: { 'x-hub-launcher-token': launcherToken },
      });
      const url = new URL((made.json() as { url: string }).url);
      expect((await api.ask(`${url.pathname}?token=${url.searchParams.get('token')}&to=${encodeURIComponent(next)}`)).headers.location).toBe('/');
    }
  });

  it('tells a session who it is', async () => {
    const me = (await api.ask('/api/v1/me', { session: owner })).json() as Record<string, unknown>;
    expect(me).toMatchObject({ kind: 'person', role: 'owner', unread: 0, team: { id: team.id } });
    expect(me['permissions']).toContain('workflow.publish');
  });

  it('takes a draft, refuses stale edits, publishes it and starts a run', async () => {
    const made = await api.ask('/api/v1/workflows', { session: owner, body: { name: 'Shout', definition: smallDefinition } });
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json() as { id: string };
    expect(made.headers.etag).toBe('"1"');
    expect((await api.ask(`/api/v1/workflows/${id}/runs`, { session: owner, body: { input: { text: 'a' } } })).statusCode).toBe(409);
    const patch = (revision: string) =>
      api.ask(`/api/v1/workflows/${id}`, { method: 'PATCH', session: owner, body: { name: 'Louder' }, headers: { 'if-match': revision } });
    expect((await patch('"1"')).statusCode).toBe(200);
    expect((await patch('"1"')).statusCode).toBe(412);
    expect((await api.ask(`/api/v1/workflows/${id}`, { method: 'PATCH', session: owner, body: { name: 'x' } })).statusCode).toBe(428);
    const published = await api.ask(`/api/v1/workflows/${id}/publish`, { session: owner, body: { note: 'First' } });
    expect(published.statusCode, published.body).toBe(201);
    expect(published.json()).toMatchObject({ version: 1, warnings: [] });
    const run = await api.ask(`/api/v1/workflows/${id}/runs`, { key: team.keys.runner, body: { input: { text: 'a' } } });
    expect(run.statusCode, run.body).toBe(202);
    const runId = (run.json() as { id: string }).id;
    expect(api.started).toContain(runId);
    const read = await api.ask(`/api/v1/runs/${runId}`, { key: team.keys.viewer });
    expect(read.json()).toMatchObject({ id: runId, status: 'queued', input: { text: 'a', times: 2 }, version: 1, workflowName: 'Louder' });
    expect((await api.ask(`/api/v1/runs/${runId}/nodes`, { key: team.keys.viewer })).json()).toEqual({ items: [], nextCursor: null });
    const cancelled = await api.ask(`/api/v1/runs/${runId}/cancel`, { method: 'POST', key: team.keys.runner });
    expect(cancelled.statusCode, cancelled.body).toBe(202);
  });

  it('answers an input that does not fit with the place of every fault', async () => {
    const id = await publishedWorkflow(api, team);
    const answer = await api.ask(`/api/v1/workflows/${id}/runs`, { key: team.keys.runner, body: { input: { times: 'x' } } });
    expect(answer.statusCode).toBe(422);
    expect((answer.json() as { errors: { path: string }[] }).errors.map((fault) => fault.path).sort()).toEqual(['/input/text', '/input/times']);
  });

  it('starts a run once for one Idempotency-Key and refuses the key for another body', async () => {
    const id = await publishedWorkflow(api, team);
    const start = (text: string) =>
      api.ask(`/api/v1/workflows/${id}/runs`, { key: team.keys.runner, body: { input: { text } }, headers: { 'idempotency-key': 'k-1' } });
    const [first, second] = [await start('a'), await start('a')];
    expect(first.statusCode).toBe(202);
    expect(second.body).toBe(first.body);
    expect((await start('b')).statusCode).toBe(422);
  });

  it('answers the run of an Idempotency-Key whatever became of its workflow, and takes no other trigger under it', async () => {
    const id = await publishedWorkflow(api, team);
    const start = (body: object, method = 'k-2') =>
      api.ask(`/api/v1/workflows/${id}/runs`, { key: team.keys.runner, body, headers: { 'idempotency-key': method } });
    const first = await start({ input: { text: 'a' } });
    expect((await api.ask(`/api/v1/workflows/${id}/pause`, { method: 'POST', key: team.keys.admin })).statusCode).toBe(200);
    expect((await start({ input: { text: 'a' } }, 'k-3')).statusCode).toBe(409);
    const again = await start({ input: { text: 'a' } });
    expect([again.statusCode, again.body]).toEqual([202, first.body]);
    const other = await start({ input: { text: 'a' }, trigger: 'manual' });
    expect([other.statusCode, (other.json() as { code: string }).code]).toEqual([422, 'request.key-reused']);
  });

  it('stores an upload once for one Idempotency-Key', async () => {
    const send = (text: string, key: string) =>
      api.ask('/api/v1/files', {
        method: 'POST',
        key: team.keys.editor,
        raw: `--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n${text}\r\n--b--\r\n`,
        headers: { 'content-type': 'multipart/form-data; boundary=b', 'idempotency-key': key },
      });
    const [first, second] = [await send('one', 'f-1'), await send('one', 'f-1')];
    expect(first.statusCode, first.body).toBe(201);
    expect([second.statusCode, second.json(), second.headers['idempotent-replayed']]).toEqual([201, first.json(), 'true']);
    expect((await send('two', 'f-1')).statusCode).toBe(422);
    const kept = await asTeam(api.db.sql, team.id, (tx) => tx`select id from files`);
    expect(kept.map(({ id }) => id as string)).toEqual([(first.json() as { $file: string }).$file]);
  });

  it('says which methods an address takes, and that nothing is at another', async () => {
    const ask = async (method: 'DELETE' | 'GET' | 'PATCH' | 'PUT', url: string) => {
      const { statusCode, headers, body } = await api.ask(url, { method, key: team.keys.editor, body: {} });
      return [statusCode, headers['allow'], (JSON.parse(body) as { code: string }).code];
    };
    expect(await ask('DELETE', '/api/v1/runs?limit=1')).toEqual([405, 'GET', 'request.method']);
    expect(await ask('PUT', '/api/v1/workflows/x')).toEqual([405, 'DELETE, GET, PATCH', 'request.method']);
    expect(await ask('PATCH', '/hooks/abc')).toEqual([405, 'GET, POST, PUT', 'request.method']);
    for (const url of ['/api/v1/flows', '/api/v1/runs/', '/hooks//x', '/nothing'])
      expect(await ask('PUT', url), url).toEqual([404, undefined, 'route.not-found']);
  });

  it('keeps an input whose characters cannot be stored, and tells of it', async () => {
    const id = await publishedWorkflow(api, team);
    const start = async (text: string) =>
      (await api.ask(`/api/v1/workflows/${id}/runs`, { key: team.keys.runner, body: { input: { text } } })).json() as { id: string };
    const eventsOf = async (run: string) => {
      const { items } = (await api.ask(`/api/v1/runs/${run}/events`, { key: team.keys.viewer })).json() as { items: { type: string }[] };
      return items.map(({ type }) => type);
    };
    const run = await start('a\u0000b\ud800');
    expect((await api.ask(`/api/v1/runs/${run.id}`, { key: team.keys.viewer })).json()).toMatchObject({ input: { text: 'a\ufffdb\ufffd' } });
    expect(await eventsOf(run.id)).toContain('run.input-cleaned');
    expect(await eventsOf((await start('a\ufffdb')).id)).not.toContain('run.input-cleaned');
  });

  it('names every field that it does not know', async () => {
    const answer = await api.ask('/api/v1/workflows', { key: team.keys.editor, body: { name: 'x', definition: smallDefinition, one: 1, 'a/b': 2 } });
    expect(answer.statusCode).toBe(400);
    expect((answer.json() as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual(['/one', '/a~1b']);
  });

  it('repeats the first answer of any POST for one Idempotency-Key, but never the secret of an API key', async () => {
    const make = (name: string) =>
      api.ask('/api/v1/workflows', { key: team.keys.editor, body: { name, definition: smallDefinition }, headers: { 'idempotency-key': 'w-1' } });
    const [first, second] = [await make('A'), await make('A')];
    expect(first.statusCode).toBe(201);
    expect(second.statusCode).toBe(201);
    expect(second.body).toBe(first.body);
    expect((await make('B')).statusCode).toBe(422);
    const key = () =>
      api.ask('/api/v1/api-keys', { key: team.keys.admin, body: { name: 'ci', scopes: ['viewer'] }, headers: { 'idempotency-key': 'a-1' } });
    const made = await key();
    expect(made.statusCode, made.body).toBe(201);
    const again = await key();
    expect(again.statusCode).toBe(409);
    expect(again.body).not.toContain((made.json() as { key: string }).key);
  });

  it('keeps the URL of a webhook nowhere, so a repeat of a publish, or of a new URL, does without it', async () => {
    const definition = { ...smallDefinition, triggers: [{ id: 'hook', type: 'webhook' }] };
    const { id } = (await api.ask('/api/v1/workflows', { key: team.keys.editor, body: { name: 'Hook', definition } })).json() as { id: string };
    const twice = async (url: string) => {
      const ask = () => api.ask(url, { method: 'POST', key: team.keys.admin, body: {}, headers: { 'idempotency-key': url.slice(-20) } });
      return [await ask(), await ask()] as const;
    };
    const [first, second] = await twice(`/api/v1/workflows/${id}/publish`);
    const [{ url }] = (first.json() as { urls: [{ url: string }] }).urls;
    expect(url).toContain('/hooks/whk_');
    expect(second.json()).toEqual({ ...(first.json() as object), urls: [] });
    const [made, again] = await twice(`/api/v1/workflows/${id}/triggers/hook/rotate-token`);
    expect([made.statusCode, again.statusCode]).toEqual([201, 409]);
    expect(again.json()).toMatchObject({ code: 'trigger.shown-once' });
    const kept = JSON.stringify(await asTeam(api.db.sql, team.id, (tx) => tx`select t::text from idempotency_keys t`));
    expect(kept).not.toContain('whk_');
  });

  it('takes a file as a stream, tells its type by content and gives it back as an attachment', async () => {
    const up = await api.ask('/api/v1/files', {
      method: 'POST',
      key: team.keys.runner,
      ...formFile('<html><script>alert(1)</script>', { name: '../../x.html' }),
    });
    expect(up.statusCode, up.body).toBe(201);
    const file = up.json() as { $file: string; name: string; mime: string };
    expect(file).toMatchObject({ name: 'x.html', mime: 'text/plain', bytes: 31 });
    const down = await api.ask(`/api/v1/files/${file.$file}`, { key: team.keys.viewer });
    expect(down.body).toBe('<html><script>alert(1)</script>');
    expect(down.headers['content-type']).toBe('application/octet-stream');
    expect(down.headers['content-disposition']).toContain('attachment');
    expect(down.headers['x-content-type-options']).toBe('nosniff');
    const large = await api.ask('/api/v1/files', {
      method: 'POST',
      key: team.keys.runner,
      ...formFile(Buffer.alloc(5_100_000, 65), { name: 'a.bin' }),
    });
    expect(large.statusCode, large.body).toBe(413);
  });

  it('keeps credentials unreadable and their hosts narrow', async () => {
    const made = await api.ask('/api/v1/credentials', {
      key: team.keys.admin,
      body: { name: 'CRM', kind: 'bearer', values: { token: 'very-secret-token' }, allowedHosts: ['api.example.com'] },
    });
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json() as { id: string };
    for (const url of ['/api/v1/credentials', `/api/v1/credentials/${id}`, '/api/v1/audit-entries'])
      expect((await api.ask(url, { key: team.keys.admin })).body).not.toContain('very-secret-token');
    const [row] = await api.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('app.team', ${team.id}, true)`;
      return tx<{ text: string }[]>`select convert_from(encrypted_credentials, 'utf8') as text from connector_credentials where id = ${id}`;
    });
    expect(row?.text).toMatch(/^v1\.k1\./);
    const widen = (body: object) =>
      api.ask(`/api/v1/credentials/${id}`, { method: 'PATCH', key: team.keys.admin, body, headers: { 'if-match': '"1"' } });
    expect((await widen({ allowedHosts: ['evil.example'] })).statusCode).toBe(422);
    expect((await widen({ values: { token: 'another-token' } })).json()).toMatchObject({ revision: 2 });
  });

  it('refuses to publish a secret, a foreign credential and a broken graph, all at once', async () => {
    const definition = {
      schemaVersion: 1,
      nodes: [
        {
          id: 'a',
          type: 'data_source',
          config: {
            connector: 'http',
            action: 'request',
            params: { url: 'https://x.example/', headers: { authorization: 'Bearer sk-abcdefghijklmnopqrstuvwxyz012345' } },
            credentialId: '0199c0de-7a11-7000-8000-000000000001',
          },
        },
        { id: 'b', type: 'transform', config: { expression: 'nodes.c.output' } },
      ],
      edges: [{ from: 'a', to: 'zzz' }],
    };
    const made = await api.ask('/api/v1/workflows', { key: team.keys.editor, body: { name: 'Bad', definition } });
    expect(made.statusCode, made.body).toBe(201);
    const answer = await api.ask(`/api/v1/workflows/${(made.json() as { id: string }).id}/publish`, { key: team.keys.editor, body: {} });
    expect(answer.statusCode).toBe(422);
    const codes = (answer.json() as { errors: { code: string; path: string }[] }).errors.map((fault) => fault.code);
    expect(codes).toEqual(expect.arrayContaining(['definition.secret', 'credential.not-found', 'edge.unknown-node']));
    expect(answer.body).not.toContain('sk-abcdefghij');
  });

  it('is ready when database, Temporal and a worker are, and serves OpenAPI with an example per operation', async () => {
    expect((await api.ask('/readyz')).json()).toEqual({ ready: true, checks: { database: true, temporal: true, worker: true } });
    expect((await api.ask('/healthz')).statusCode).toBe(200);
    const document = (await api.ask('/api/openapi.json')).json() as { openapi: string; paths: Record<string, Record<string, { responses: object }>> };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(document.paths['/api/v1/workflows/{id}/runs']?.['post']?.responses).toHaveProperty('202');
    const docs = await api.ask('/docs/');
    expect(docs.statusCode).toBe(200);
    expect(docs.headers['content-security-policy']).toContain("script-src 'self'");
    expect((await api.ask('/healthz')).headers['content-security-policy']).toContain("default-src 'none'");
    expect(docs.body).not.toMatch(/cdn\.|jsdelivr|fonts\.scalar/);
  });
});
