import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../../ports.ts';
import type { LiveKit } from '../../testing/contract/live.ts';
import { standInOutbound } from '../../testing/contract/outbound.ts';
import { worldOf } from '../../testing/contract/suite.ts';
import type { ContractKit, World } from '../../testing/contract/suite.ts';
import { startSheets } from './stand-in.ts';
import type { Books } from './stand-in.ts';

const worlds = new WeakMap<World, Books>();
const spreadsheet = 'spreadsheet-1';
const sheet = "Ada's orders";
const tabOf = (world: World): Json[][] => worlds.get(world)?.get(spreadsheet)?.tabs.get(sheet) ?? [];

async function world(): Promise<World> {
  const rows = Array.from({ length: 12_000 }, (_, at): Json[] => [at + 1, `name ${at + 1}`, 'open']);
  const books: Books = new Map([[spreadsheet, { title: 'Orders', tabs: new Map([[sheet, [['id', 'name', 'status'], ...rows]]]) }]]);
  const made = await startSheets(books);
  const around = worldOf(made, standInOutbound(made));
  worlds.set(around, books);
  return around;
}

const place = { spreadsheet, sheet };

const liveTab = (at: Readonly<Record<string, string>>) => ({
  spreadsheet: at['LIVE_GOOGLE_SPREADSHEET'] ?? '',
  sheet: at['LIVE_GOOGLE_SHEET'] ?? '',
});
const live: LiveKit = {
  variables: {
    LIVE_GOOGLE_TOKEN: 'an access token with the scopes of Sheets and Drive',
    LIVE_GOOGLE_SPREADSHEET: 'the id of a spreadsheet that may be written to',
    LIVE_GOOGLE_SHEET: 'the name of a tab in it whose first row is: id, name',
  },
  credential: ({ LIVE_GOOGLE_TOKEN: token = '' }) =>
    ({ id: 'live', kind: 'google-oauth', values: { token }, allowedHosts: ['sheets.googleapis.com', 'www.googleapis.com'] }) as LiveCredential,
  calls: [
    { action: 'append-rows', params: (at) => ({ ...liveTab(at), rows: [{ id: 1, name: 'workflow hub' }] }) },
    { action: 'read-rows', params: (at) => ({ ...liveTab(at), limit: 5 }) },
    { action: 'update-rows', params: (at) => ({ ...liveTab(at), key: 'id', rows: [{ id: 1, name: 'workflow hub 2' }] }) },
    { action: 'upsert-rows', params: (at) => ({ ...liveTab(at), key: 'id', rows: [{ id: 1, name: 'workflow hub 3' }] }) },
  ],
};

export const sheetsKit: ContractKit = {
  connector: 'google-sheets',
  live,
  world,
  credential: {
    id: 'c',
    kind: 'google-service-account',
    values: { token: 'good-token' },
    allowedHosts: ['sheets.googleapis.com', 'www.googleapis.com'],
  } as LiveCredential,
  actions: {
    'read-rows': {
      params: () => ({ ...place, limit: 2 }),
      check: (output) =>
        assert.deepEqual(output, {
          rows: [
            { id: 1, name: 'name 1', status: 'open' },
            { id: 2, name: 'name 2', status: 'open' },
          ],
          count: 2,
          columns: ['id', 'name', 'status'],
          next: 4,
        }),
      paging: { params: () => ({ ...place, limit: 100_000 }), rows: 12_000, rowsOf: (output) => (output as { rows: Json[] }).rows },
    },
    'append-rows': {
      params: () => ({ ...place, rows: [{ id: 99_999, status: 'new' }] }),
      check: (output, at) => assert.deepEqual([output, tabOf(at).at(-1)], [{ count: 1 }, [99_999, '', 'new']]),
    },
    'update-rows': {
      params: () => ({
        ...place,
        key: 'id',
        rows: [
          { id: 3, status: 'sent' },
          { id: '70000', status: 'x' },
        ],
      }),
      check: (output, at) => assert.deepEqual([output, tabOf(at)[3]], [{ updated: 1, missing: ['70000'] }, [3, 'name 3', 'sent']]),
    },
    'upsert-rows': {
      params: () => ({
        ...place,
        key: 'id',
        rows: [
          { id: 3, status: 'sent' },
          { id: 70_000, name: 'new' },
        ],
      }),
      check: (output, at) =>
        assert.deepEqual([output, tabOf(at)[3], tabOf(at).at(-1)], [{ updated: 1, added: 1 }, [3, 'name 3', 'sent'], [70_000, 'new', '']]),
    },
    'create-spreadsheet': {
      params: () => ({ title: 'Report', sheet: 'Data', columns: ['id', 'name'] }),
      check: (_output, at) =>
        assert.deepEqual(worlds.get(at)?.get('new-spreadsheet-2'), { title: 'Report', tabs: new Map([['Data', [['id', 'name']]]]) }),
    },
  },
};
