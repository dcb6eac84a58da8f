import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTeam, createFileStore } from '@hub/db';
import { giveAnswer } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import { type HookTools, keepingFiles } from './hooks/receive.ts';
import { defaultRates } from './settings.ts';
import { startTestApi, type TestApi, type TestTeam } from './testing/harness.ts';

let api: TestApi;
let team: TestTeam;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
});
afterAll(() => api.close());

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const base = { schemaVersion: 1, nodes: [{ id: 'copy', type: 'transform', config: { expression: 'input' } }], edges: [] };
const answering = {
  ...base,
  nodes: [...base.nodes, { id: 'answer', type: 'respond', config: { body: '{{ input.n }}' } }],
  edges: [{ from: 'copy', to: 'answer' }],
};

interface Made {
  id: string;
  url: string;
  path: string;
}

async function post<T = Record<string, unknown>>(url: string, body: unknown = {}, key = team.keys.editor): Promise<T> {
  const answer = await api.ask(url, { key, body });
  if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
  return answer.json() as T;
}

async function credential(values: Record<string, string> = { secret }, kind = 'webhook-secret'): Promise<string> {
  const name = `c${Math.random()}`;
  const hosts = kind === 'webhook-secret' ? {} : { allowedHosts: ['example.com'] };
  return (await post<{ id: string }>('/api/v1/credentials', { name, kind, values, ...hosts }, team.keys.admin)).id;
}

/** A published workflow with one trigger; the URL is that of its publish. */
async function workflow(config: Record<string, unknown>, more: { type?: string; definition?: object } = {}): Promise<Made> {
  const definition = { ...(more.definition ?? base), triggers: [{ id: 'hook', type: more.type ?? 'webhook', config }] };
  const { id } = await post<{ id: string }>('/api/v1/workflows', { name: 'W', definition });
  const { urls } = await post<{ urls: { url: string }[] }>(`/api/v1/workflows/${id}/publish`);
  const url = urls[0]?.url ?? '';
  return { id, url, path: new URL(url).pathname };
}

const send = (path: string, body: unknown, headers: Record<string, string> = {}) => api.ask(path, { body, headers });
const inputOf = async (run: string) => {
  const answer = await api.ask(`/api/v1/runs/${run}`, { key: team.keys.viewer });
  return answer.json() as { input: unknown; trigger: Record<string, unknown> };
};
const codeOf = (answer: { json: () => unknown }) => (answer.json() as { code: string }).code;

