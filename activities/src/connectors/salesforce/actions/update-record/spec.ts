import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { apiScope, id, object, salesforceKinds, values } from '../../params.ts';

const params = z.strictObject({ object, id, values });

export const updateRecordSpec = {
  id: 'update-record',
  version: 1,
  kind: 'write',
  title: 'Update a record',
  help: 'Changes fields of one record; those that are not named stay as they are.',
  example: { params: { object: 'Contact', id: '003000000000001AAA', values: { Email: 'ada@example.com' } }, output: { id: '003000000000001AAA' } },
  params,
  literalParams: [],
  idempotent: true,
  output: { help: 'Salesforce’s id of it.', schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } },
  credentialKinds: salesforceKinds,
  scopes: apiScope,
} as const satisfies ActionSpec<typeof params>;
