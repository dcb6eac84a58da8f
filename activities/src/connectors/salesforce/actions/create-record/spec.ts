import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { apiScope, object, salesforceKinds, values } from '../../params.ts';

const params = z.strictObject({ object, values });

export const createRecordSpec = {
  id: 'create-record',
  version: 1,
  kind: 'write',
  title: 'Create a record',
  help: 'Makes a record of an object. When it is not known whether it was made, the run asks instead of making another; with an external ID, “Update or create records” needs no such question.',
  example: { params: { object: 'Contact', values: { LastName: 'Lovelace', Email: 'ada@example.com' } }, output: { id: '003000000000001AAA' } },
  params,
  literalParams: [],
  idempotent: false,
  output: { help: 'Salesforce’s id of it.', schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } },
  credentialKinds: salesforceKinds,
  scopes: apiScope,
  compensation: {
    action: 'delete-record',
    help: 'Moves the record to the bin.',
    from: (given, output) => {
      const { object } = given as { object?: string };
      const id = (output as { id?: string } | null)?.id;
      return object === undefined || id === undefined || id === '' ? null : { object, id };
    },
  },
} as const satisfies ActionSpec<typeof params>;
