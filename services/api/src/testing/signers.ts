/** How four providers sign, from their own libraries or published formulas: written down apart from the code that checks, so that it cannot repeat its mistakes. */
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

export interface Signed {
  headers: Record<string, string>;
  body: string;
}
export interface SignOptions {
  secret: string;
  /** Seconds since 1970. */
  at: number;
  /** The sender's own id of the event, where it travels in a header. */
  id?: string;
}
export interface Provider {
  name: 'standardwebhooks' | 'stripe' | 'github' | 'slack';
  /** A fresh event; `n` tells events apart. */
  event: (n: number) => Record<string, unknown>;
  sign: (body: string, options: SignOptions) => Record<string, string>;
  /** The header that holds the signature. */
  signatureHeader: string;
  /** The header that holds the time; null: inside the signature, or none. */
  timeHeader: string | null;
  timed: boolean;
}

const hex = (secret: string, text: string, algorithm = 'sha256') => createHmac(algorithm, secret).update(text).digest('hex');

export const providers: Provider[] = [
  {
    name: 'standardwebhooks',
    event: (n) => ({ type: 'order.made', n, timestamp: '2026-11-22T12:00:00Z', data: { total: 17, text: 'naïve ✓' } }),
    sign: (body, { secret, at, id = 'msg_1' }) => ({
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': new Webhook(secret).sign(id, new Date(at * 1000), body),
    }),
    signatureHeader: 'webhook-signature',
    timeHeader: 'webhook-timestamp',
    timed: true,
  },
  {
    // https://docs.stripe.com/webhooks/signature: HMAC-SHA256 of "<t>.<body>", hex, in "t=<t>,v1=<mac>".
    name: 'stripe',
    event: (n) => ({ id: `evt_${n}`, object: 'event', type: 'charge.succeeded', data: { object: { amount: 1700, note: 'naïve ✓' } } }),
    sign: (body, { secret, at }) => ({ 'stripe-signature': `t=${at},v1=${hex(secret, `${at}.${body}`)},v0=${'0'.repeat(64)}` }),
    signatureHeader: 'stripe-signature',
    timeHeader: null,
    timed: true,
  },
  {
    // GitHub, "Validating webhook deliveries": "sha256=" and the hex HMAC-SHA256 of the body.
    name: 'github',
    event: (n) => ({ action: 'opened', number: n, repository: { full_name: 'a/b' }, title: 'naïve ✓' }),
    sign: (body, { secret, id = 'guid' }) => ({
      'x-github-event': 'issues',
      'x-github-delivery': id,
      'x-hub-signature': `sha1=${hex(secret, body, 'sha1')}`,
      'x-hub-signature-256': `sha256=${hex(secret, body)}`,
    }),
    signatureHeader: 'x-hub-signature-256',
    timeHeader: null,
    timed: false,
  },
  {
    // Slack, "Verifying requests from Slack": "v0=" and the hex HMAC-SHA256 of "v0:<timestamp>:<body>".
    name: 'slack',
    event: (n) => ({ type: 'event_callback', event_id: `Ev${n}`, team_id: 'T1', event: { type: 'message', text: 'naïve ✓' } }),
    sign: (body, { secret, at }) => ({ 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${hex(secret, `v0:${at}:${body}`)}` }),
    signatureHeader: 'x-slack-signature',
    timeHeader: 'x-slack-request-timestamp',
    timed: true,
  },
];
