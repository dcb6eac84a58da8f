import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { channel, messageText, slackKinds, ts } from '../../params.ts';

const params = z.strictObject({ channel, ts: ts.meta({ title: 'Message' }), text: messageText.min(1) });

export const updateMessageSpec = {
  id: 'update-message',
  version: 1,
  kind: 'write',
  title: 'Change a message',
  help: 'Changes a message that the bot posted.',
  example: {
    params: { channel: 'C0123456789', ts: '{{ nodes.post.output.ts }}', text: 'Done' },
    output: { channel: 'C0123456789', ts: '1700000000.000100' },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The channel and the ts of the message.',
    schema: { type: 'object', required: ['channel', 'ts'], properties: { channel: { type: 'string' }, ts: { type: 'string' } } },
  },
  credentialKinds: slackKinds,
  scopes: ['chat:write'],
} as const satisfies ActionSpec<typeof params>;
