import type { Json } from '@hub/dag/planner';
import { UserError, errorCode } from '@hub/kit/errors';

import type { Choice, ConnectorServices, ServiceContext } from '../types.ts';
import { above, withAirtable } from './client.ts';
import type { AirtableBase } from './client.ts';
import { readScope, schemaScope, writeScope } from './params.ts';

interface Field {
  id: string;
  name: string;
  type: string;
  description?: string;
  options?: { choices?: { name: string }[] };
}
interface Table {
  id: string;
  name: string;
  fields: Field[];
  views: { id: string; name: string; type: string }[];
}

/** Kinds of field that Airtable fills itself. */
const computed = new Set([
  'formula',
  'rollup',
  'count',
  'multipleLookupValues',
  'autoNumber',
  'createdTime',
  'lastModifiedTime',
  'createdBy',
  'lastModifiedBy',
  'button',
  'aiText',
  'externalSyncSource',
]);
const numbers = new Set(['number', 'currency', 'percent', 'duration', 'rating']);

function chosen(context: ServiceContext, name: string): string {
  const value = context.params[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UserError('connector.refused', `Choose the ${name} first.`, { status: 422 });
}

/** One table of the base, by name or id. @throws UserError `connector.not-found`. */
function chosenTable(context: ServiceContext): Promise<Table> {
  return withAirtable(context, schemaScope, async (open) => {
    const wanted = chosen(context, 'table');
    const all = await tablesOf(open(above), chosen(context, 'base'));
    const found = all.find(({ id, name }) => id === wanted || name === wanted);
    if (found !== undefined) return found;
    throw new UserError('connector.not-found', `The base has no table "${wanted}".`, {
      status: 422,
      remedy: `Choose one of: ${all
        .map(({ name }) => name)
        .join(', ')
        .slice(0, 300)}.`,
    });
  });
}

async function tablesOf(meta: AirtableBase, base: string): Promise<Table[]> {
  const { body } = await meta.makeRequest({ path: `/bases/${encodeURIComponent(base)}/tables` });
  return (body as { tables: Table[] }).tables;
}

function among(context: ServiceContext, items: Choice[]): { items: Choice[]; nextCursor: null } {
  const wanted = (context.search ?? '').toLowerCase();
  return { items: items.filter(({ label }) => label.toLowerCase().includes(wanted)), nextCursor: null };
}

function schemaOf({ type, description, options }: Field): { [key: string]: Json } {
  const words = description === undefined || description === '' ? {} : { description };
  const names = options?.choices?.map(({ name }) => name);
  if (numbers.has(type)) return { type: 'number', ...words };
  if (type === 'checkbox') return { type: 'boolean', ...words };
  if (type === 'multipleSelects')
    return { type: 'array', items: names === undefined ? { type: 'string' } : { type: 'string', enum: names }, ...words };
  if (type === 'multipleRecordLinks' || type === 'multipleAttachments' || type === 'multipleCollaborators') return { type: 'array', ...words };
  if (type === 'singleSelect' && names !== undefined) return { type: 'string', enum: names, ...words };
  return type === 'singleCollaborator' || type === 'barcode' ? { type: 'object', ...words } : { type: 'string', ...words };
}

export const airtableServices: ConnectorServices = {
  test: (context) =>
    withAirtable(context, schemaScope, async (open) => {
      const meta = open(above);
      const { body } = await meta.makeRequest({ path: '/whoami' });
      const { id, email, scopes } = body as { id: string; email?: string; scopes?: string[] };
      return { message: 'Connected to Airtable.', account: email ?? id, scopes: scopes ?? (await scopesOfToken(meta)) };
    }),
  resources: {
    bases: (context) =>
      withAirtable(context, schemaScope, async (open) => {
        const { body } = await open(above).makeRequest({ path: '/bases', qs: context.cursor === undefined ? {} : { offset: context.cursor } });
        const { bases, offset } = body as { bases: { id: string; name: string; permissionLevel: string }[]; offset?: string };
        const items = bases.map(({ id, name, permissionLevel }) => ({
          value: id,
          label: name,
          ...(permissionLevel === 'read' || permissionLevel === 'comment' ? { help: 'can be read only' } : {}),
        }));
        return { ...among(context, items), nextCursor: offset ?? null };
      }),
    tables: (context) =>
      withAirtable(context, schemaScope, async (open) =>
        among(
          context,
          (await tablesOf(open(above), chosen(context, 'base'))).map(({ name }) => ({ value: name, label: name })),
        ),
      ),
    views: async (context) =>
      among(
        context,
        (await chosenTable(context)).views.map(({ name, type }) => ({ value: name, label: name, help: type })),
      ),
    fields: async (context) =>
      among(
        context,
        (await chosenTable(context)).fields.map(({ name, type }) => ({ value: name, label: name, help: type })),
      ),
  },
  fields: async (context) => {
    const { fields } = await chosenTable(context);
    const own = fields.filter(({ type }) => !computed.has(type));
    return { type: 'object', properties: Object.fromEntries(own.map((field) => [field.name, schemaOf(field)])) };
  },
};

/** Airtable lists the scopes of OAuth tokens only. Of a personal token the one can be tried that touches no record; the others are taken as granted. */
async function scopesOfToken(meta: AirtableBase): Promise<string[]> {
  const records = [readScope, writeScope];
  try {
    await meta.makeRequest({ path: '/bases' });
    return [...records, schemaScope];
  } catch (error) {
    if (errorCode(error) === 'connector.forbidden') return records;
    throw error;
  }
}
