import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../../ports.ts';
import type { LiveKit } from '../../testing/contract/live.ts';
import { standInOutbound } from '../../testing/contract/outbound.ts';
import { worldOf } from '../../testing/contract/suite.ts';
import type { ContractKit, World } from '../../testing/contract/suite.ts';
import { startHubSpot } from './stand-in.ts';
import type { HubSpotWorld, Stored } from './stand-in.ts';

const worlds = new WeakMap<World, HubSpotWorld>();
/** What the stand-in holds. */
export const hubspotData = (world: World): HubSpotWorld => worlds.get(world) as HubSpotWorld;
const stored = (world: World, kind: string, id: string): Stored | undefined => hubspotData(world).records[kind]?.get(id);

/** A vendor with contacts, companies and deals. */
export async function hubspotWorld(): Promise<World> {
  const kinds = (count: number, valuesOf: (at: number) => Record<string, string>): Map<string, Stored> =>
    new Map(
      Array.from({ length: count }, (_, at) => {
        const time = new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString();
        return [String(at + 1), { id: String(at + 1), properties: valuesOf(at + 1), createdAt: time, updatedAt: time, archived: false }];
      }),
    );
  const data: HubSpotWorld = {
    records: {
      contacts: kinds(650, (at) => ({
        email: `person${at}@example.com`,
        firstname: `Person ${at}`,
        lifecyclestage: at % 2 === 0 ? 'lead' : 'customer',
      })),
      companies: kinds(3, (at) => ({ name: `Company ${at}`, domain: `company${at}.example` })),
      deals: kinds(2, (at) => ({ dealname: `Deal ${at}`, order_number: `A-${at}`, amount: '10' })),
      tickets: new Map(),
    },
    properties: {
      contacts: {
        email: { type: 'string' },
        firstname: { type: 'string' },
        age: { type: 'number' },
        lifecyclestage: { type: 'enumeration', options: ['lead', 'customer'] },
        lastmodifieddate: { type: 'datetime', readOnly: true },
      },
      companies: { name: { type: 'string' }, domain: { type: 'string' }, hs_lastmodifieddate: { type: 'datetime', readOnly: true } },
      deals: { dealname: { type: 'string' }, order_number: { type: 'string', unique: true }, amount: { type: 'number' } },
    },
    associations: new Set([...Array.from({ length: 1_200 }, (_, at) => `companies/1>contacts/${at + 1}`), 'contacts/1>companies/1']),
    scopes: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
  };
  const hubspot = await startHubSpot(data);
  const made = worldOf(hubspot, standInOutbound(hubspot));
  worlds.set(made, data);
  return made;
}

const rowsOf = (output: Json): Json[] => (output as { rows: Json[] }).rows;

type Variables = Readonly<Record<string, string>>;
type Outputs = Readonly<Record<string, Json>>;
const made = (outputs: Outputs): string => (outputs['create-record'] as { id?: string } | undefined)?.id ?? '1';
const email = 'workflow-hub@example.com';
const pair = ({ LIVE_HUBSPOT_COMPANY: toId = '' }: Variables, outputs: Outputs) => ({ object: 'contacts', id: made(outputs), to: 'companies', toId });

const live: LiveKit = {
  variables: {
    LIVE_HUBSPOT_TOKEN: 'the token of a private app with crm.objects.contacts.read and .write and crm.objects.companies.read and .write',
    LIVE_HUBSPOT_COMPANY: 'the id of a company, to which a contact is tied and untied again',
  },
  credential: ({ LIVE_HUBSPOT_TOKEN: token = '' }) =>
    ({ id: 'live', kind: 'hubspot-private-app', values: { token }, allowedHosts: ['api.hubapi.com'] }) as LiveCredential,
  calls: [
    { action: 'create-record', params: () => ({ object: 'contacts', properties: { email, firstname: 'Workflow' } }) },
    { action: 'get-record', params: () => ({ object: 'contacts', id: email, by: 'email', properties: ['email'], associations: ['companies'] }) },
    {
      action: 'search-records',
      params: () => ({ object: 'contacts', filters: [{ property: 'email', value: email }], changedAfter: '2026-01-01', limit: 10 }),
    },
    { action: 'update-record', params: (_at, outputs) => ({ object: 'contacts', id: made(outputs), properties: { firstname: 'Workflow 1' } }) },
    { action: 'upsert-records', params: () => ({ object: 'contacts', key: 'email', rows: [{ email, firstname: 'Workflow 2' }] }) },
    { action: 'associate-records', params: pair },
    { action: 'list-associations', params: (_at, outputs) => ({ object: 'contacts', id: made(outputs), to: 'companies', limit: 10 }) },
    { action: 'remove-association', params: pair },
    { action: 'delete-record', params: (_at, outputs) => ({ object: 'contacts', id: made(outputs) }) },
  ],
};

