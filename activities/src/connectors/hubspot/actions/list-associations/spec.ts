import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, id, object, otherObject, readScopes } from '../../params.ts';

const params = z.strictObject({
  object,
  id,
  to: otherObject,
  limit: z
    .int()
    .min(1)
    .max(50_000)
    .default(500)
    .describe('At most this many.')
    .meta({ title: 'At most', ui: { unit: 'records', width: 'half' } }),
});

export const listAssociationsSpec = {
  id: 'list-associations',
  version: 1,
  kind: 'read',
  title: 'List associated records',
  help: 'Lists the records of one kind that belong to a record: the contacts of a company, the deals of a contact.',
  example: {
    params: { object: 'companies', id: '77', to: 'contacts' },
    output: { rows: [{ id: '151', labels: ['Decision maker'] }], count: 1, more: false },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The id of each and the labels of the association, their number, and whether there are more.',
    schema: {
      type: 'object',
      required: ['rows', 'count', 'more'],
      properties: {
        rows: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'labels'],
            properties: { id: { type: 'string' }, labels: { type: 'array', items: { type: 'string' } } },
          },
        },
        count: { type: 'integer' },
        more: { type: 'boolean' },
      },
    },
  },
  credentialKinds: hubspotKinds,
  scopes: readScopes,
} as const satisfies ActionSpec<typeof params>;
