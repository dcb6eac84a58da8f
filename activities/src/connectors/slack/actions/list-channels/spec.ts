import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { slackKinds } from '../../params.ts';

const params = z.strictObject({
  archived: z.boolean().default(false).describe('Also those that are archived.').meta({ title: 'Archived too' }),
  limit: z
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .describe('At most this many.')
    .meta({ title: 'At most', ui: { unit: 'channels' } }),
});

export const listChannelsSpec = {
  id: 'list-channels',
  version: 1,
  kind: 'read',
  title: 'List channels',
  help: 'Lists the public channels of the workspace.',
  example: { params: {}, output: { channels: [{ id: 'C0123456789', name: 'general', member: true }], count: 1, more: false } },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Id and name of each channel, and whether the bot is in it.',
    schema: {
      type: 'object',
      required: ['channels', 'count', 'more'],
      properties: {
        channels: {
          type: 'array',
          items: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' }, member: { type: 'boolean' } } },
        },
        count: { type: 'integer' },
        more: { type: 'boolean' },
      },
    },
  },
  credentialKinds: slackKinds,
  scopes: ['channels:read'],
} as const satisfies ActionSpec<typeof params>;
