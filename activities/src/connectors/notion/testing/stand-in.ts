/** Notion: the API's own methods and fields, a workspace in memory, capabilities and limits as Notion's reference has them. */
import type { Json } from '@hub/dag/planner';

import { refuse, startStandIn } from '../../testing/contract/stand-in.ts';
import type { Answered, Asked, Fault, StandIn } from '../../testing/contract/stand-in.ts';
import { describeNotion } from './description.ts';

export interface StoredBlock {
  id: string;
  type: string;
  content: Record<string, Json>;
  children: StoredBlock[];
}
export interface StoredPage {
  id: string;
  parent: Json;
  /** As answered. */
  properties: Record<string, Record<string, Json>>;
  in_trash: boolean;
  blocks: StoredBlock[];
}
export interface NotionWorld {
  pages: Map<string, StoredPage>;
  /** One database each. */
  sources: Map<string, { id: string; database: string; title: string; properties: Record<string, Record<string, Json>> }>;
  capabilities: Set<string>;
  made: number;
}

const versions = new Set(['2025-09-03', '2026-03-11']);
const most = { page: 100, children: 100, inAll: 1_000, texts: 100, chars: 2_000, bytes: 500_000 };
const codes: Record<number, string> = {
  400: 'validation_error',
  401: 'unauthorized',
  403: 'restricted_resource',
  404: 'object_not_found',
  409: 'conflict_error',
  429: 'rate_limited',
  500: 'internal_server_error',
};
const needs: Record<string, string> = {
  createPage: 'Insert content',
  appendBlockChildren: 'Insert content',
  updatePage: 'Update content',
  getSelf: '',
};
const stamp = '2026-01-02T03:04:00.000Z';

/** The id that stands for a number. */
export const idOfNumber = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export function startNotion(world: NotionWorld): Promise<StandIn> {
  return startStandIn({
    hosts: ['api.notion.com'],
    headers: ['notion-version'],
    handle: (asked) => answer(world, asked),
    error(status: number, message: string, _fault?: Fault): Answered {
      return { status, body: { object: 'error', status, code: codes[status] ?? 'validation_error', message, request_id: 'r' } };
    },
  });
}

function answer(world: NotionWorld, asked: Asked): Answered {
  if (!versions.has(asked.headers['notion-version'] ?? '')) refuse(400, 'Notion-Version header failed validation');
  if (asked.body.length > most.bytes) refuse(413, 'payload too large');
  const { id, at } = describeNotion(asked);
  const needed = needs[id] ?? 'Read content';
  if (needed !== '' && !world.capabilities.has(needed)) refuse(403, 'Insufficient permissions for this endpoint.');
  const body = (asked.json ?? {}) as Record<string, Json>;
  switch (id) {
    case 'getSelf':
      return { body: { object: 'user', id: idOfNumber(1), name: 'hub', type: 'bot', bot: { workspace_name: 'Acme' } } };
    case 'search':
      return search(world, body);
    case 'getDatabase': {
      const held = [...world.sources.values()].filter(({ database }) => database === at['database_id']);
      if (held.length === 0) refuse(404, 'Could not find database');
      return { body: { object: 'database', id: at['database_id'] ?? '', data_sources: held.map((one) => ({ id: one.id, name: one.title })) } };
    }
    case 'getDataSource': {
      const source = world.sources.get(at['data_source_id'] ?? '') ?? refuse(404, 'Could not find data source');
      return { body: { object: 'data_source', id: source.id, title: [text(source.title)], properties: source.properties } };
    }
    case 'queryDataSource':
      return query(world, at['data_source_id'] ?? '', body);
    case 'getPage':
      return { body: shown(pageAt(world, at['page_id'])) };
    case 'createPage':
      return create(world, body);
    case 'updatePage': {
      const page = pageAt(world, at['page_id']);
      if (typeof body['in_trash'] === 'boolean') page.in_trash = body['in_trash'];
      Object.assign(page.properties, stored(body['properties'], page.properties));
      return { body: shown(page) };
    }
    case 'listBlockChildren':
      return page(blocksAt(world, at['block_id'] ?? '').map(shownBlock), Object.fromEntries(asked.query));
    case 'appendBlockChildren': {
      const into = blocksAt(world, at['block_id'] ?? '');
      const added = blocksOf(world, body['children'] as Given[]);
      into.push(...added);
      return { body: { object: 'list', results: added.map(shownBlock), next_cursor: null, has_more: false } };
    }
    default:
      return refuse(400, `not expected: ${id}`);
  }
}

