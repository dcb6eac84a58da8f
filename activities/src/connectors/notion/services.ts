import type { Client } from '@notionhq/client';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { Page } from '../sdk/pages.ts';
import type { Choice, ConnectorServices, ServiceContext } from '../types.ts';
import { withNotion } from './client.ts';
import { openDataSource, pageOf } from './pages.ts';
import { plainOf } from './markdown/rich-text.ts';
import type { GivenText } from './markdown/rich-text.ts';
import { idOf, readContent } from './params.ts';
import { schemaOf } from './properties.ts';
import type { Property } from './properties.ts';

const pickerSize = 50;

export interface Found {
  [field: string]: Json;
  id: string;
  kind: string;
  title: string;
  url: string;
  editedTime: string;
}

interface Search {
  query: string;
  kind: 'any' | 'page' | 'data_source';
  cursor: string | null;
  size: number;
}

/** A page of what the integration sees, the last edited first. */
export async function searchPage(client: Client, { query, kind, cursor, size }: Search): Promise<Page<Found>> {
  const page = await client.search({
    page_size: size,
    sort: { timestamp: 'last_edited_time', direction: 'descending' },
    ...(query === '' ? {} : { query }),
    ...(kind === 'any' ? {} : { filter: { property: 'object', value: kind } }),
    ...(cursor === null ? {} : { start_cursor: cursor }),
  });
  return { rows: page.results.map(found), next: page.next_cursor };
}

function found(answered: unknown): Found {
  const { object } = answered as { object: string };
  const { id, title, url, editedTime } = pageOf(answered);
  const own = (answered as { title?: GivenText[] }).title;
  return { id, kind: object, title: own === undefined ? title : plainOf(own), url, editedTime };
}

function picker(kind: 'page' | 'data_source') {
  return (context: ServiceContext): Promise<{ items: Choice[]; nextCursor: string | null }> =>
    withNotion(context, readContent, async (client) => {
      const { rows, next } = await searchPage(client, { query: context.search ?? '', kind, cursor: context.cursor ?? null, size: pickerSize });
      return {
        items: rows.map(({ id, title, editedTime }) => ({ value: id, label: title || 'Untitled', help: `edited ${editedTime.slice(0, 10)}` })),
        nextCursor: next,
      };
    });
}

/** Properties of what the form names: a database, or a page and the database it is a row of. */
async function propertiesOf(client: Client, { params }: ServiceContext): Promise<Record<string, Property>> {
  const { dataSource, page } = params;
  if (typeof dataSource === 'string' && dataSource !== '') return (await openDataSource(client, idOf(dataSource))).properties;
  if (typeof page !== 'string' || page === '') throw new UserError('connector.refused', 'Choose the database or the page first.', { status: 422 });
  const { parent, properties = {} } = (await client.pages.retrieve({ page_id: idOf(page) })) as {
    parent?: { data_source_id?: string };
    properties?: Record<string, unknown>;
  };
  if (parent?.data_source_id !== undefined) return (await openDataSource(client, parent.data_source_id)).properties;
  return properties as Record<string, Property>;
}

export const notionServices: ConnectorServices = {
  test: (context) =>
    withNotion(context, readContent, async (client) => {
      const { name, bot } = (await client.users.me({})) as { name?: string | null; bot?: { workspace_name?: string | null } };
      const workspace = bot?.workspace_name ?? null;
      return {
        message: workspace === null ? 'Connected to Notion.' : `Connected to the workspace ${workspace}.`,
        account: name ?? null,
        scopes: null,
      };
    }),
  resources: { dataSources: picker('data_source'), pages: picker('page') },
  fields: (context) =>
    withNotion(context, readContent, async (client) => {
      const all = Object.entries(await propertiesOf(client, context)).flatMap(([name, property]) => {
        const schema = schemaOf(property);
        return schema === null ? [] : [[name, schema] as const];
      });
      return { type: 'object', properties: Object.fromEntries(all) };
    }),
};
