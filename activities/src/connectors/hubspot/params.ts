import type { Json } from '@hub/dag/planner';
import { z } from 'zod';

import type { CredentialKind } from '../types.ts';

/** The way that needs no app registration first. */
export const hubspotKinds: readonly CredentialKind[] = ['hubspot-private-app', 'hubspot-oauth'];
/** One of them is enough: which one an action needs depends on the kind of record. */
export const readScopes: readonly string[] = ['crm.objects.contacts.read|crm.objects.companies.read|crm.objects.deals.read|tickets'];
export const writeScopes: readonly string[] = ['crm.objects.contacts.write|crm.objects.companies.write|crm.objects.deals.write|tickets'];

const objectName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'wants the name of a kind of record, such as contacts');
export const object = objectName
  .describe('The kind of record: contacts, companies, deals, tickets, or one of your own.')
  .meta({ title: 'Kind of record', ui: { options: 'objects', width: 'half' } });
export const otherObject = objectName
  .describe('The kind of the other record.')
  .meta({ title: 'Other kind of record', ui: { options: 'objects', width: 'half' } });
const recordId = z.string().regex(/^\d{1,30}$/, 'wants the id of a record: a number');
export const id = recordId.describe('HubSpot’s id of the record.').meta({ title: 'Record', ui: { width: 'half' } });
export const otherId = recordId.describe('HubSpot’s id of the other record.').meta({ title: 'Other record', ui: { width: 'half' } });

export const propertyName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9_]+$/, 'wants the internal name of a property, such as lifecyclestage');
export const idProperty = propertyName
  .describe('A property whose value is unique, such as email of contacts.')
  .meta({ title: 'Unique property', ui: { options: 'uniqueProperties', width: 'half' } });
export const wantedProperties = z
  .array(propertyName.meta({ ui: { options: 'properties' } }))
  .max(200)
  .default([])
  .describe('Properties to read, by their internal names; none: those that HubSpot gives by itself.')
  .meta({ ui: { words: { one: 'property' } } });
const values = z.record(propertyName, z.union([z.string(), z.number(), z.boolean(), z.null()]));
export const properties = values
  .refine((given) => Object.keys(given).length > 0, 'wants at least one property')
  .describe('Internal names of properties and their values; null empties one.')
  .meta({ ui: { kind: 'any', placeholder: '{ "email": "{{ input.email }}" }', fieldsOf: 'record' } });
export const rows = z
  .union([z.array(values).min(1).max(10_000), values])
  .describe('A list of records, e.g. {{ nodes.read.output.rows }}, or one: internal names of properties and values.')
  .meta({ ui: { kind: 'any', placeholder: '{{ nodes.read.output.rows }}', fieldsOf: 'row' } });

export const recordSchema: { [key: string]: Json } = {
  type: 'object',
  required: ['id', 'properties', 'createdAt', 'updatedAt', 'archived', 'change'],
  properties: {
    id: { type: 'string' },
    properties: { type: 'object' },
    createdAt: { type: 'string' },
    updatedAt: { type: 'string' },
    archived: { type: 'boolean' },
    change: { type: 'string' },
  },
};
export const recordExample: { [key: string]: Json } = {
  id: '151',
  properties: { email: 'ada@example.com', firstname: 'Ada' },
  createdAt: '2026-01-02T03:04:05.000Z',
  updatedAt: '2026-01-02T03:04:05.000Z',
  archived: false,
  change: '2026-01-02T03:04:05.000Z 00000000000000000151',
};
