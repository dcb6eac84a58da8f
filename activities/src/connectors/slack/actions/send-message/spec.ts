import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { channel, messageText, slackKinds, ts } from '../../params.ts';

const params = z.strictObject({
  channel,
  text: messageText.min(1),
  thread: ts
    .optional()
    .describe('Answer in the thread of this message.')
    .meta({ title: 'Answer to', ui: { more: true } }),
  blocks: z
    .array(z.looseObject({ type: z.string() }))
    .max(50)
    .optional()
    .describe('Block Kit, as Slack’s builder gives it; the message above is then what notifications show.')
    .meta({ ui: { more: true, kind: 'any' } }),
  unfurl: z
    .boolean()
    .default(true)
    .describe('Show previews of links.')
    .meta({ title: 'Previews of links', ui: { more: true } }),
});

export const sendMessageSpec = {
  id: 'send-message',
  version: 1,
  kind: 'write',
  title: 'Send a message',
  help: 'Posts a message as the bot. It is posted once: when it is not known whether it was, the run asks instead of posting again.',
  example: { params: { channel: 'C0123456789', text: 'Done: {{ input.name }}' }, output: { channel: 'C0123456789', ts: '1700000000.000100' } },
  params,
  literalParams: [],
  idempotent: false,
  output: {
    help: 'The channel and the ts of the message, by which it can be changed, deleted or answered.',
    schema: { type: 'object', required: ['channel', 'ts'], properties: { channel: { type: 'string' }, ts: { type: 'string' } } },
  },
  credentialKinds: slackKinds,
  scopes: ['chat:write'],
  compensation: {
    action: 'delete-message',
    help: 'Deletes the message.',
    from: (_params, output) => {
      const { channel, ts } = output as { channel: string; ts: string };
      return ts === '' ? null : { channel, ts };
    },
  },
} as const satisfies ActionSpec<typeof params>;
