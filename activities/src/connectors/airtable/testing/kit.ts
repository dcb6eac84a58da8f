import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../../ports.ts';
import type { LiveKit } from '../../testing/contract/live.ts';
import { standInOutbound } from '../../testing/contract/outbound.ts';
import { worldOf } from '../../testing/contract/suite.ts';
import type { ContractKit, World } from '../../testing/contract/suite.ts';
import { startAirtable } from './stand-in.ts';
import type { AirtableWorld, Table } from './stand-in.ts';

const worlds = new WeakMap<World, AirtableWorld>();
/** To be encoded in paths. */
const table = 'Orders & new?';
let made = 0;
const idOf = (number: number): string => `rec${String(number).padStart(14, '0')}`;

/** What the stand-in holds. */
export const dataOf = (at: World): AirtableWorld => worlds.get(at) as AirtableWorld;
/** The base and table of a world. Each has a base of its own: requests are paced by base. */
export const placeOf = (at: World): { base: string; table: string } => ({ base: [...dataOf(at).bases.keys()][0] ?? '', table });
const tableOf = (at: World): Table => dataOf(at).bases.get(placeOf(at).base)?.tables[0] as Table;
const recordOf = (at: World, number: number): Record<string, Json> | undefined => tableOf(at).records.get(idOf(number))?.fields;

async function world(): Promise<World> {
  const rows = Array.from({ length: 650 }, (_, at) => ({
    id: idOf(at + 1),
    createdTime: '2026-01-02T03:04:05.000Z',
    fields: { Number: at + 1, Name: `name ${at + 1}`, Status: at % 100 === 0 ? 'say "hi"' : 'open' },
  }));
  const orders: Table = {
    id: 'tblOrders00000001',
    name: table,
    fields: [
      { id: 'fld1', name: 'Number', type: 'number' },
      { id: 'fld2', name: 'Name', type: 'singleLineText' },
      { id: 'fld3', name: 'Status', type: 'singleSelect', options: { choices: [{ name: 'open' }, { name: 'sent' }] } },
      { id: 'fld4', name: 'Auto', type: 'autoNumber' },
      { id: 'fld5', name: 'Paid', type: 'checkbox' },
    ],
    views: [{ id: 'viwAll0000000001', name: 'All', type: 'grid' }],
    records: new Map(rows.map((row) => [row.id, row])),
  };
  const data: AirtableWorld = {
    bases: new Map([
      [`appOrders${String((made += 1)).padStart(8, '0')}`, { name: 'Orders', tables: [orders] }],
      ['appOther00000001', { name: 'Other', tables: [] }],
      ['appThird00000001', { name: 'Third', tables: [] }],
    ]),
    scopes: new Set(['data.records:read', 'data.records:write', 'schema.bases:read']),
    oauth: true,
  };
  const airtable = await startAirtable(data);
  const around = worldOf(airtable, standInOutbound(airtable));
  worlds.set(around, data);
  return around;
}

const live: LiveKit = {
  variables: {
    LIVE_AIRTABLE_TOKEN: 'a personal access token with data.records:read, data.records:write and schema.bases:read',
    LIVE_AIRTABLE_BASE: 'the id of a base, app…',
    LIVE_AIRTABLE_TABLE: 'the name of a table in it with a text field named Name',
  },
  credential: ({ LIVE_AIRTABLE_TOKEN: token = '' }) =>
    ({ id: 'live', kind: 'airtable-token', values: { token }, allowedHosts: ['api.airtable.com'] }) as LiveCredential,
  calls: [
    { action: 'create-records', params: (at) => ({ ...liveTable(at), records: [{ Name: 'workflow hub' }, { Name: 'workflow hub 2' }] }) },
    { action: 'list-records', params: (at) => ({ ...liveTable(at), match: { Name: 'workflow hub' }, limit: 10 }) },
    { action: 'get-record', params: (at, made) => ({ ...liveTable(at), record: idsOf(made)[0] ?? '' }) },
    {
      action: 'update-records',
      params: (at, made) => ({ ...liveTable(at), records: [{ id: idsOf(made)[0] ?? '', fields: { Name: 'workflow hub 3' } }] }),
    },
    { action: 'upsert-records', params: (at) => ({ ...liveTable(at), keys: ['Name'], records: [{ Name: 'workflow hub 3' }] }) },
    { action: 'delete-records', params: (at, made) => ({ ...liveTable(at), ids: idsOf(made) }) },
  ],
};
const liveTable = (at: Readonly<Record<string, string>>) => ({ base: at['LIVE_AIRTABLE_BASE'] ?? '', table: at['LIVE_AIRTABLE_TABLE'] ?? '' });
const idsOf = (made: Readonly<Record<string, Json>>): string[] => (made['create-records'] as { ids?: string[] } | undefined)?.ids ?? [];

