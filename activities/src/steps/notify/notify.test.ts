import type { Json } from '@hub/dag/planner';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, it } from 'vitest';

import type { ActivityDeps } from '../../deps.ts';
import type { LiveCredential, StepMail } from '../../ports.ts';
import { at, closeWorlds, makeWorld } from '../../testing/activity-world.ts';

afterAll(closeWorlds);

const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
const credentials: Record<string, LiveCredential> = {
  hook: { id: 'hook', kind: 'webhook-secret', values: { secret }, allowedHosts: [] },
  slack: {
    id: 'slack',
    kind: 'slack-webhook',
    values: { url: 'https://hooks.slack.com/services/T1/B2/verysecretpart' },
    allowedHosts: ['hooks.slack.com'],
  },
  bot: { id: 'bot', kind: 'bearer', values: { token: 'xoxb-verysecret' }, allowedHosts: ['slack.com'] },
};

interface Sent {
  url: string;
  headers: Record<string, string>;
  body: string;
  maxRedirects: number | undefined;
}

/** A worker whose outside answers `status` with `body`. */
function world(config: Json, outside: { status?: number; body?: string; headers?: Record<string, string> } = {}) {
  const sent: Sent[] = [];
  const mails: StepMail[] = [];
  const http = {
    request: async (request: { url: string; headers: Record<string, string>; body: string; limits?: { maxRedirects?: number } }) => {
      sent.push({ url: request.url, headers: request.headers, body: request.body, maxRedirects: request.limits?.maxRedirects });
      await Promise.resolve();
      return {
        status: outside.status ?? 200,
        headers: outside.headers ?? {},
        url: request.url,
        bytes: async () => await Promise.resolve(Buffer.from(outside.body ?? 'ok')),
      };
    },
  } as unknown as ActivityDeps['http'];
  const made = makeWorld(
    { schemaVersion: 1, nodes: [{ id: 'tell', type: 'notify', config }], edges: [] },
    {
      facts: { inputText: '{"name":"Ann","to":"a@example.com, b@example.com"}' },
      http,
      files: {
        create: () => Promise.reject(new Error('nothing is made here')),
        open: async (_team, id) => {
          const handle = { $file: id, name: `${id}.csv`, mime: 'text/csv', bytes: id === 'large' ? 26 * 1_048_576 : 3, sha256: '' };
          async function* stream() {
            yield await Promise.resolve(Buffer.from('a,b'));
          }
          return await Promise.resolve({ handle, stream });
        },
      },
      credentials: {
        use: async (_team, id) => await Promise.resolve(credentials[id] as LiveCredential),
        renew: async (_team, stale) => await Promise.resolve(stale),
      },
      mail: { send: async (mail) => await Promise.resolve((mails.push(mail), 'sent' as const)) },
    },
  );
  const run = async () =>
    await made.activities.runStep({
      ...at,
      nodeId: 'tell',
      path: 'tell',
      frames: [],
      reads: [],
      rows: [],
      sources: [],
      type: 'notify',
      maxAttempts: 1,
      retry: null,
      timeoutMs: 5_000,
      idempotent: true,
    });
  const output = () => JSON.parse(made.runs.last('tell')?.end?.outputText ?? 'null') as Json;
  const error = () => made.runs.last('tell')?.end?.error ?? null;
  return { run, output, error, sent, mails, runs: made.runs };
}

describe('notify by e-mail', () => {
  it('fills its fields, splits addresses, and names every attempt by one Message-ID', async () => {
    const config = { channel: 'email', to: '{{ input.to }}', subject: 'Hello\n{{ input.name }}', body: 'Dear {{ input.name }}' };
    const one = world(config);
    await one.run();
    expect(one.mails[0]).toMatchObject({ to: ['a@example.com', 'b@example.com'], subject: 'Hello Ann', text: 'Dear Ann', cc: [], replyTo: null });
    expect(one.output()).toMatchObject({ channel: 'email', sent: true });
    const two = world(config);
    await two.run();
    expect(two.mails[0]?.messageId).toBe(one.mails[0]?.messageId);
  });

  it('takes files with it, and refuses what is no file', async () => {
    const files = (attachments: Json) => world({ channel: 'email', to: 'a@example.com', subject: 's', body: 'b', attachments });
    const one = files(['{{ input.file }}', null, { $file: 'f1' }]);
    await one.run();
    const [mail] = one.mails;
    expect(mail?.attachments.map(({ name, mime, bytes }) => [name, mime, bytes])).toEqual([['f1.csv', 'text/csv', 3]]);
    expect(Buffer.concat(await (mail?.attachments[0]?.open().toArray() ?? [])).toString()).toBe('a,b');
    for (const wrong of ['a.csv', { $file: 7 }, Array.from({ length: 21 }, () => ({ $file: 'f1' }))]) {
      const bad = files(wrong as Json);
      await expect(bad.run()).rejects.toThrow();
      expect(bad.error()).toMatchObject({ code: 'step.invalid-params' });
    }
    const large = files({ $file: 'large' });
    await expect(large.run()).rejects.toThrow();
    expect([large.error()?.code, large.mails]).toEqual(['notify.refused', []]);
  });

  it.each([['ann'], ['a@example.com\r\nBcc: x@example.com'], [''], ['"x" <a@example.com>']])('refuses the address %j', async (to) => {
    const { run, mails, error } = world({ channel: 'email', to: [to, 'c'].slice(0, 1), subject: 's', body: 'b' });
    await expect(run()).rejects.toThrow();
    expect(error()).toMatchObject({ code: 'step.invalid-params' });
    expect(mails).toEqual([]);
  });
});

