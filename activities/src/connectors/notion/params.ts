import type { Json } from '@hub/dag/planner';
import { z } from 'zod';

import type { CredentialKind } from '../types.ts';

/** The way that needs no app registration first. */
export const notionKinds: readonly CredentialKind[] = ['notion-token', 'notion-oauth'];
/** Notion has no scopes; its integrations have capabilities, named as on their settings page. */
export const readContent = 'Read content';
export const insertContent = 'Insert content';
export const updateContent = 'Update content';

const id = z
  .string()
  .max(2_000)
  .regex(/[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?:[?#]|$)/i, 'wants an id of Notion, or the address of the page');

export const page = id.describe('The page: choose it, or give its address. Connect it to the integration first.').meta({ ui: { options: 'pages' } });
export const dataSource = id
  .describe('The database, or one of its data sources: choose it, or give its address. Connect it to the integration first.')
  .meta({ title: 'Database', ui: { options: 'dataSources' } });
export const properties = z
  .record(z.string(), z.json())
  .describe('Names of properties and their values: texts, numbers, true or false, names of choices, dates as 2026-01-31; several as a list.')
  .meta({ ui: { kind: 'any', fieldsOf: 'row' } });
export const markdown = z
  .string()
  .max(500_000)
  .describe('The text, as markdown: headings, lists, to-dos, quotes, code, tables, images, links.')
  .meta({ title: 'Content', ui: { multiline: true } });
export const limit = (unit: string) =>
  z.int().min(1).max(10_000).default(1_000).describe('At most this many.').meta({ title: 'At most', ui: { unit } });

/** What an answered page looks like in outputs. */
const pageFields: { [key: string]: Json } = {
  id: { type: 'string' },
  url: { type: 'string' },
  title: { type: 'string' },
  createdTime: { type: 'string' },
  editedTime: { type: 'string' },
  properties: { type: 'object' },
};
export const pageSchema: { [key: string]: Json } = pageSchemaWith({});

/** The same with further fields, all of them there. */
export function pageSchemaWith(more: { [field: string]: Json }): { [key: string]: Json } {
  return { type: 'object', required: ['id', 'url', 'properties', ...Object.keys(more)], properties: { ...pageFields, ...more } };
}

/** The id in what people give: with dashes or without, alone or at the end of an address. */
export function idOf(given: string): string {
  const [place = ''] = given.split(/[?#]/);
  const [, a, b, c, d, e] = /(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(place.replaceAll('-', '').toLowerCase()) ?? [];
  return [a, b, c, d, e].join('-');
}
