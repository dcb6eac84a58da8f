import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, id, object, properties, recordExample, recordSchema, writeScopes } from '../../params.ts';

const params = z.strictObject({ object, id, properties });

export const updateRecordSpec = {
  id: 'update-record',
  version: 1,
  kind: 'write',
  title: 'Update a record',
  help: 'Changes properties of one record; those that are not named stay as they are.',
  example: { params: { object: 'contacts', id: '151', properties: { firstname: 'Ada' } }, output: recordExample },
  params,
  literalParams: [],
  idempotent: true,
  output: { help: 'The record with the changed properties.', schema: recordSchema },
  credentialKinds: hubspotKinds,
  scopes: writeScopes,
} as const satisfies ActionSpec<typeof params>;
