import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { apiScope, externalId, object, rows, salesforceKinds } from '../../params.ts';

const params = z.strictObject({
  object,
  key: externalId,
  rows,
  refused: z
    .enum(['fail', 'report'])
    .default('fail')
    .describe('What becomes of the step when Salesforce takes some records and refuses others.')
    .meta({ title: 'Refused records', ui: { more: true, labels: ['Fail the step', 'List them in the output'] } }),
});

export const upsertRecordsSpec = {
  id: 'upsert-records',
  version: 1,
  kind: 'write',
  title: 'Update or create records',
  help: 'Changes the records whose external ID has the given value, and makes the others; 200 in one call. Repeating it changes nothing more.',
  example: {
    params: { object: 'Contact', key: 'Number__c', rows: [{ Number__c: 'A-7', LastName: 'Lovelace' }] },
    output: { updated: 0, created: 1, records: [{ key: 'A-7', id: '003000000000001AAA', created: true }], refused: [] },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'How many records were changed and made, the id of each, and what Salesforce refused.',
    schema: {
      type: 'object',
      required: ['updated', 'created', 'records', 'refused'],
      properties: {
        updated: { type: 'integer' },
        created: { type: 'integer' },
        records: {
          type: 'array',
          items: { type: 'object', properties: { key: { type: 'string' }, id: { type: 'string' }, created: { type: 'boolean' } } },
        },
        refused: {
          type: 'array',
          items: { type: 'object', properties: { key: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } } },
        },
      },
    },
  },
  credentialKinds: salesforceKinds,
  scopes: apiScope,
} as const satisfies ActionSpec<typeof params>;
