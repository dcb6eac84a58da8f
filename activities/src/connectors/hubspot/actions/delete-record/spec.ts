import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, id, object, writeScopes } from '../../params.ts';

const params = z.strictObject({ object, id });

export const deleteRecordSpec = {
  id: 'delete-record',
  version: 1,
  kind: 'write',
  title: 'Delete a record',
  help: 'Moves a record to HubSpot’s bin, where it can be restored for 90 days; one that is gone already is fine.',
  example: { params: { object: 'contacts', id: '{{ nodes.create.output.id }}' }, output: { deleted: true } },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'false where HubSpot knows no such record.',
    schema: { type: 'object', required: ['deleted'], properties: { deleted: { type: 'boolean' } } },
  },
  credentialKinds: hubspotKinds,
  scopes: writeScopes,
} as const satisfies ActionSpec<typeof params>;
