import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, id, object, otherId, otherObject, writeScopes } from '../../params.ts';

const params = z.strictObject({ object, id, to: otherObject, toId: otherId });

export const associateRecordsSpec = {
  id: 'associate-records',
  version: 1,
  kind: 'write',
  title: 'Associate two records',
  help: 'Ties two records together, such as a contact to its company, by HubSpot’s association without a label. Tying them again changes nothing.',
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
  compensation: {
    action: 'remove-association',
    help: 'Removes every association of the two records, also those that were there before.',
    from: (_params, output) => output,
  },
} as const satisfies ActionSpec<typeof params>;
