import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, idProperty, object, rows, writeScopes } from '../../params.ts';

const params = z.strictObject({
  object,
  key: idProperty,
  rows,
  refused: z
    .enum(['fail', 'report'])
    .default('fail')
    .describe('What becomes of the step when HubSpot takes some records and refuses others.')
    .meta({ title: 'Refused records', ui: { more: true, labels: ['Fail the step', 'List them in the output'] } }),
});

export const upsertRecordsSpec = {
  id: 'upsert-records',
  version: 1,
  kind: 'write',
  title: 'Update or create records',
  help: 'Changes the records whose unique property has the given value, and makes the others; 100 in one call. Repeating it changes nothing more.',
  example: {
    params: { object: 'contacts', key: 'email', rows: [{ email: 'ada@example.com', firstname: 'Ada' }] },
    output: { updated: 0, created: 1, records: [{ key: 'ada@example.com', id: '151', created: true }], refused: [] },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'How many records were changed and made, the id of each, and what HubSpot refused.',
    schema: {
      type: 'object',
      required: ['updated', 'created', 'records', 'refused'],
      properties: {
        updated: { type: 'integer' },
        created: { type: 'integer' },
        records: {
          type: 'array',
          items: {
            type: 'object',
            properties: { key: { type: ['string', 'null'] }, id: { type: 'string' }, created: { type: 'boolean' } },
          },
        },
        refused: { type: 'array', items: { type: 'object', properties: { message: { type: 'string' } } } },
      },
    },
  },
  credentialKinds: hubspotKinds,
  scopes: writeScopes,
} as const satisfies ActionSpec<typeof params>;
