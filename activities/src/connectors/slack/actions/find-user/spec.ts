import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { slackKinds } from '../../params.ts';

const params = z.strictObject({ email: z.string().min(3).max(320).describe('E-mail address of the person.') });

export const findUserSpec = {
  id: 'find-user',
  version: 1,
  kind: 'read',
  title: 'Find a person',
  help: 'Finds a person of the workspace by e-mail address; their id can be sent messages to.',
  example: { params: { email: 'ada@example.com' }, output: { found: true, id: 'U0123', name: 'Ada' } },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Whether there is such a person, their id and name (null where not).',
    schema: {
      type: 'object',
      required: ['found', 'id', 'name'],
      properties: { found: { type: 'boolean' }, id: { type: ['string', 'null'] }, name: { type: ['string', 'null'] } },
    },
  },
  credentialKinds: slackKinds,
  scopes: ['users:read.email'],
} as const satisfies ActionSpec<typeof params>;
