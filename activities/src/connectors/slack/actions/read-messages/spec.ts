import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { channel, slackKinds } from '../../params.ts';

const params = z.strictObject({
  channel,
  after: z
    .string()
    .max(40)
    .optional()
    .describe('Only messages after this ts: {{ cursor }} in a poll trigger.')
    .meta({ ui: { width: 'half' } }),
  before: z
    .string()
    .max(40)
    .optional()
    .describe('Only messages before this ts.')
    .meta({ ui: { width: 'half', more: true } }),
  limit: z
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe('At most this many, the newest first.')
    .meta({ title: 'At most', ui: { unit: 'messages' } }),
});

export const readMessagesSpec = {
  id: 'read-messages',
  version: 1,
  kind: 'read',
  title: 'Read messages',
  help: 'Reads messages of a channel the bot is in, the newest first.',
  example: {
    params: { channel: 'C0123456789', limit: 10 },
    output: { messages: [{ ts: '1700000000.000100', user: 'U0123', text: 'Hello' }], count: 1, more: false },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The messages as Slack gives them, their number, and whether there are more.',
    schema: {
      type: 'object',
      required: ['messages', 'count', 'more'],
      properties: { messages: { type: 'array', items: { type: 'object' } }, count: { type: 'integer' }, more: { type: 'boolean' } },
    },
  },
  credentialKinds: slackKinds,
  scopes: ['channels:history|groups:history'],
} as const satisfies ActionSpec<typeof params>;
