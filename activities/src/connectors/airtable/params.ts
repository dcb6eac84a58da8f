import type { Json } from '@hub/dag/planner';
import { z } from 'zod';

import type { CredentialKind } from '../types.ts';

/** The way that needs no app registration first. */
export const airtableKinds: readonly CredentialKind[] = ['airtable-token', 'airtable-oauth'];
export const readScope = 'data.records:read';
export const writeScope = 'data.records:write';
export const schemaScope = 'schema.bases:read';
export const mostRecords = 5_000;

export const base = z
  .string()
  .regex(/^app[A-Za-z0-9]{14}$/, 'wants the id of a base: the app… part of its address')
  .describe('The base: choose it, or give the app… part of its address. The token must have access to it.')
  .meta({ ui: { options: 'bases' } });
export const table = z
  .string()
  .max(255)
  .regex(/^(?!\.{1,2}$)./, 'wants the name or the id of a table')
  .describe('The table: its name, or its id, which stays when it is renamed.')
  .meta({ ui: { width: 'half', options: 'tables' } });
export const recordId = z.string().regex(/^rec[A-Za-z0-9]{14}$/, 'wants the id of a record: rec and 14 letters or digits');

const values = z.record(z.string(), z.json());
export const records = z
  .union([z.array(values).max(mostRecords), values])
  .describe('A list of records, e.g. {{ nodes.read.output.rows }}, or one: field names and values.')
  .meta({ ui: { kind: 'any', placeholder: '{{ nodes.read.output.rows }}', fieldsOf: 'row' } });
export const typecast = z
  .boolean()
  .default(false)
  .describe('Let Airtable turn texts into what the field holds: dates, numbers, new choices of a select.')
  .meta({ title: 'Convert texts', ui: { more: true } });

/** What an answered record looks like in outputs. */
export const recordSchema: { [key: string]: Json } = {
  type: 'object',
  required: ['id', 'fields'],
  properties: { id: { type: 'string' }, createdTime: { type: 'string' }, fields: { type: 'object' } },
};
