import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../../ports.ts';
import type { LiveKit } from '../../testing/contract/live.ts';
import { standInOutbound } from '../../testing/contract/outbound.ts';
import { worldOf } from '../../testing/contract/suite.ts';
import type { ContractKit, World } from '../../testing/contract/suite.ts';
import { idOfNumber, startNotion } from './stand-in.ts';
import type { NotionWorld, StoredPage } from './stand-in.ts';

const worlds = new WeakMap<World, NotionWorld>();
/** What the stand-in holds. */
export const dataOf = (at: World): NotionWorld => worlds.get(at) as NotionWorld;

export const database = idOfNumber(10);
export const source = idOfNumber(11);
export const notes = idOfNumber(12);
const rowId = (number: number): string => idOfNumber(1_000 + number);
const text = (content: string): Record<string, Json> => ({ type: 'text', text: { content, link: null }, plain_text: content, href: null });

function row(number: number): StoredPage {
  return {
    id: rowId(number),
    parent: { type: 'data_source_id', data_source_id: source },
    properties: {
      Name: { id: 'title', type: 'title', title: [text(`name ${number}`)] },
      Status: { id: 's', type: 'select', select: { id: 'o', name: number % 100 === 0 ? 'Done' : 'Open', color: 'red' } },
      Total: { id: 't', type: 'number', number },
      Tags: { id: 'g', type: 'multi_select', multi_select: [] },
      Due: { id: 'd', type: 'date', date: { start: '2026-01-31', end: null, time_zone: null } },
      Number: { id: 'n', type: 'unique_id', unique_id: { prefix: 'ORD', number } },
    },
    in_trash: false,
    blocks: [],
  };
}

async function world(): Promise<World> {
  const rows = Array.from({ length: 350 }, (_, at) => row(at + 1));
  const page: StoredPage = {
    id: notes,
    parent: { type: 'workspace', workspace: true },
    properties: { title: { id: 'title', type: 'title', title: [text('Notes')] } },
    in_trash: false,
    blocks: Array.from({ length: 250 }, (_, at) => ({
      id: idOfNumber(2_000 + at),
      type: 'paragraph',
      content: { rich_text: [text(`line ${at}`)] },
      children: [],
    })),
  };
  const data: NotionWorld = {
    pages: new Map([page, ...rows].map((one) => [one.id, one])),
    sources: new Map([
      [
        source,
        {
          id: source,
          database,
          title: 'Orders',
          properties: {
            Name: { id: 'title', name: 'Name', type: 'title', title: {} },
            Status: { id: 's', name: 'Status', type: 'select', select: { options: [{ name: 'Open' }, { name: 'Done' }] } },
            Total: { id: 't', name: 'Total', type: 'number', number: { format: 'number' } },
            Tags: { id: 'g', name: 'Tags', type: 'multi_select', multi_select: { options: [] } },
            Due: { id: 'd', name: 'Due', type: 'date', date: {} },
            Number: { id: 'n', name: 'Number', type: 'unique_id', unique_id: { prefix: 'ORD' } },
          },
        },
      ],
    ]),
    capabilities: new Set(['Read content', 'Insert content', 'Update content']),
    made: 0,
  };
  const notion = await startNotion(data);
  const made = worldOf(notion, standInOutbound(notion));
  worlds.set(made, data);
  return made;
}

const newest = (at: World): StoredPage | undefined => [...dataOf(at).pages.values()].at(-1);

const live: LiveKit = {
  variables: {
    LIVE_NOTION_TOKEN: 'the secret of an internal integration that may read, insert and update content',
    LIVE_NOTION_PAGE: 'the address of a page that is connected to it',
    LIVE_NOTION_DATABASE: 'the address of a database that is connected to it',
  },
  credential: ({ LIVE_NOTION_TOKEN: token = '' }) =>
    ({ id: 'live', kind: 'notion-token', values: { token }, allowedHosts: ['api.notion.com'] }) as LiveCredential,
  calls: [
    { action: 'search', params: () => ({ limit: 5 }) },
    { action: 'query-data-source', params: (at) => ({ dataSource: at['LIVE_NOTION_DATABASE'] ?? '', limit: 5 }) },
    { action: 'create-page', params: (at) => ({ page: at['LIVE_NOTION_PAGE'] ?? '', title: 'workflow hub', markdown: '# One\n\n- two\n  - three' }) },
    { action: 'append-blocks', params: (_at, made) => ({ page: madeId(made), markdown: '| a | b |\n| --- | --- |\n| 1 | 2 |' }) },
    { action: 'get-page', params: (_at, made) => ({ page: madeId(made) }) },
    { action: 'update-page', params: (_at, made) => ({ page: madeId(made), properties: { title: 'workflow hub 2' } }) },
    { action: 'trash-page', params: (_at, made) => ({ page: madeId(made) }) },
  ],
};
const madeId = (made: Readonly<Record<string, Json>>): string => (made['create-page'] as { id?: string } | undefined)?.id ?? '';

