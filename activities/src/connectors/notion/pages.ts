/** Pages, data sources and what stands on pages, as outputs have them. */
import type { Client } from '@notionhq/client';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { isNotFound } from './client.ts';
import { sizeOf, toRequest } from './markdown/block.ts';
import type { Block, Content } from './markdown/block.ts';
import { plainOf } from './markdown/rich-text.ts';
import type { GivenText } from './markdown/rich-text.ts';
import { plainValues } from './properties.ts';
import type { Property } from './properties.ts';

export const pageSize = 100;
/** What one request may add: at the top, and with all below. */
const mostAtTop = 100;
const mostInAll = 1_000;
/** Notion takes 500 kB. */
const mostChars = 200_000;
const maxDepth = 8;

export interface Page {
  [field: string]: Json;
  id: string;
  url: string;
  title: string;
  createdTime: string;
  editedTime: string;
  properties: { [name: string]: Json };
}

interface Answered {
  id: string;
  url?: string;
  created_time?: string;
  last_edited_time?: string;
  properties?: Record<string, unknown>;
}

/** A page as outputs have it. */
export function pageOf(answered: unknown): Page {
  const { id, url = '', created_time: createdTime = '', last_edited_time: editedTime = '', properties = {} } = answered as Answered;
  return { id, url, title: titleOf(properties), createdTime, editedTime, properties: plainValues(properties) };
}

function titleOf(properties: Readonly<Record<string, unknown>>): string {
  const title = (Object.values(properties) as Property[]).find(({ type }) => type === 'title');
  return plainOf(title?.['title'] as GivenText[] | undefined);
}

export interface DataSource {
  id: string;
  title: string;
  properties: Record<string, Property>;
}

/** A data source by its id, or by that of the database that holds it. @throws UserError `connector.refused` where a database holds several. */
export async function openDataSource(client: Client, id: string): Promise<DataSource> {
  const found = await client.dataSources.retrieve({ data_source_id: id }).catch(async (error: unknown) => {
    if (!isNotFound(error)) throw error;
    return client.dataSources.retrieve({ data_source_id: await onlySource(client, id, error) });
  });
  const { title = [], properties = {} } = found as { title?: GivenText[]; properties?: Record<string, unknown> };
  return { id: found.id, title: plainOf(title), properties: properties as Record<string, Property> };
}

async function onlySource(client: Client, database: string, notFound: unknown): Promise<string> {
  const answered = await client.databases.retrieve({ database_id: database }).catch((error: unknown) => {
    throw isNotFound(error) ? notFound : error;
  });
  const { data_sources: sources = [] } = answered as { data_sources?: { id: string; name: string }[] };
  if (sources.length === 1 && sources[0] !== undefined) return sources[0].id;
  throw new UserError('connector.refused', `The database holds ${sources.length} data sources.`, {
    status: 422,
    remedy: `Choose one of: ${sources
      .map(({ id, name }) => `${name} (${id})`)
      .join(', ')
      .slice(0, 300)}.`,
  });
}

/** Blocks of a page with all below them, at most `most`; `more` where some were left out. */
export async function readBlocks(client: Client, page: string, most: number): Promise<{ blocks: Block[]; more: boolean }> {
  const left = { count: most, more: false };
  const blocks = await childrenOf(client, page, left, 0);
  return { blocks, more: left.more };
}

async function childrenOf(client: Client, block: string, left: { count: number; more: boolean }, depth: number): Promise<Block[]> {
  const blocks: Block[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.blocks.children.list({
      block_id: block,
      page_size: pageSize,
      ...(cursor === undefined ? {} : { start_cursor: cursor }),
    });
    for (const one of page.results as unknown as Given[]) {
      if (left.count === 0) {
        left.more = true;
        return blocks;
      }
      left.count -= 1;
      const content = { ...(one[one.type] as Content | undefined) };
      if (one.has_children === true && depth < maxDepth && one.type !== 'child_page' && one.type !== 'child_database')
        content.children = await childrenOf(client, one.id, left, depth + 1);
      blocks.push({ type: one.type, content });
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return blocks;
}

interface Given {
  id: string;
  type: string;
  has_children?: boolean;
  [content: string]: unknown;
}

/** Blocks in as many lists as it takes requests to add them. */
export function inRequests(blocks: readonly Block[]): { [key: string]: unknown }[][] {
  const requests: Block[][] = [];
  let size = 0;
  let chars = 0;
  for (const block of blocks) {
    const own = sizeOf(block);
    const length = JSON.stringify(block).length;
    const last = requests.at(-1);
    if (last === undefined || last.length >= mostAtTop || size + own > mostInAll || chars + length > mostChars) {
      requests.push([block]);
      size = own;
      chars = length;
    } else {
      last.push(block);
      size += own;
      chars += length;
    }
  }
  return requests.map((request) => request.map(toRequest));
}