describe('a webhook', () => {
  it('starts a run with the body as input, secrets of the request masked, and shows its URL only once', async () => {
    const { id, path, url } = await workflow({});
    expect(url).toMatch(/^http:\/\/localhost:3000\/hooks\/whk_[\w-]{43}$/);
    const answer = await send(`${path}?page=2&token=geheim`, { n: 1 }, { authorization: 'Bearer geheim', 'x-shop': 'eu' });
    expect(answer.statusCode).toBe(202);
    const run = (answer.json() as { id: string }).id;
    expect(api.started).toContain(run);
    const { input, trigger } = await inputOf(run);
    expect(input).toEqual({ n: 1 });
    expect(trigger).toMatchObject({
      type: 'webhook',
      id: 'hook',
      method: 'POST',
      query: { page: '2', token: '•••' },
      headers: { authorization: '•••', 'x-shop': 'eu' },
    });
    const again = await post<{ urls: unknown[] }>(`/api/v1/workflows/${id}/publish`);
    expect(again.urls).toEqual([]);
    const address = await api.ask(`/api/v1/workflows/${id}/triggers/hook/address`, { key: team.keys.viewer });
    expect(address.json()).toMatchObject({ url: null, status: 'active', verify: { scheme: 'none', ready: true } });
    expect(address.body).not.toContain(url.slice(-20));
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'a=1&b=x%20y&b=z', { a: '1', b: ['x y', 'z'] }],
    ['text', 'text/plain', 'hello', { text: 'hello' }],
    ['xml', 'application/xml; charset=utf-8', '<a/>', { text: '<a/>' }],
    ['json by another name', 'application/vnd.github+json', '{"a":1}', { a: 1 }],
  ])('reads %s', async (_, type, raw, wanted) => {
    const { path } = await workflow({});
    const answer = await api.ask(path, { raw, headers: { 'content-type': type } });
    expect(answer.statusCode).toBe(202);
    expect((await inputOf((answer.json() as { id: string }).id)).input).toEqual(wanted);
  });

  it('takes GET and PUT, and stores the files of a multipart form as handles', async () => {
    const { path } = await workflow({});
    expect((await api.ask(`${path}?x=1`)).statusCode).toBe(202);
    expect((await api.ask(path, { method: 'PUT', body: { a: 1 } })).statusCode).toBe(202);
    // Among the routes of the format, too.
    expect((await send(`/api/v1${path}`, { a: 1 })).statusCode).toBe(202);
    const form = new FormData();
    form.set('note', 'see file');
    form.set('table', new File(['a,b\n1,2\n'], '../../evil.csv'));
    const built = new Response(form);
    const raw = Buffer.from(await built.arrayBuffer());
    const answer = await api.ask(path, { raw, headers: { 'content-type': built.headers.get('content-type') ?? '' } });
    expect(answer.statusCode).toBe(202);
    const { input } = await inputOf((answer.json() as { id: string }).id);
    expect(input).toMatchObject({ note: 'see file', table: { name: 'evil.csv', mime: 'text/csv', bytes: 8 } });
  });

  it.each([
    ['a file handle made up in JSON', 'application/json', '{"a":{"$file":"0199c0de-7a11-7000-8000-000000000001"}}', 400, 'hook.file-handle'],
    ['a poisoned key', 'application/json', '{"__proto__":{}}', 400, 'request.bad-key'],
    ['a type with a tab', 'application/json\t', '{}', 415, 'request.media-type'],
    ['a binary', 'application/octet-stream', 'x', 415, 'request.media-type'],
    ['broken JSON', 'application/json', '{', 400, 'request.bad-json'],
    ['a broken form', 'multipart/form-data; boundary=x', '--y', 400, 'request.bad-form'],
  ])('refuses %s', async (_, type, raw, status, code) => {
    const { path } = await workflow({});
    const answer = await api.ask(path, { raw, headers: { 'content-type': type } });
    expect([answer.statusCode, codeOf(answer)]).toEqual([status, code]);
  });

  it('refuses input that does not fit, unknown tokens, removed triggers, paused workflows', async () => {
    const strict = { ...base, inputs: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } };
    const { id, path } = await workflow({}, { definition: strict });
    expect((await send(path, { n: 'x' })).json()).toMatchObject({ status: 422, code: 'run.invalid-input', errors: [{ path: '/input/n' }] });
    expect(codeOf(await send(`/hooks/whk_${'x'.repeat(43)}`, {}))).toBe('hook.not-found');
    expect((await send('/hooks/short', {})).statusCode).toBe(404);
    await post(`/api/v1/workflows/${id}/pause`);
    expect(codeOf(await send(path, { n: 1 }))).toBe('workflow.paused');
    await post(`/api/v1/workflows/${id}/activate`);
    expect((await send(path, { n: 1 })).statusCode).toBe(202);
    await api.ask(`/api/v1/workflows/${id}`, {
      key: team.keys.editor,
      method: 'PATCH',
      body: { definition: strict },
      headers: { 'if-match': '"1"' },
    });
    await post(`/api/v1/workflows/${id}/publish`);
    expect((await send(path, { n: 1 })).statusCode).toBe(410);
    await post(`/api/v1/workflows/${id}/rollback`, { version: 1 });
    expect((await send(path, { n: 1 })).statusCode).toBe(202);
  });

  it('gets a new URL by rotation; the old one is nobody’s at once', async () => {
    const { id, path } = await workflow({});
    const made = await post<{ url: string }>(`/api/v1/workflows/${id}/triggers/hook/rotate-token`);
    expect((await send(path, {})).statusCode).toBe(404);
    expect((await send(new URL(made.url).pathname, {})).statusCode).toBe(202);
  });

  it('starts one run per event id, by header or path', async () => {
    const byHeader = await workflow({ dedupe: { header: 'X-Event' } });
    const first = await send(byHeader.path, { a: 1 }, { 'x-event': 'e1' });
    const second = await send(byHeader.path, { a: 2 }, { 'x-event': 'e1' });
    expect([first.statusCode, second.statusCode]).toEqual([202, 200]);
    expect((second.json() as { id: string }).id).toBe((first.json() as { id: string }).id);
    expect((await send(byHeader.path, { a: 1 }, { 'x-event': 'e2' })).statusCode).toBe(202);
    const byPath = await workflow({ dedupe: { path: 'event.id' } });
    expect([(await send(byPath.path, { event: { id: 7 } })).statusCode, (await send(byPath.path, { event: { id: 7 } })).statusCode]).toEqual([
      202, 200,
    ]);
  });
});