export const notionKit: ContractKit = {
  connector: 'notion',
  live,
  world,
  credential: { id: 'c', kind: 'notion-token', values: { token: 'good-token' }, allowedHosts: ['api.notion.com'] } as LiveCredential,
  actions: {
    'query-data-source': {
      params: () => ({
        dataSource: `https://www.notion.so/acme/${source.replaceAll('-', '')}?v=1`,
        match: { Status: 'Done', Total: 100 },
        sort: [{ property: 'Total' }, { property: 'created_time', direction: 'descending' }],
        limit: 2,
      }),
      check: (output) => {
        const { rows, ...rest } = output as { rows: { id: string; title: string; properties: Json }[] };
        assert.deepEqual(rest, { count: 1, more: false });
        assert.deepEqual([rows[0]?.id, rows[0]?.title], [rowId(100), 'name 100']);
        assert.deepEqual(rows[0]?.properties, { Name: 'name 100', Status: 'Done', Total: 100, Tags: [], Due: '2026-01-31', Number: 'ORD-100' });
      },
      paging: { params: () => ({ dataSource: source }), rows: 350, rowsOf: (output) => (output as { rows: Json[] }).rows },
    },
    'get-page': {
      params: () => ({ page: notes, blocks: 2 }),
      check: (output) => {
        const { title, markdown, more } = output as { title: string; markdown: string; more: boolean };
        assert.deepEqual([title, markdown, more], ['Notes', 'line 0\n\nline 1', true]);
      },
      paging: { params: () => ({ page: notes }), rows: 250, rowsOf: (output) => (output as { markdown: string }).markdown.split('\n\n') },
    },
    'create-page': {
      params: () => ({
        dataSource: source,
        title: 'New',
        properties: { Status: 'Open', Total: '7', Tags: ['a', 'b'], Due: '2026-02-01' },
        markdown: Array.from({ length: 130 }, (_, at) => `- item ${at}`).join('\n'),
      }),
      check: (output, at) => {
        assert.deepEqual((output as { properties: Json }).properties, { Name: 'New', Status: 'Open', Total: 7, Tags: ['a', 'b'], Due: '2026-02-01' });
        assert.equal(newest(at)?.blocks.length, 130);
        assert.equal(dataOf(at).pages.size, 352);
      },
    },
    'update-page': {
      params: () => ({ page: rowId(3), properties: { Status: 'Done', Total: null } }),
      check: (output) => {
        const { properties } = output as { properties: Record<string, Json> };
        assert.deepEqual([properties['Status'], properties['Total'], properties['Name']], ['Done', null, 'name 3']);
      },
    },
    'trash-page': {
      params: () => ({ page: rowId(4) }),
      check: (output, at) => assert.deepEqual([output, dataOf(at).pages.get(rowId(4))?.in_trash], [{ id: rowId(4), trashed: true }, true]),
    },
    'append-blocks': {
      params: () => ({ page: notes, markdown: '## Today\n\n- one\n  - two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |' }),
      check: (output, at) => {
        assert.equal((output as { count: number }).count, 6);
        const added = dataOf(at).pages.get(notes)?.blocks.slice(250) ?? [];
        assert.deepEqual(
          added.map(({ type, children }) => [type, children.length]),
          [
            ['heading_2', 0],
            ['bulleted_list_item', 1],
            ['table', 2],
          ],
        );
      },
    },
    search: {
      params: () => ({ query: 'Orders', kind: 'data_source' }),
      check: (output) =>
        assert.deepEqual(
          (output as { results: { title: string }[] }).results.map(({ title }) => title),
          ['Orders'],
        ),
      paging: { params: () => ({}), rows: 352, rowsOf: (output) => (output as { results: Json[] }).results },
    },
  },
};
