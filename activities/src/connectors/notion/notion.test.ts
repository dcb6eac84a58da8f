/** What the contract does not say: places of data sources, forms, renewal in the middle, properties of every type. */
import { expect, it } from 'vitest';

import { callAction } from '../testing/contract/suite.ts';
import type { World } from '../testing/contract/suite.ts';
import type { ServiceContext } from '../types.ts';
import { idOf } from './params.ts';
import { plainValues, toProperties } from './properties.ts';
import { notionServices } from './services.ts';
import { dataOf, database, notes, notionKit, source } from './testing/kit.ts';
import { idOfNumber } from './testing/stand-in.ts';

async function inWorld<T>(use: (world: World, context: ServiceContext) => Promise<T>): Promise<T> {
  const world = await notionKit.world();
  try {
    return await use(world, {
      params: { dataSource: source },
      credential: notionKit.credential,
      http: world.http,
      signal: AbortSignal.timeout(120_000),
    });
  } finally {
    await world.close();
  }
}

it('reads ids out of what people paste', () => {
  const id = '1429989f-e8ac-4eff-bc8f-57f56486db54';
  for (const given of [
    id,
    '1429989fe8ac4effbc8f57f56486db54',
    'https://www.notion.so/acme/Bead-cafe-1429989fe8ac4effbc8f57f56486db54?v=1#x',
    id.toUpperCase(),
  ])
    expect(idOf(given)).toBe(id);
});

it('goes on behind the last request after a token was renewed: nothing is added twice', () =>
  inWorld(async (world) => {
    const markdown = Array.from({ length: 250 }, (_, at) => `- item ${at}`).join('\n');
    const renewed = { ...notionKit.credential, values: { token: 'renewed-token' } };
    world.standIn.faults.push('pass', 'expired');
    const renew = async () => (world.standIn.tokens.add('renewed-token'), renewed);
    const { output } = await callAction({ world, kit: notionKit, action: 'append-blocks', params: { page: notes, markdown }, renew });
    expect([(output as { count: number }).count, dataOf(world).pages.get(notes)?.blocks.length]).toEqual([250, 500]);
  }));

it('finds the data source of a database that holds one', () =>
  inWorld(async (world) => {
    const { output } = await callAction({ world, kit: notionKit, action: 'query-data-source', params: { dataSource: database, limit: 3 } });
    expect((output as { count: number }).count).toBe(3);
  }));

it('names the data sources of a database that holds several', () =>
  inWorld(async (world) => {
    const { sources } = dataOf(world);
    sources.set('other', { id: 'other', database, title: 'Archive', properties: {} });
    const asked = callAction({ world, kit: notionKit, action: 'query-data-source', params: { dataSource: database } });
    await expect(asked).rejects.toMatchObject({ code: 'connector.refused', remedy: expect.stringContaining('Archive (other)') });
  }));

it('says which capability an integration lacks', () =>
  inWorld(async (world) => {
    dataOf(world).capabilities.delete('Insert content');
    const asked = callAction({ world, kit: notionKit, action: 'append-blocks', params: { page: notes, markdown: 'x' } });
    await expect(asked).rejects.toMatchObject({ code: 'connector.missing-scope', details: { missing: ['Insert content'] } });
  }));

it('gives choices and the fields of a row', () =>
  inWorld(async (_world, context) => {
    const { resources = {}, fields } = notionServices;
    expect((await resources['dataSources']!(context)).items).toEqual([{ value: source, label: 'Orders', help: 'edited 2026-01-02' }]);
    expect((await resources['pages']!({ ...context, search: 'Notes' })).items.map(({ label }) => label)).toEqual(['Notes']);
    const first = await resources['pages']!(context);
    expect([first.items.length, first.nextCursor]).toEqual([50, '50']);
    expect((await fields!(context))['properties']).toMatchObject({ Status: { type: 'string', enum: ['Open', 'Done'] }, Total: { type: 'number' } });
    const { properties } = await fields!({ ...context, params: { page: idOfNumber(1_001) } });
    expect(properties).toMatchObject({ Status: { type: 'string', enum: ['Open', 'Done'] } });
    expect((await fields!({ ...context, params: { page: notes } }))['properties']).toEqual({ title: { type: 'string' } });
    expect(await notionServices.test(context)).toEqual({ message: 'Connected to the workspace Acme.', account: 'hub', scopes: null });
  }));

it('writes and reads plain values of every type', () => {
  const given = {
    Name: 'Ada',
    Notes: 'x'.repeat(4_500),
    Total: '12.5',
    Done: true,
    Status: 'Open',
    Tags: ['a', 'b'],
    Due: { start: '2026-01-01', end: '2026-01-02' },
    Link: 'https://example.com',
    Who: ['u1'],
    Others: ['p1', 'p2'],
    Files: ['https://example.com/a.pdf'],
    Gone: null,
  };
  const types = ['title', 'rich_text', 'number', 'checkbox', 'status', 'multi_select', 'date', 'url', 'people', 'relation', 'files', 'email'];
  const known = Object.fromEntries(Object.keys(given).map((name, at) => [name, { type: types[at] ?? '' }]));
  const written = toProperties(given, known) as Record<string, Record<string, never>>;
  const answered = Object.fromEntries(Object.entries(written).map(([name, value]) => [name, { ...value, type: Object.keys(value)[0] ?? '' }]));
  expect(plainValues(answered)).toEqual({
    ...given,
    Total: 12.5,
    Who: [{ id: 'u1', name: null }],
    Files: [{ name: 'a.pdf', url: 'https://example.com/a.pdf' }],
  });
  expect(() => toProperties({ Sum: 1 }, { Sum: { type: 'formula' } })).toThrow(/filled by Notion itself/);
  expect(() => toProperties({ Nope: 1 }, known)).toThrow(/no property "Nope"/);
  expect(() => toProperties({ Total: 'many' }, known)).toThrow(/wants a number/);
});
