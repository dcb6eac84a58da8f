import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { standardHeaders, type SignatureScheme, verifySignature } from './index.ts';

const nowMs = Date.now();
const now = Math.floor(nowMs / 1000);
const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const text = '{"id":"evt_1","text":"naïve ✓"}';
const body = Buffer.from(text);
const hex = (key: string, signed: string) => createHmac('sha256', key).update(signed).digest('hex');

/** The published formula of each provider, written down again so that it does not repeat our own code. */
const signed: Record<string, { scheme: SignatureScheme; headers: (at: number) => Record<string, string> }> = {
  stripe: { scheme: { scheme: 'stripe' }, headers: (at) => ({ 'stripe-signature': `t=${at},v1=${hex(secret, `${at}.${text}`)},v0=00` }) },
  github: { scheme: { scheme: 'github' }, headers: () => ({ 'x-hub-signature-256': `sha256=${hex(secret, text)}` }) },
  slack: {
    scheme: { scheme: 'slack' },
    headers: (at) => ({ 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${hex(secret, `v0:${at}:${text}`)}` }),
  },
  standardwebhooks: {
    scheme: { scheme: 'standardwebhooks' },
    headers: (at) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at),
      'webhook-signature': new Webhook(secret).sign('msg_1', new Date(at * 1000), text),
    }),
  },
  hmac: {
    scheme: { scheme: 'hmac', header: 'X-Sig', prefix: 'v=', timestampHeader: 'X-Time' },
    headers: (at) => ({ 'x-time': String(at), 'x-sig': `v=${hex(secret, `${at}.${text}`).toUpperCase()}` }),
  },
};
const names = Object.keys(signed);

function check(name: string, headers: Record<string, string | string[]>, more: { body?: Uint8Array; secrets?: string[] } = {}) {
  const { scheme } = signed[name] as (typeof signed)[string];
  return verifySignature(scheme, { headers, body: more.body ?? body, secrets: more.secrets ?? [secret], nowMs });
}
const right = (name: string, at = now) => (signed[name] as (typeof signed)[string]).headers(at);

describe('incoming signatures', () => {
  it.each(names)('%s: takes what the sender signed, also with the secret of before a rotation', (name) => {
    expect(check(name, right(name))).toMatchObject({ ok: true });
    expect(check(name, right(name), { secrets: [`whsec_${Buffer.alloc(24, 8).toString('base64')}`, secret] })).toMatchObject({ ok: true });
  });

  it.each(names)('%s: refuses every changed bit of the body, an empty and a longer one', (name) => {
    const headers = right(name);
    for (let at = 0; at < body.length * 8; at += 1) {
      const changed = Buffer.from(body);
      changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(check(name, headers, { body: changed }).ok).toBe(false);
    }
    expect(check(name, headers, { body: Buffer.alloc(0) }).ok).toBe(false);
    expect(check(name, headers, { body: Buffer.concat([body, Buffer.from(' ')]) }).ok).toBe(false);
  });

  it.each(names)('%s: refuses headers that are missing, empty, doubled or cut', (name) => {
    const headers = right(name);
    const own = Object.keys(headers).filter((key) => key !== 'webhook-id' || name === 'standardwebhooks');
    for (const key of own) {
      const without: Record<string, string | string[]> = { ...headers };
      delete without[key];
      expect(check(name, without).ok, `without ${key}`).toBe(false);
      expect(check(name, { ...headers, [key]: '' }).ok).toBe(false);
      expect(check(name, { ...headers, [key]: [headers[key] as string, headers[key] as string] }).ok).toBe(false);
      expect(check(name, { ...headers, [key]: (headers[key] as string).slice(0, -1) }).ok && name !== 'stripe').toBe(false);
    }
  });

  it.each(names)('%s: refuses another secret, no secret, an empty one', (name) => {
    const headers = right(name);
    expect(check(name, headers, { secrets: [`whsec_${Buffer.alloc(24, 9).toString('base64')}`] })).toEqual({ ok: false, reason: 'bad-signature' });
    expect(check(name, headers, { secrets: [] })).toEqual({ ok: false, reason: 'bad-secret' });
    expect(check(name, headers, { secrets: [secret, ''] })).toEqual({ ok: false, reason: 'bad-secret' });
  });

  it.each(names.filter((name) => name !== 'github'))('%s: takes 300 s of difference and refuses 301, before and after', (name) => {
    expect(check(name, right(name, now - 300)).ok).toBe(true);
    expect(check(name, right(name, now + 300)).ok).toBe(true);
    expect(check(name, right(name, now - 301))).toEqual({ ok: false, reason: 'stale' });
    expect(check(name, right(name, now + 301))).toEqual({ ok: false, reason: 'stale' });
  });

  it('refuses two timestamps, a timestamp that is no plain number, and a hundred signatures', () => {
    const good = right('stripe')['stripe-signature'] as string;
    expect(check('stripe', { 'stripe-signature': `t=1,${good}` }).ok).toBe(false);
    expect(check('stripe', { 'stripe-signature': good.replace(/t=(\d+)/, 't=$1abc') }).ok).toBe(false);
    const many = Array.from({ length: 100 }, () => 'v1=00').join(',');
    expect(check('stripe', { 'stripe-signature': `${good},${many}` }).ok).toBe(false);
  });

  it('names a repeat by what is signed: the id where there is one, else the signature', () => {
    expect(check('standardwebhooks', right('standardwebhooks'))).toEqual({ ok: true, replayId: 'id:msg_1' });
    const first = check('github', right('github'));
    expect(check('github', { ...right('github'), 'x-github-delivery': 'another' })).toEqual(first);
  });
});

describe('outgoing signatures', () => {
  it('pass the library of Standard Webhooks, also when two secrets sign', () => {
    const other = Buffer.alloc(32, 5).toString('base64');
    const headers = standardHeaders([other, secret], 'msg_2', nowMs, text);
    expect(new Webhook(secret).verify(text, headers)).toEqual(JSON.parse(text));
    expect(new Webhook(other).verify(text, headers)).toEqual(JSON.parse(text));
  });

  it('refuse a secret that is none', () => {
    for (const bad of ['', 'whsec_', 'whsec_ü', 'short', 'a secret with blanks'])
      expect(() => standardHeaders([bad], 'm', nowMs, 'x')).toThrow(/Standard Webhooks/);
  });
});
