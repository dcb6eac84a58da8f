import { z } from 'zod';

import type { CredentialKind } from '../types.ts';

/** The way that needs no consent page first. */
export const salesforceKinds: readonly CredentialKind[] = ['salesforce-client-credentials', 'salesforce-oauth'];
export const apiScope: readonly string[] = ['api'];

/** Names go into addresses and SOQL as they are: nothing but letters, digits and _ may be in them. */
const apiName = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[A-Za-z]\w*$/, 'wants an API name, such as Account or Region__c');
/** `Account.Owner.Name`: a field of a record that this one refers to. */
const fieldPath = z
  .string()
  .min(1)
  .max(250)
  .regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*){0,5}$/, 'wants the API name of a field, such as Name or Account.Name');

export const object = apiName
  .describe('The object by its API name: Account, Contact, Opportunity, Case, or one of your own (__c).')
  .meta({ ui: { options: 'objects', width: 'half' } });
export const id = z
  .string()
  .regex(/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/, 'wants the id of a record: 15 or 18 letters and digits')
  .describe('Salesforce’s id of the record.')
  .meta({ title: 'Record', ui: { width: 'half' } });
export const externalId = apiName
  .describe('A field marked as external ID.')
  .meta({ title: 'External ID field', ui: { options: 'externalIds', width: 'half' } });
export const fields = z.array(fieldPath.meta({ ui: { options: 'fields' } })).max(200);

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const fieldValues = z.record(apiName, value);
export const values = fieldValues
  .refine((given) => Object.keys(given).length > 0, 'wants at least one field')
  .describe('API names of fields and their values; null empties one.')
  .meta({ title: 'Fields', ui: { kind: 'any', placeholder: '{ "LastName": "{{ input.name }}" }', fieldsOf: 'record' } });
export const rows = z
  .union([z.array(fieldValues).min(1).max(10_000), fieldValues])
  .describe('A list of records, e.g. {{ nodes.read.output.rows }}, or one: API names of fields and values.')
  .meta({ ui: { kind: 'any', placeholder: '{{ nodes.read.output.rows }}', fieldsOf: 'row' } });
