import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, object, otherObject, propertyName, readScopes, recordExample, recordSchema, wantedProperties } from '../../params.ts';

const params = z.strictObject({
  object,
  id: z
    .string()
    .min(1)
    .max(300)
    .regex(/^(?!\.{1,2}$)/, 'wants the id of a record, or the value of a unique property')
    .describe('HubSpot’s id of the record, or the value of the unique property below.')
    .meta({ title: 'Record', ui: { width: 'half' } }),
  by: propertyName
    .optional()
    .describe('A property whose value is unique, such as email of contacts, instead of HubSpot’s id.')
    .meta({ title: 'Unique property', ui: { options: 'uniqueProperties', width: 'half', more: true } }),
  properties: wantedProperties,
  associations: z
    .array(otherObject)
    .max(10)
    .default([])
    .describe('Kinds of records whose ids are read along, at most 500 of each.')
    .meta({ title: 'Associated', ui: { more: true, words: { one: 'kind of record' } } }),
});

export const getRecordSpec = {
  id: 'get-record',
  version: 1,
  kind: 'read',
  title: 'Get a record',
  help: 'Reads one contact, company, deal, ticket or record of your own by its id or by a unique property.',
  example: {
    params: { object: 'contacts', id: 'ada@example.com', by: 'email', properties: ['email', 'firstname'] },
    output: { found: true, record: recordExample, associations: {} },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Whether there is such a record, the record (null where not), and ids of associated ones by kind.',
    schema: {
      type: 'object',
      required: ['found', 'record', 'associations'],
      properties: {
        found: { type: 'boolean' },
        record: { anyOf: [recordSchema, { type: 'null' }] },
        associations: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
      },
    },
  },
  credentialKinds: hubspotKinds,
  scopes: readScopes,
} as const satisfies ActionSpec<typeof params>;
