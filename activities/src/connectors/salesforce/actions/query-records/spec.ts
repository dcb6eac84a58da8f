import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { apiScope, salesforceKinds } from '../../params.ts';

const params = z.strictObject({
  soql: z
    .string()
    .min(1)
    .max(12_000)
    .regex(/^\s*select\s/i, 'wants a query that begins with SELECT')
    .describe('SOQL, with :name where a value comes in; :name:datetime and :name:date for times. Taken literally.')
    .meta({ title: 'Query', ui: { multiline: true, placeholder: 'SELECT Id, Name FROM Contact WHERE Email = :email' } }),
  values: z
    .record(z.string().regex(/^[A-Za-z_]\w{0,59}$/, 'wants a name of letters, digits and _'), z.json())
    .default({})
    .describe('What :name in the query stands for: texts, numbers, true, false, or lists of these for IN.')
    .meta({ ui: { kind: 'any', placeholder: '{ "email": "{{ input.email }}" }' } }),
  deleted: z
    .boolean()
    .default(false)
    .describe('Also records in the bin, and archived ones.')
    .meta({ title: 'Deleted too', ui: { more: true } }),
  limit: z
    .int()
    .min(1)
    .max(100_000)
    .default(2_000)
    .describe('At most this many.')
    .meta({ title: 'At most', ui: { unit: 'records', width: 'half' } }),
});

export const queryRecordsSpec = {
  id: 'query-records',
  version: 1,
  kind: 'read',
  title: 'Query records',
  help: 'Reads records by SOQL, page after page. Values are filled in as literals, so none of them can change the query.',
  example: {
    params: { soql: 'SELECT Id, Name FROM Contact WHERE Email = :email', values: { email: 'ada@example.com' } },
    output: { rows: [{ Id: '003000000000001AAA', Name: 'Ada' }], count: 1, more: false },
  },
  params,
  literalParams: ['soql'],
  idempotent: true,
  output: {
    help: 'The records with the fields of the query, their number, and whether there are more.',
    schema: {
      type: 'object',
      required: ['rows', 'count', 'more'],
      properties: { rows: { type: 'array', items: { type: 'object' } }, count: { type: 'integer' }, more: { type: 'boolean' } },
    },
  },
  credentialKinds: salesforceKinds,
  scopes: apiScope,
} as const satisfies ActionSpec<typeof params>;