describe('a webhook with a check', () => {
  const text = '{"id":"evt_1","n":1}';
  const stripe = (at = Math.floor(Date.now() / 1000), key = secret, body = text) => ({
    'content-type': 'application/json',
    'stripe-signature': `t=${at},v1=${createHmac('sha256', key).update(`${at}.${body}`).digest('hex')}`,
  });

  it('takes what is signed and fresh, once, and refuses the rest without a run', async () => {
    const { path } = await workflow({ verify: { scheme: 'stripe', credentialId: await credential() } });
    // Starting twice is one start: a repeat names the run again.
    const started = () => new Set(api.started).size;
    const before = started();
    for (const headers of [{ 'content-type': 'application/json' }, stripe(undefined, 'other'), stripe(Math.floor(Date.now() / 1000) - 301)])
      expect((await api.ask(path, { raw: text, headers })).statusCode).toBe(401);
    expect(started()).toBe(before);
    expect((await api.ask(path, { raw: text, headers: stripe() })).statusCode).toBe(202);
    // Stripe sends an event again with a fresh signature.
    expect((await api.ask(path, { raw: text, headers: stripe(Math.floor(Date.now() / 1000) - 5) })).statusCode).toBe(200);
    expect(started()).toBe(before + 1);
  });

  it('takes the secret of before a rotation too, and what the library of Standard Webhooks signs', async () => {
    const credentialId = await credential({ secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`, previous: secret });
    const { path } = await workflow({ verify: { scheme: 'standardwebhooks', credentialId } });
    const headers = (id: string) => ({
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, new Date(), text),
    });
    expect((await api.ask(path, { raw: text, headers: headers('msg_1') })).statusCode).toBe(202);
    expect((await api.ask(path, { raw: text, headers: headers('msg_1') })).statusCode).toBe(200);
  });

  it('refuses everything once its secret is gone, and says so on its page; publish refuses it at once', async () => {
    const credentialId = await credential();
    const { id, path } = await workflow({ verify: { scheme: 'github', credentialId } });
    await api.ask(`/api/v1/credentials/${credentialId}`, { key: team.keys.admin, method: 'DELETE' });
    const signature = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
    const answer = await api.ask(path, { raw: text, headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature } });
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'hook.no-secret']);
    const address = await api.ask(`/api/v1/workflows/${id}/triggers/hook/address`, { key: team.keys.viewer });
    expect(address.json()).toMatchObject({ verify: { scheme: 'github', ready: false, problem: expect.stringContaining('revoked') as string } });
    const wrong = await post<{ id: string }>('/api/v1/workflows', {
      name: 'No secret',
      definition: {
        ...base,
        triggers: [
          { id: 'hook', type: 'webhook', config: { verify: { scheme: 'slack', credentialId: await credential({ token: 'x' }, 'bearer') } } },
        ],
      },
    });
    const refused = await api.ask(`/api/v1/workflows/${wrong.id}/publish`, { key: team.keys.editor, body: {} });
    expect(refused.json()).toMatchObject({
      code: 'definition.invalid',
      errors: [{ path: '/triggers/0/config/verify/credentialId', code: 'trigger.no-secret' }],
    });
  });

  it('does not take a captured request under a fresh delivery id', async () => {
    const { path } = await workflow({ verify: { scheme: 'github', credentialId: await credential() }, dedupe: { header: 'X-GitHub-Delivery' } });
    const signature = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
    const headers = (id: string) => ({ 'content-type': 'application/json', 'x-hub-signature-256': signature, 'x-github-delivery': id });
    expect((await api.ask(path, { raw: text, headers: headers('a') })).statusCode).toBe(202);
    expect((await api.ask(path, { raw: text, headers: headers('a') })).statusCode).toBe(200);
    expect(codeOf(await api.ask(path, { raw: text, headers: headers('b') }))).toBe('hook.replayed');
    const { 'x-github-delivery': _, ...without } = headers('a');
    expect(codeOf(await api.ask(path, { raw: text, headers: without }))).toBe('hook.replayed');
  });

  it('answers Slack’s question whether the address is ours', async () => {
    const { path } = await workflow({ verify: { scheme: 'slack', credentialId: await credential() } });
    const raw = '{"type":"url_verification","challenge":"abc"}';
    const at = Math.floor(Date.now() / 1000);
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:${raw}`).digest('hex')}`,
    };
    expect((await api.ask(path, { raw, headers })).json()).toEqual({ challenge: 'abc' });
  });
});

/** What the worker does, by hand: the answer, then the run's event and the word to those who wait. */
async function respond(run: string, answer: { status: number; headers: Record<string, string>; bodyText: string }): Promise<void> {
  await giveAnswer(api.db.sql, { team: team.id, run, path: 'answer', answer });
  await asTeam(api.db.sql, team.id, async (tx) => {
    await tx`update workflow_executions set seq = seq + 1 where team_id = ${team.id} and id = ${run}`;
    await tx`insert into run_events (team_id, run_id, seq, type, path, refs) select ${team.id}, id, seq, 'step.completed', 'answer', ${tx.json({ nodeId: 'answer' })} from workflow_executions where team_id = ${team.id} and id = ${run}`;
  });
  await api.db.sql`select pg_notify('hub_runs', ${`${team.id}/${run}`})`;
}

async function nextRun(after: number): Promise<string> {
  await expect.poll(() => api.started.length).toBeGreaterThan(after);
  return api.started.at(-1) ?? '';
}

describe('a webhook that answers with the result', () => {
  it('gives status, headers and body of the respond step, never as a page of this site', async () => {
    const { id, path } = await workflow({ respond: 'result' }, { definition: answering });
    const before = api.started.length;
    const waiting = send(path, { n: 5 });
    const run = await nextRun(before);
    await respond(run, { status: 201, headers: { 'x-count': '5', 'content-type': 'application/xml' }, bodyText: '"<a onload=\\"x\\"/>"' });
    const answer = await waiting;
    expect([answer.statusCode, answer.body]).toEqual([201, '<a onload="x"/>']);
    expect(answer.headers).toMatchObject({
      'x-count': '5',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    const deliveries = async () => (await api.ask(`/api/v1/workflows/${id}/triggers/hook/deliveries`, { key: team.keys.viewer })).json() as unknown;
    await expect.poll(deliveries).toMatchObject({ items: [{ outcome: 'started', status: 201, runId: run }] });
  });

  it('gives 500 without a word of why when the run ends badly', async () => {
    const { path } = await workflow({ respond: 'result' }, { definition: answering });
    const before = api.started.length;
    const waiting = send(path, { n: 5 });
    const run = await nextRun(before);
    await api.ask(`/api/v1/runs/${run}/cancel`, { key: team.keys.editor, body: {} });
    await asTeam(
      api.db.sql,
      team.id,
      (tx) =>
        tx`select hub_finish_run(${team.id}::uuid, ${run}::uuid, ${tx.json({ status: 'cancelled', rows: [], output: { text: '{}', preview: {}, bytes: 2, blob: null } })}::jsonb)`,
    ).catch(() => undefined);
    await api.db.sql`select pg_notify('hub_runs', ${`${team.id}/${run}`})`;
    const answer = await waiting;
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'run.cancelled', runId: run });
  });
});

describe('deliveries', () => {
  it('keep what came with its outcome, masked; can be sent again; refused ones cannot', async () => {
    const { id, path } = await workflow({ verify: { scheme: 'hmac', header: 'X-My-Mac', credentialId: await credential() } });
    const raw = '{"n":9}';
    const mac = createHmac('sha256', secret).update(raw).digest('hex');
    const answer = await api.ask(path, { raw, headers: { 'content-type': 'application/json', 'x-my-mac': mac } });
    const run = (answer.json() as { id: string }).id;
    await api.ask(path, { raw, headers: { 'content-type': 'application/json', 'x-my-mac': mac.replace(/./, 'x') } });
    const url = `/api/v1/workflows/${id}/triggers/hook/deliveries`;
    const { items } = (await api.ask(url, { key: team.keys.viewer })).json() as { items: { id: string; outcome: string; code: string | null }[] };
    expect(items).toMatchObject([
      { outcome: 'refused', code: 'hook.bad-signature', status: 401, runId: null, replayable: false },
      { outcome: 'started', code: null, status: 202, runId: run, bytes: 7, replayable: true },
    ]);
    const detail = await api.ask(`${url}/${items[1]?.id}`, { key: team.keys.viewer });
    expect(detail.json()).toMatchObject({ body: { n: 9 }, headers: { 'x-my-mac': '•••' } });
    expect(detail.body).not.toContain(mac);
    const replayed = await post<{ id: string }>(`${url}/${items[1]?.id}/replay`, {}, team.keys.runner);
    expect(replayed.id).not.toBe(run);
    expect((await inputOf(replayed.id)).input).toEqual({ n: 9 });
    expect(codeOf(await api.ask(`${url}/${items[0]?.id}/replay`, { key: team.keys.runner, body: {} }))).toBe('delivery.not-replayable');
    const other = await api.makeTeam();
    expect((await api.ask(`${url}/${items[1]?.id}`, { key: other.keys.owner })).statusCode).toBe(404);
  });
});

describe('a request that is a signal', () => {
  it('is a signal again when it is sent again, and starts no run', async () => {
    const { id, path } = await workflow({ signal: { name: 'paid', key: '{{ input.n }}' } });
    const first = await send(path, { n: 4 });
    expect([first.statusCode, first.json()]).toEqual([202, { outcome: 'held' }]);
    const url = `/api/v1/workflows/${id}/triggers/hook/deliveries`;
    const list = async () =>
      ((await api.ask(url, { key: team.keys.viewer })).json() as { items: { id: string; outcome: string; replayOf: string | null }[] }).items;
    const [held] = await list();
    expect(await post(`${url}/${held?.id}/replay`, {}, team.keys.runner)).toEqual({ id: null, status: 'held' });
    expect(await list()).toMatchObject([{ outcome: 'held', replayOf: held?.id, runId: null }, { outcome: 'held' }]);
    const runs = (await api.ask(`/api/v1/runs?workflowId=${id}`, { key: team.keys.viewer })).json() as { items: unknown[] };
    expect(runs.items).toEqual([]);
    const [kept] = await asTeam(api.db.sql, team.id, (tx) => tx<{ n: number }[]>`select count(*)::int as n from held_signals where name = 'paid'`);
    expect(kept?.n).toBe(2);
  });
});

it('files of a request go where it is refused, and stay where it broke off: its run may be there', async () => {
  const files = createFileStore(api.db.sql, { blobKey: Buffer.alloc(32, 3) });
  const tools = { context: { deps: { sql: api.db.sql } } } as unknown as HookTools;
  const ends = async (error: Error): Promise<boolean> => {
    async function* content() {
      yield Buffer.from('x');
    }
    const meta = { name: 'a', mime: 'text/plain', userId: null, fromRequest: true };
    const handle = await files.createUpload(team.id, meta, content(), { maxBytes: 9 });
    await expect(keepingFiles(tools, team.id, [{ field: 'a', handle }], () => Promise.reject(error))).rejects.toThrow(error.message);
    return files.open(team.id, handle.$file).then(
      () => true,
      () => false,
    );
  };
  expect(await ends(new UserError('workflow.busy', 'It is busy.', { status: 409 }))).toBe(false);
  expect(await ends(Object.assign(new Error('The connection was lost.'), { code: 'CONNECTION_CLOSED' }))).toBe(true);
});

describe('listening for a test event', () => {
  it('shows one event of the draft’s trigger, or starts a test run with it', async () => {
    const definition = { ...base, triggers: [{ id: 'hook', type: 'webhook', config: {} }] };
    const { id } = await post<{ id: string }>('/api/v1/workflows', { name: 'Draft', definition });
    const url = `/api/v1/workflows/${id}/triggers/hook/listen`;
    const opened = await post<{ id: string; url: string }>(url, {});
    const path = new URL(opened.url).pathname;
    expect(path).toMatch(/^\/hooks\/wht_/);
    expect((await api.ask(path, { raw: '{', headers: { 'content-type': 'application/json' } })).statusCode).toBe(400);
    const told = await api.ask(`${url}/${opened.id}`, { key: team.keys.editor });
    expect(told.json()).toMatchObject({ status: 'waiting', problem: 'request.bad-json', event: { outcome: 'refused' } });
    const seen = api.ask(`${url}/${opened.id}?wait=10`, { key: team.keys.editor });
    expect((await send(path, { n: 1 })).statusCode).toBe(200);
    expect((await seen).json()).toMatchObject({ status: 'received', event: { outcome: 'shown', test: true, body: { n: 1 } }, runId: null });
    expect(codeOf(await send(path, { n: 2 }))).toBe('hook.listen-over');

    const starting = await post<{ id: string; url: string }>(url, { start: true });
    const answer = await send(new URL(starting.url).pathname, { n: 3 });
    expect(answer.statusCode).toBe(202);
    const run = (answer.json() as { id: string }).id;
    expect((await inputOf(run)).input).toEqual({ n: 3 });
    expect((await api.ask(`${url}/${starting.id}`, { key: team.keys.editor })).json()).toMatchObject({ status: 'received', runId: run });
  });
});

describe('a form', () => {
  const inputs = {
    type: 'object',
    properties: { email: { type: 'string', format: 'email' }, cv: { type: 'object' } },
    required: ['email'],
    additionalProperties: false,
  };
  const definition = { ...answering, inputs };

  it('that is public shows its fields to anyone, starts a run, and tells of it nothing but progress and answer', async () => {
    const { id, path } = await workflow({ title: 'Apply', public: true }, { type: 'form', definition });
    expect(path).toMatch(/^\/forms\/frm_/);
    const url = `/api/v1${path}`;
    expect((await api.ask(url)).json()).toEqual({ title: 'Apply', description: null, public: true, schema: inputs, test: false });
    const wrong = await api.ask(url, { body: { values: { email: 'x' } } });
    expect(wrong.json()).toMatchObject({ status: 422, errors: [{ path: '/values/email' }] });
    const sent = await api.ask(url, { body: { values: { email: 'a@b.test' } }, headers: { 'idempotency-key': 'k1' } });
    expect(sent.statusCode).toBe(202);
    const { submission } = sent.json() as { submission: string };
    const again = await api.ask(url, { body: { values: { email: 'a@b.test' } }, headers: { 'idempotency-key': 'k1' } });
    expect((again.json() as { submission: string }).submission).toBe(submission);
    const run = api.started.at(-1) ?? '';
    const early = await api.ask(`${url}/submissions/${submission}`);
    expect(early.json()).toMatchObject({ status: 'working', answer: null });
    const waiting = api.ask(`${url}/submissions/${submission}?wait=10`);
    await respond(run, { status: 200, headers: {}, bodyText: '{"ok":true}' });
    expect((await waiting).json()).toEqual({
      status: 'done',
      progress: { done: 0, total: 2 },
      answer: { contentType: 'application/json; charset=utf-8', body: { ok: true } },
      message: 'Done.',
    });
    const shown = await api.ask(`/api/v1/workflows/${id}/triggers/hook/address`, { key: team.keys.viewer });
    expect((shown.json() as { url: string }).url).toContain(path);
    const other = await workflow({ title: 'Other', public: true }, { type: 'form' });
    expect((await api.ask(`/api/v1${other.path}/submissions/${submission.slice(0, -1)}x`)).statusCode).toBe(404);
  });

  it('takes files as parts, and no handles', async () => {
    const { path } = await workflow({ title: 'Apply', public: true }, { type: 'form', definition });
    const form = new FormData();
    form.set('values', JSON.stringify({ email: 'a@b.test' }));
    form.set('cv', new File(['hello'], 'cv.txt'));
    const built = new Response(form);
    const raw = Buffer.from(await built.arrayBuffer());
    expect((await api.ask(`/api/v1${path}`, { raw, headers: { 'content-type': built.headers.get('content-type') ?? '' } })).statusCode).toBe(202);
    const forged = await api.ask(`/api/v1${path}`, {
      body: { values: { email: 'a@b.test', cv: { $file: '0199c0de-7a11-7000-8000-000000000001' } } },
    });
    expect(codeOf(forged)).toBe('hook.file-handle');
  });

  it('that is not public wants a member of its team, with the CSRF token', async () => {
    const { path } = await workflow({ title: 'Inside', public: false }, { type: 'form', definition });
    const url = `/api/v1${path}`;
    expect((await api.ask(url)).statusCode).toBe(401);
    const stranger = await api.makeTeam();
    expect((await api.ask(url, { key: stranger.keys.owner })).statusCode).toBe(404);
    expect((await api.ask(url, { key: team.keys.viewer })).statusCode).toBe(403);
    const person = await api.person(team.id, 'runner');
    expect((await api.ask(url, { session: person })).statusCode).toBe(200);
    const body = { values: { email: 'a@b.test' } };
    const sent = await api.ask(url, { session: person, body });
    expect(sent.statusCode).toBe(202);
    const follow = `${url}/submissions/${(sent.json() as { submission: string }).submission}`;
    expect((await api.ask(follow)).statusCode).toBe(401);
    expect((await api.ask(follow, { session: person })).json()).toMatchObject({ status: 'working', answer: null });
    expect((await api.ask(url, { session: person, body, headers: { 'x-csrf-token': 'wrong' } })).statusCode).toBe(403);
    expect((await api.ask(url, { session: person, body, headers: { origin: 'https://evil.test' } })).statusCode).toBe(403);
  });
});

describe('limits', () => {
  it('hold per webhook and per address that guesses, each apart', async () => {
    const hook = { limit: 3, windowMs: 3_600_000 };
    const small = await startTestApi({ rates: { ...defaultRates(1_000), hook, address: { limit: 4, windowMs: 3_600_000 } } });
    const guess = (address: string) => small.ask(`/hooks/whk_${'x'.repeat(43)}`, { body: {}, address });
    const guesses = [];
    for (let n = 0; n < 6; n += 1) guesses.push((await guess('192.0.2.1')).statusCode);
    expect(guesses).toEqual([404, 404, 404, 404, 429, 429]);
    expect((await guess('192.0.2.2')).statusCode).toBe(404);
    const mine = await small.makeTeam();
    const made = async () => {
      const definition = { ...base, triggers: [{ id: 'hook', type: 'webhook' }] };
      const { id } = (await small.ask('/api/v1/workflows', { key: mine.keys.editor, body: { name: 'W', definition } })).json() as { id: string };
      const published = await small.ask(`/api/v1/workflows/${id}/publish`, { key: mine.keys.editor, body: {} });
      return new URL((published.json() as { urls: { url: string }[] }).urls[0]?.url ?? '').pathname;
    };
    const [one, two] = [await made(), await made()];
    const flood = [];
    for (let n = 0; n < 5; n += 1) flood.push(await small.ask(one, { body: {} }));
    expect(flood.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202, 429, 429]);
    expect(Number(flood[4]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await small.ask(two, { body: {} })).statusCode).toBe(202);
    await small.close();
  });
});
