import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { channel, messageText, slackKinds } from '../../params.ts';

const params = z.strictObject({
  channel,
  file: z.looseObject({ $file: z.string().min(1) }).describe('The file to share, at most 50 MB.'),
  comment: messageText.optional().describe('Message beside the file.').meta({ title: 'Message' }),
});

export const uploadFileSpec = {
  id: 'upload-file',
  version: 1,
  kind: 'write',
  title: 'Share a file',
  help: 'Uploads a file into a channel the bot is in.',
  example: { params: { channel: 'C0123456789', file: '{{ nodes.report.output.file }}' }, output: { id: 'F0123', name: 'report.csv' } },
  params,
  literalParams: [],
  idempotent: false,
  output: {
    help: 'Slack’s id and name of the file.',
    schema: { type: 'object', required: ['id', 'name'], properties: { id: { type: 'string' }, name: { type: 'string' } } },
  },
  credentialKinds: slackKinds,
  scopes: ['files:write'],
} as const satisfies ActionSpec<typeof params>;