describe('notify by Slack', () => {
  it('posts to an incoming webhook, follows no redirect, and keeps the address out of the row', async () => {
    const { run, sent, output, runs } = world({ channel: 'slack', credentialId: 'slack', text: 'Hi {{ input.name }}' });
    await run();
    expect(sent[0]).toMatchObject({ url: 'https://hooks.slack.com/services/T1/B2/verysecretpart', body: '{"text":"Hi Ann"}', maxRedirects: 0 });
    expect(output()).toEqual({ channel: 'slack', ok: true });
    expect(JSON.stringify(runs.last('tell'))).not.toContain('verysecret');
  });

  it('says what Slack said, with secrets masked, and tries a full bucket again', async () => {
    const refused = world({ channel: 'slack', credentialId: 'bot', to: '#ops', text: 'x' }, { body: '{"ok":false,"error":"channel_not_found"}' });
    await expect(refused.run()).rejects.toThrow();
    expect(refused.error()).toMatchObject({ code: 'notify.refused', message: expect.stringContaining('channel_not_found') as string });
    const busy = world({ channel: 'slack', credentialId: 'slack', text: 'x' }, { status: 429, headers: { 'retry-after': '3' }, body: 'wait xoxb' });
    await expect(busy.run()).rejects.toMatchObject({ nonRetryable: true });
    expect(busy.error()).toMatchObject({ code: 'notify.not-taken' });
  });

  it('wants a credential of a kind that fits', async () => {
    const { run, error } = world({ channel: 'slack', credentialId: 'hook', text: 'x' });
    await expect(run()).rejects.toThrow();
    expect(error()).toMatchObject({ code: 'credential.wrong-kind' });
  });
});

describe('notify by webhook', () => {
  it('is signed so that the library of Standard Webhooks takes it, under one id for all attempts', async () => {
    const config = {
      channel: 'webhook',
      url: 'https://example.com/in',
      credentialId: 'hook',
      event: 'order.made',
      body: { name: '{{ input.name }}' },
      headers: { 'X-Shop': 'eu' },
    };
    const { run, sent } = world(config);
    await run();
    const { headers, body, maxRedirects } = sent[0] as Sent;
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'order.made', data: { name: 'Ann' } });
    expect(headers).toMatchObject({ 'x-shop': 'eu', 'content-type': 'application/json' });
    expect(maxRedirects).toBe(0);
    const again = world(config);
    await again.run();
    expect(again.sent[0]?.headers['webhook-id']).toBe(headers['webhook-id']);
    expect(again.sent[0]?.body).toBe(body);
  });

  it('fails for good where the receiver says 410 or redirects, and for now where it says 503', async () => {
    const config = { channel: 'webhook', url: 'https://example.com/in', credentialId: 'hook', body: {} };
    for (const [status, code] of [
      [410, 'notify.refused'],
      [302, 'notify.refused'],
      [503, 'notify.not-taken'],
    ] as const) {
      const { run, error } = world(config, { status });
      await expect(run()).rejects.toThrow();
      expect(error(), String(status)).toMatchObject({ code });
    }
  });

  it('lets no header of the signature be set by hand', async () => {
    const { run, error, sent } = world({
      channel: 'webhook',
      url: 'https://example.com/in',
      credentialId: 'hook',
      body: {},
      headers: { 'webhook-id': 'mine' },
    });
    await expect(run()).rejects.toThrow();
    expect(error()).toMatchObject({ code: 'step.invalid-params' });
    expect(sent).toEqual([]);
  });
});
