import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { hubspotKinds, object, propertyName, readScopes, recordExample, recordSchema, wantedProperties } from '../../params.ts';

const operators = {
  EQ: 'is',
  NEQ: 'is not',
  CONTAINS_TOKEN: 'contains the word',
  NOT_CONTAINS_TOKEN: 'does not contain the word',
  IN: 'is one of',
  NOT_IN: 'is none of',
  GT: 'is greater than',
  GTE: 'is at least',
  LT: 'is less than',
  LTE: 'is at most',
  BETWEEN: 'is between',
  HAS_PROPERTY: 'is known',
  NOT_HAS_PROPERTY: 'is not known',
} as const;

const filter = z
  .strictObject({
    property: propertyName.describe('Internal name of the property.').meta({ ui: { options: 'properties', width: 'half' } }),
    operator: z
      .enum(Object.keys(operators) as [keyof typeof operators])
      .default('EQ')
      .describe('How it is compared.')
      .meta({ ui: { width: 'half', labels: Object.values(operators) } }),
    value: z
      .string()
      .max(3_000)
      .optional()
      .describe('What it is compared with; of two bounds the lower one.')
      .meta({ ui: { width: 'half' } }),
    upTo: z
      .string()
      .max(3_000)
      .optional()
      .describe('The upper bound, for “is between”.')
      .meta({ ui: { width: 'half' } }),
    values: z.array(z.string().max(3_000)).min(1).max(100).optional().describe('The list, for “is one of” and “is none of”.'),
  })
  .superRefine(({ operator, value, upTo, values }, faults) => {
    const missing = (path: string): void =>
      faults.addIssue({ code: 'custom', path: [path], message: `is wanted where it ${operators[operator]} something` });
    if (operator === 'IN' || operator === 'NOT_IN') {
      if (values === undefined) missing('values');
    } else if (operator !== 'HAS_PROPERTY' && operator !== 'NOT_HAS_PROPERTY' && value === undefined) missing('value');
    if (operator === 'BETWEEN' && upTo === undefined) missing('upTo');
  });

const params = z.strictObject({
  object,
  filters: z
    .array(filter)
    .max(5)
    .default([])
    .describe('Conditions that must all hold.')
    .meta({ ui: { words: { one: 'condition' } } }),
  query: z.string().max(3_000).optional().describe('Words that stand in any of its searched properties.').meta({ title: 'Search for' }),
  changedAfter: z
    .string()
    .max(60)
    .optional()
    .describe(
      'Only what was changed from then on (ISO 8601), oldest change first: {{ cursor }} in a poll trigger whose cursor is the field change, rising.',
    )
    .meta({ ui: { width: 'half' } }),
  properties: wantedProperties,
  sort: z
    .string()
    .max(101)
    .regex(/^-?[A-Za-z0-9_]+$/, 'wants the internal name of a property, with - before it for the greatest first')
    .optional()
    .describe('Property to order by; - before it for the greatest first.')
    .meta({ title: 'Order by', ui: { width: 'half', more: true } }),
  limit: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('At most this many; a search of HubSpot ends at 10,000.')
    .meta({ title: 'At most', ui: { unit: 'records', width: 'half' } }),
});

export const searchRecordsSpec = {
  id: 'search-records',
  version: 1,
  kind: 'read',
  title: 'Search records',
  help: 'Finds contacts, companies, deals, tickets or records of your own by conditions and words. In a poll trigger it finds new and changed ones. What was changed seconds ago may not be found yet.',
  example: {
    params: { object: 'contacts', filters: [{ property: 'lifecyclestage', operator: 'EQ', value: 'lead' }], properties: ['email'], limit: 50 },
    output: { rows: [recordExample], count: 1, total: 1, more: false },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The records, how many were read, how many there are, and whether there are more.',
    schema: {
      type: 'object',
      required: ['rows', 'count', 'total', 'more'],
      properties: { rows: { type: 'array', items: recordSchema }, count: { type: 'integer' }, total: { type: 'integer' }, more: { type: 'boolean' } },
    },
  },
  credentialKinds: hubspotKinds,
  scopes: readScopes,
} as const satisfies ActionSpec<typeof params>;
