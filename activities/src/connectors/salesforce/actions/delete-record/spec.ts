import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { apiScope, id, object, salesforceKinds } from '../../params.ts';

const params = z.strictObject({ object, id });

export const deleteRecordSpec = {
  id: 'delete-record',
  version: 1,
  kind: 'write',
  title: 'Delete a record',
  help: 'Moves a record to the bin of Salesforce; one that is gone already is fine.',
  example: { params: { object: 'Contact', id: '{{ nodes.create.output.id }}' }, output: { deleted: true } },
  params,
  literalParams: [],
  idempotent: true,
  output: { help: 'Whether it was there.', schema: { type: 'object', required: ['deleted'], properties: { deleted: { type: 'boolean' } } } },
  credentialKinds: salesforceKinds,
  scopes: apiScope,
} as const satisfies ActionSpec<typeof params>;
