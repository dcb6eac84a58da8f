import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, object, properties, recordExample, recordSchema, writeScopes } from '../../params.ts';

const params = z.strictObject({ object, properties });

export const createRecordSpec = {
  id: 'create-record',
  version: 1,
  kind: 'write',
  title: 'Create a record',
  help: 'Makes a contact, company, deal, ticket or record of your own. When it is not known whether it was made, the run asks instead of making another; with a unique property, “Update or create records” needs no such question.',
  example: { params: { object: 'contacts', properties: { email: 'ada@example.com', firstname: 'Ada' } }, output: recordExample },
  params,
  literalParams: [],
  idempotent: false,
  output: { help: 'The record as it is now.', schema: recordSchema },
  credentialKinds: hubspotKinds,
  scopes: writeScopes,
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