export const hubspotKit: ContractKit = {
  connector: 'hubspot',
  world: hubspotWorld,
  live,
  credential: { id: 'c', kind: 'hubspot-private-app', values: { token: 'good-token' }, allowedHosts: ['api.hubapi.com'] } as LiveCredential,
  actions: {
    'search-records': {
      params: () => ({
        object: 'contacts',
        filters: [
          { property: 'lifecyclestage', operator: 'IN', values: ['lead'] },
          { property: 'firstname', operator: 'CONTAINS_TOKEN', value: '600' },
        ],
        query: 'person600',
        changedAfter: '2026-01-01T00:00:00.000Z 12',
        properties: ['email'],
        limit: 10,
      }),
      check: (output) => {
        const { rows, ...rest } = output as { rows: Json[] };
        assert.deepEqual(rest, { count: 1, total: 1, more: false });
        assert.deepEqual(rows, [
          {
            id: '600',
            properties: { hs_object_id: '600', email: 'person600@example.com' },
            createdAt: '2026-01-01T09:59:00.000Z',
            updatedAt: '2026-01-01T09:59:00.000Z',
            archived: false,
            change: '2026-01-01T09:59:00.000Z 00000000000000000600',
          },
        ]);
      },
      paging: { params: () => ({ object: 'contacts', sort: '-firstname', limit: 10_000 }), rows: 650, rowsOf },
    },
    'get-record': {
      params: () => ({ object: 'contacts', id: 'person1@example.com', by: 'email', properties: ['firstname'], associations: ['companies'] }),
      check: (output) => {
        const { record, ...rest } = output as { record: { id: string; properties: Json } };
        assert.deepEqual([rest, record.id], [{ found: true, associations: { companies: ['1'] } }, '1']);
        assert.deepEqual(record.properties, { hs_object_id: '1', firstname: 'Person 1' });
      },
    },
    'create-record': {
      params: () => ({ object: 'contacts', properties: { email: 'new@example.com', age: 36, firstname: null } }),
      check: (output, at) =>
        assert.deepEqual(stored(at, 'contacts', (output as { id: string }).id)?.properties, { email: 'new@example.com', age: '36', firstname: '' }),
    },
    'update-record': {
      params: () => ({ object: 'companies', id: '2', properties: { name: 'Renamed' } }),
      check: (_output, at) => assert.deepEqual(stored(at, 'companies', '2')?.properties, { name: 'Renamed', domain: 'company2.example' }),
    },
    'upsert-records': {
      params: () => ({
        object: 'deals',
        key: 'order_number',
        rows: [
          { order_number: 'A-2', amount: 99 },
          { order_number: 'A-3', dealname: 'New' },
          { order_number: 'A-3', amount: 1 },
        ],
      }),
      check: (output, at) => {
        const { updated, created, refused } = output as { updated: number; created: number; refused: Json[] };
        assert.deepEqual([updated, created, refused], [1, 1, []]);
        assert.deepEqual(stored(at, 'deals', '2')?.properties, { dealname: 'Deal 2', order_number: 'A-2', amount: '99' });
        const made = [...(hubspotData(at).records['deals']?.values() ?? [])].at(-1);
        assert.deepEqual(made?.properties, { order_number: 'A-3', dealname: 'New', amount: '1' });
      },
      paging: {
        params: () => ({
          object: 'deals',
          key: 'order_number',
          rows: Array.from({ length: 250 }, (_, at) => ({ order_number: `B-${at}`, amount: at })),
        }),
        rows: 250,
        rowsOf: (output) => (output as { records: Json[] }).records,
      },
    },
    'delete-record': {
      params: () => ({ object: 'contacts', id: '3' }),
      check: (output, at) => assert.deepEqual([output, stored(at, 'contacts', '3')?.archived], [{ deleted: true }, true]),
    },
    'list-associations': {
      params: () => ({ object: 'companies', id: '1', to: 'contacts', limit: 2 }),
      check: (output) =>
        assert.deepEqual(output, {
          rows: [
            { id: '1', labels: ['Buyer'] },
            { id: '2', labels: ['Buyer'] },
          ],
          count: 2,
          more: true,
        }),
      paging: { params: () => ({ object: 'companies', id: '1', to: 'contacts', limit: 5_000 }), rows: 1_200, rowsOf },
    },
    'associate-records': {
      params: () => ({ object: 'contacts', id: '5', to: 'companies', toId: '3' }),
      check: (_output, at) => assert.ok(hubspotData(at).associations.has('contacts/5>companies/3')),
    },
    'remove-association': {
      params: () => ({ object: 'contacts', id: '1', to: 'companies', toId: '1' }),
      check: (_output, at) => assert.ok(!hubspotData(at).associations.has('contacts/1>companies/1')),
    },
  },
};