function pageAt(world: NotionWorld, id = ''): StoredPage {
  return world.pages.get(id) ?? refuse(404, `Could not find page with ID: ${id}.`);
}

function text(content: string): Record<string, Json> {
  return { type: 'text', text: { content, link: null }, plain_text: content, href: null, annotations: { bold: false } };
}

function shown({ id, properties, parent, in_trash }: StoredPage): Json {
  return {
    object: 'page',
    id,
    url: `https://www.notion.so/${id.replaceAll('-', '')}`,
    created_time: stamp,
    last_edited_time: stamp,
    parent,
    properties,
    in_trash,
  };
}

function shownBlock({ id, type, content, children }: StoredBlock): Json {
  return { object: 'block', id, type, [type]: content, has_children: children.length > 0 };
}

function page(all: Json[], given: Record<string, Json>): Answered {
  const size = Number(given['page_size'] ?? most.page);
  if (!(size >= 1 && size <= most.page)) refuse(400, 'page_size should be at most 100');
  const from = Number(given['start_cursor'] ?? 0);
  const next = from + size < all.length ? String(from + size) : null;
  return { body: { object: 'list', results: all.slice(from, from + size), next_cursor: next, has_more: next !== null } };
}

function search(world: NotionWorld, body: Record<string, Json>): Answered {
  const wanted = (body['filter'] as { value?: string } | undefined)?.value;
  const words = String(body['query'] ?? '').toLowerCase();
  const pages = [...world.pages.values()].filter(({ in_trash }) => !in_trash).map(shown);
  const sources = [...world.sources.values()].map(
    (one): Json => ({ object: 'data_source', id: one.id, title: [text(one.title)], last_edited_time: stamp, properties: {} }),
  );
  const all = [...sources, ...pages].filter((one) => {
    const { object } = one as { object: string };
    return (wanted === undefined || object === wanted) && JSON.stringify(one).toLowerCase().includes(words);
  });
  return page(all, body);
}

interface Filter {
  and?: Filter[];
  property?: string;
  [type: string]: Json | Filter[] | undefined;
}

function query(world: NotionWorld, id: string, body: Record<string, Json>): Answered {
  const source = world.sources.get(id) ?? refuse(404, `Could not find data source with ID: ${id}.`);
  const holds = (one: StoredPage, filter: Filter): boolean => {
    if (filter.and !== undefined) return filter.and.every((inner) => holds(one, inner));
    const { property = '', ...conditions } = filter;
    const type = source.properties[property]?.['type'] ?? refuse(400, `Could not find property with name or id: ${property}`);
    const condition = conditions[type as string] as Record<string, Json> | undefined;
    if (condition === undefined) return refuse(400, `filter of ${property} should be ${String(type)}`);
    const value = JSON.stringify(one.properties[property] ?? null);
    return Object.entries(condition).every(([operator, operand]) => operator === 'is_empty' || value.includes(JSON.stringify(operand)));
  };
  for (const { property } of (body['sorts'] ?? []) as { property?: string }[])
    if (property !== undefined && source.properties[property] === undefined) refuse(400, `Could not find sort property: ${property}`);
  const rows = [...world.pages.values()].filter(
    (one) =>
      (one.parent as { data_source_id?: string }).data_source_id === id &&
      !one.in_trash &&
      (body['filter'] === undefined || holds(one, body['filter'] as Filter)),
  );
  return page(rows.map(shown), body);
}

