import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, id, object, otherId, otherObject, writeScopes } from '../../params.ts';

const params = z.strictObject({ object, id, to: otherObject, toId: otherId });

export const associateRecordsSpec = {
  id: 'associate-records',
  version: 1,
  kind: 'write',
  title: 'Associate two records',
  help: 'Ties two records together, such as a contact to its company, by HubSpot’s association without a label. Tying them again changes nothing. It is not undone by itself: HubSpot only removes all associations of two records at once, also those that were there before.',
  example: {
    params: { object: 'contacts', id: '151', to: 'companies', toId: '77' },
    output: { object: 'contacts', id: '151', to: 'companies', toId: '77' },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The two records.',
    schema: {
      type: 'object',
      required: ['object', 'id', 'to', 'toId'],
      properties: { object: { type: 'string' }, id: { type: 'string' }, to: { type: 'string' }, toId: { type: 'string' } },
    },
  },
  credentialKinds: hubspotKinds,
  scopes: writeScopes,
} as const satisfies ActionSpec<typeof params>;
