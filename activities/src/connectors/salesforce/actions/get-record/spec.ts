import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { apiScope, externalId, fields, object, salesforceKinds } from '../../params.ts';

const params = z.strictObject({
  object,
  id: z
    .string()
    .min(1)
    .max(255)
    .regex(/^(?!\.{1,2}$)/, 'wants the id of a record, or the value of an external ID')
    .describe('Salesforce’s id of the record, or the value of the external ID field below.')
    .meta({ title: 'Record', ui: { width: 'half' } }),
  by: externalId
    .optional()
    .describe('A field marked as external ID, instead of Salesforce’s id.')
    .meta({ title: 'External ID field', ui: { options: 'externalIds', width: 'half', more: true } }),
  fields: fields
    .default([])
    .describe('Fields to read, by their API names; none: all.')
    .meta({ ui: { words: { one: 'field' } } }),
});

export const getRecordSpec = {
  id: 'get-record',
  version: 1,
  kind: 'read',
  title: 'Get a record',
  help: 'Reads one record by its id or by an external ID.',
  example: {
    params: { object: 'Contact', id: '003000000000001AAA', fields: ['Name', 'Email'] },
    output: { found: true, record: { Id: '003000000000001AAA', Name: 'Ada', Email: 'ada@example.com' } },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Whether there is such a record, and the record (null where not).',
    schema: {
      type: 'object',
      required: ['found', 'record'],
      properties: { found: { type: 'boolean' }, record: { type: ['object', 'null'] } },
    },
  },
  credentialKinds: salesforceKinds,
  scopes: apiScope,
} as const satisfies ActionSpec<typeof params>;