export const airtableKit: ContractKit = {
  connector: 'airtable',
  live,
  world,
  credential: { id: 'c', kind: 'airtable-token', values: { token: 'good-token' }, allowedHosts: ['api.airtable.com'] } as LiveCredential,
  // One and the same answer stands for a missing scope and a base without access.
  scopeCodes: ['connector.forbidden'],
  actions: {
    'list-records': {
      params: (at) => ({ ...placeOf(at), match: { Status: 'say "hi"' }, view: 'All', fields: ['Number'], sort: [{ field: 'Number' }], limit: 2 }),
      check: (output) => {
        const { records, ...rest } = output as { records: { id: string; fields: Json }[] };
        assert.deepEqual(rest, { count: 2, more: true });
        assert.deepEqual(records[0], { id: idOf(1), createdTime: '2026-01-02T03:04:05.000Z', fields: { Number: 1 } });
      },
      paging: { params: (at) => ({ ...placeOf(at), limit: 10_000 }), rows: 650, rowsOf: (output) => (output as { records: Json[] }).records },
    },
    'get-record': {
      params: (at) => ({ ...placeOf(at), record: idOf(7) }),
      check: (output) => assert.deepEqual((output as { fields: Json }).fields, { Number: 7, Name: 'name 7', Status: 'open' }),
    },
    'create-records': {
      params: (at) => ({ ...placeOf(at), records: Array.from({ length: 23 }, (_, at) => ({ Number: 1_000 + at })) }),
      check: (output, at) => {
        assert.equal((output as { count: number }).count, 23);
        assert.equal(tableOf(at).records.size, 673);
        assert.equal(tableOf(at).records.get((output as { ids: string[] }).ids[22] ?? '')?.fields['Number'], 1_022);
      },
    },
    'update-records': {
      params: (at) => ({ ...placeOf(at), records: [{ id: idOf(2), fields: { Status: 'sent' } }] }),
      check: (_output, at) => assert.deepEqual(recordOf(at, 2), { Number: 2, Name: 'name 2', Status: 'sent' }),
    },
    'upsert-records': {
      params: (at) => ({
        ...placeOf(at),
        keys: ['Number'],
        records: [
          { Number: 3, Status: 'open' },
          { Number: 3, Status: 'sent' },
          { Number: 5_000, Name: 'new' },
        ],
      }),
      check: (output, at) => {
        const { created, updated, count } = output as { created: string[]; updated: string[]; count: number };
        assert.deepEqual([created.length, updated, count], [1, [idOf(3)], 2]);
        assert.equal(recordOf(at, 3)?.['Status'], 'sent');
        assert.equal(tableOf(at).records.get(created[0] ?? '')?.fields['Name'], 'new');
      },
    },
    'delete-records': {
      params: (at) => ({ ...placeOf(at), ids: [idOf(4), idOf(5)] }),
      check: (output, at) => assert.deepEqual([output, tableOf(at).records.size], [{ deleted: [idOf(4), idOf(5)], missing: [] }, 648]),
    },
  },
};