function create(world: NotionWorld, body: Record<string, Json>): Answered {
  const parent = (body['parent'] ?? refuse(400, 'parent is required')) as { data_source_id?: string; page_id?: string };
  if (parent.page_id !== undefined) pageAt(world, parent.page_id);
  const schema = parent.data_source_id === undefined ? { title: { type: 'title' } } : world.sources.get(parent.data_source_id)?.properties;
  if (schema === undefined) return refuse(404, 'Could not find data source');
  const made: StoredPage = {
    id: fresh(world),
    parent: parent as Json,
    properties: stored(body['properties'], schema),
    in_trash: false,
    blocks: blocksOf(world, (body['children'] ?? []) as unknown as Given[]),
  };
  world.pages.set(made.id, made);
  return { body: shown(made) };
}

function fresh(world: NotionWorld): string {
  world.made += 1;
  return idOfNumber(900_000 + world.made);
}

/** Properties as they are answered after they were written. */
function stored(given: Json | undefined, known: Record<string, Record<string, Json>>): StoredPage['properties'] {
  return Object.fromEntries(
    Object.entries((given ?? {}) as Record<string, Record<string, Json>>).map(([name, written]) => {
      const type = String((known[name] ?? refuse(400, `${name} is not a property that exists.`))['type']);
      const value = written[type];
      if (value === undefined) return refuse(400, `${name} is expected to be ${type}.`);
      const texts = type === 'title' || type === 'rich_text' ? checkTexts(value as unknown as Text[]) : null;
      return [name, { id: name, type, [type]: texts ?? value }];
    }),
  );
}

interface Text {
  text?: { content: string; link?: { url: string } | null };
}

function checkTexts(texts: Text[]): Json {
  if (texts.length > most.texts) refuse(400, `rich_text.length should be ≤ ${most.texts}`);
  return texts.map((one) => {
    const { content, link } = one.text ?? refuse(400, 'text should be defined');
    if (content.length > most.chars) refuse(400, `text.content.length should be ≤ ${most.chars}`);
    if (link !== undefined && link !== null && !URL.canParse(link.url)) refuse(400, 'Invalid URL for link.');
    return { ...one, plain_text: content, href: link?.url ?? null } as unknown as Json;
  });
}

type Given = { type?: string; object?: string } & Record<string, Json>;

function blocksOf(world: NotionWorld, given: Given[], total = { count: 0 }): StoredBlock[] {
  if (given.length > most.children) refuse(400, `children.length should be ≤ ${most.children}`);
  return given.map((one) => {
    total.count += 1;
    if (total.count > most.inAll) refuse(400, `a request may hold ${most.inAll} blocks`);
    const [type = ''] = Object.keys(one).filter((name) => name !== 'type' && name !== 'object');
    if (one.type !== undefined && one.type !== type) refuse(400, `body.children.${one.type} should be defined`);
    const { children, ...content } = one[type] as Record<string, Json>;
    if (content['rich_text'] !== undefined) content['rich_text'] = checkTexts(content['rich_text'] as unknown as Text[]);
    if (type === 'table' && !Array.isArray(children)) refuse(400, 'table.children should be defined');
    return { id: fresh(world), type, content, children: blocksOf(world, (children ?? []) as unknown as Given[], total) };
  });
}

function blocksAt(world: NotionWorld, id: string): StoredBlock[] {
  const page = world.pages.get(id);
  if (page !== undefined) return page.blocks;
  const within = (blocks: StoredBlock[]): StoredBlock[] | null => {
    for (const block of blocks) {
      const found = block.id === id ? block.children : within(block.children);
      if (found !== null) return found;
    }
    return null;
  };
  for (const one of world.pages.values()) {
    const found = within(one.blocks);
    if (found !== null) return found;
  }
  return refuse(404, `Could not find block with ID: ${id}.`);
}
