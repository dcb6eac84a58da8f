import { z } from 'zod';
import { own } from '../pointer.ts';
import { alwaysOut, expr, onlyOut, sitesBut, text, textOf, type Kind } from './kind.ts';

/** One address, several with commas between, or a list. */
const people = z.union([text, z.array(text).min(1).max(50)], { error: 'Expected an address, or a list of up to 50' });
const credentialId = text.max(200);

const schemas = {
  email: z.strictObject({
    channel: z.literal('email'),
    to: people,
    cc: people.optional(),
    replyTo: text.optional(),
    subject: text,
    body: text,
    /** A file, or up to 20 of them. */
    attachments: expr.optional(),
  }),
  slack: z.strictObject({
    channel: z.literal('slack'),
    /** An incoming webhook (kind slack-webhook), or a bot token (kind bearer). */
    credentialId,
    /** Channel or person; a bot token needs it, an incoming webhook has its own. */
    to: text.optional(),
    text,
    blocks: expr.optional(),
    threadTs: text.optional(),
  }),
  webhook: z.strictObject({
    channel: z.literal('webhook'),
    url: text,
    /** Kind webhook-secret: what the receiver checks the signature with. */
    credentialId,
    /** Name of what happened, in the field `type`. */
    event: text.optional(),
    body: expr,
    headers: z.record(z.string().min(1).max(100), expr).optional(),
  }),
} as const;
const unknownChannel = z.looseObject({ channel: z.enum(['email', 'slack', 'webhook']) });

export const notify: Kind = {
  type: 'notify',
  label: 'Notify',
  help: 'Sends an e-mail, a Slack message, or a webhook signed by Standard Webhooks. A webhook is tried again under the same id, so its receiver can tell a repeat.',
  example: {
    id: 'tell',
    type: 'notify',
    config: { channel: 'email', to: ['ops@example.com'], subject: 'Run {{ run.id }} is done', body: 'Total: {{ input.total }}' },
  },
  work: 'step',
  reachesOut: true,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  schema: (raw) => {
    const channel = own(raw, 'channel');
    return channel === 'email' || channel === 'slack' || channel === 'webhook' ? schemas[channel] : unknownChannel;
  },
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut('channel', 'credentialId'),
  // A mail carries one Message-ID and a webhook one webhook-id through all attempts; Slack has nothing of the kind.
  idempotent: (raw) => own(raw, 'channel') !== 'slack',
  describe: (raw) => (own(raw, 'channel') === 'slack' ? 'Slack' : own(raw, 'channel') === 'email' ? 'e-mail' : textOf(raw, 'channel')),
};
