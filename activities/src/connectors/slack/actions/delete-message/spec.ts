import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { channel, slackKinds, ts } from '../../params.ts';

const params = z.strictObject({ channel, ts: ts.meta({ title: 'Message' }) });

export const deleteMessageSpec = {
  id: 'delete-message',
  version: 1,
  kind: 'write',
  title: 'Delete a message',
  help: 'Deletes a message that the bot posted; one that is gone already is fine.',
  example: { params: { channel: 'C0123456789', ts: '{{ nodes.post.output.ts }}' }, output: { deleted: true } },
  params,
  literalParams: [],
  idempotent: true,
  output: { help: 'Whether it was there.', schema: { type: 'object', required: ['deleted'], properties: { deleted: { type: 'boolean' } } } },
  credentialKinds: slackKinds,
  scopes: ['chat:write'],
} as const satisfies ActionSpec<typeof params>;
