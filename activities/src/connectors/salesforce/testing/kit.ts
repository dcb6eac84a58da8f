import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../../ports.ts';
import type { LiveKit } from '../../testing/contract/live.ts';
import { standInOutbound } from '../../testing/contract/outbound.ts';
import { worldOf } from '../../testing/contract/suite.ts';
import type { ContractKit, World } from '../../testing/contract/suite.ts';
import { startSalesforce } from './stand-in.ts';
import type { Org } from './stand-in.ts';

const worlds = new WeakMap<World, Org>();
const idOf = (at: number): string => `003${String(at).padStart(12, '0')}AAA`;
const contact = (world: World, id: string): Record<string, Json> | undefined => worlds.get(world)?.get('Contact')?.records.get(id);
/** Its contacts as they are stored. */
export const salesforceContacts = (world: World): Record<string, Json>[] => [...(worlds.get(world)?.get('Contact')?.records.values() ?? [])];

/** An organisation with 1,700 contacts. `usage` is what it says of the day's calls. */
export async function salesforceWorld(usage?: string): Promise<World> {
  const records = Array.from({ length: 1_700 }, (_, at): [string, Record<string, Json>] => [
    idOf(at + 1),
    {
      Id: idOf(at + 1),
      LastName: `Name ${at + 1}`,
      Email: `person${at + 1}@example.com`,
      Number__c: `A-${at + 1}`,
      Level__c: 'Primary',
      Score__c: at + 1,
      SystemModstamp: new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString().replace('Z', '+0000'),
    },
  ]);
  const org: Org = new Map([
    [
      'Contact',
      {
        label: 'Contact',
        prefix: '003',
        fields: {
          Id: { type: 'id', readOnly: true },
          LastName: { type: 'string', length: 80, required: true },
          Email: { type: 'email', length: 80 },
          Number__c: { type: 'string', length: 20, externalId: true },
          Level__c: { type: 'picklist', picklist: ['Primary', 'Secondary'] },
          Score__c: { type: 'double' },
          SystemModstamp: { type: 'datetime', readOnly: true },
        },
        records: new Map(records),
      },
    ],
    [
      'Organization',
      {
        label: 'Organization',
        prefix: '00D',
        fields: { Id: { type: 'id', readOnly: true }, Name: { type: 'string' } },
        records: new Map([['00D000000000001AAA', { Id: '00D000000000001AAA', Name: 'Acme' }]]),
      },
    ],
  ]);
  const salesforce = await startSalesforce(org, usage);
  const made = worldOf(salesforce, standInOutbound(salesforce));
  worlds.set(made, org);
  return made;
}

const rowsOf = (output: Json): Json[] => (output as { rows: Json[] }).rows;
const object = 'Contact';

type Variables = Readonly<Record<string, string>>;
const made = (outputs: Readonly<Record<string, Json>>): string => (outputs['create-record'] as { id?: string } | undefined)?.id ?? idOf(1);
const key = ({ LIVE_SALESFORCE_KEY: name = '' }: Variables): string => name;

const live: LiveKit = {
  variables: {
    LIVE_SALESFORCE_URL: 'My Domain URL of a sandbox, https://….my.salesforce.com',
    LIVE_SALESFORCE_TOKEN: 'an access token with the scope api: `sf org display --json` shows one',
    LIVE_SALESFORCE_KEY: 'a text field of Contact marked as external ID, such as Number__c',
  },
  credential: ({ LIVE_SALESFORCE_URL: instanceUrl = '', LIVE_SALESFORCE_TOKEN: token = '' }) =>
    ({
      id: 'live',
      kind: 'salesforce-client-credentials',
      values: { token, instanceUrl },
      allowedHosts: ['*.salesforce.com', '*.force.com'],
    }) as LiveCredential,
  calls: [
    { action: 'create-record', params: (at) => ({ object, values: { LastName: 'Workflow hub', [key(at)]: 'workflow-hub' } }) },
    { action: 'get-record', params: (at) => ({ object, id: 'workflow-hub', by: key(at), fields: ['LastName'] }) },
    {
      action: 'query-records',
      params: () => ({ soql: 'SELECT Id, LastName FROM Contact WHERE LastName = :name', values: { name: 'Workflow hub' } }),
    },
    { action: 'list-changed-records', params: () => ({ object, fields: ['LastName'], changedAfter: '2026-01-01', limit: 10 }) },
    { action: 'update-record', params: (_at, outputs) => ({ object, id: made(outputs), values: { LastName: 'Workflow hub 2' } }) },
    { action: 'upsert-records', params: (at) => ({ object, key: key(at), rows: [{ [key(at)]: 'workflow-hub', LastName: 'Workflow hub 3' }] }) },
    { action: 'delete-record', params: (_at, outputs) => ({ object, id: made(outputs) }) },
  ],
};

export const salesforceKit: ContractKit = {
  connector: 'salesforce',
  world: () => salesforceWorld(),
  live,
  credential: {
    id: 'c',
    kind: 'salesforce-client-credentials',
    values: { token: 'good-token', instanceUrl: 'https://acme.my.salesforce.com' },
    allowedHosts: ['acme.my.salesforce.com', '*.salesforce.com', '*.force.com'],
  } as LiveCredential,
  actions: {
    'query-records': {
      params: () => ({
        soql: "SELECT Id, LastName FROM Contact WHERE Email = :email AND Score__c IN :scores AND LastName != 'it\\'s :not a place' AND SystemModstamp >= :since:datetime",
        values: { email: 'person7@example.com', scores: [7, 8], since: '2026-01-01' },
      }),
      check: (output) => assert.deepEqual(output, { rows: [{ Id: idOf(7), LastName: 'Name 7' }], count: 1, more: false }),
      paging: { params: () => ({ soql: 'SELECT Id FROM Contact', limit: 10_000 }), rows: 1_700, rowsOf },
    },
    'list-changed-records': {
      params: () => ({ object, fields: ['LastName'], changedAfter: `2026-01-02T04:18:00.000Z ${idOf(1_698)}` }),
      check: (output) =>
        assert.deepEqual(output, {
          rows: [
            {
              Id: idOf(1_699),
              SystemModstamp: '2026-01-02T04:18:00.000+0000',
              LastName: 'Name 1699',
              change: `2026-01-02T04:18:00.000Z ${idOf(1_699)}`,
            },
            {
              Id: idOf(1_700),
              SystemModstamp: '2026-01-02T04:19:00.000+0000',
              LastName: 'Name 1700',
              change: `2026-01-02T04:19:00.000Z ${idOf(1_700)}`,
            },
          ],
          count: 2,
          more: false,
        }),
      paging: { params: () => ({ object, fields: ['Email'], limit: 5_000 }), rows: 1_700, rowsOf },
    },
    'get-record': {
      params: () => ({ object, id: 'A-9', by: 'Number__c', fields: ['LastName'] }),
      check: (output) => assert.deepEqual(output, { found: true, record: { Id: idOf(9), LastName: 'Name 9' } }),
    },
    'create-record': {
      params: () => ({ object, values: { LastName: 'New', Score__c: 5, Email: null } }),
      check: (output, at) => assert.deepEqual(contact(at, (output as { id: string }).id)?.['LastName'], 'New'),
    },
    'update-record': {
      params: () => ({ object, id: idOf(4), values: { Level__c: 'Secondary' } }),
      check: (output, at) =>
        assert.deepEqual([output, contact(at, idOf(4))?.['Level__c'], contact(at, idOf(4))?.['LastName']], [{ id: idOf(4) }, 'Secondary', 'Name 4']),
    },
    'upsert-records': {
      params: () => ({
        object,
        key: 'Number__c',
        rows: [
          { Number__c: 'A-2', Score__c: 99 },
          { Number__c: 'N-1', LastName: 'New' },
          { Number__c: 'N-1', Score__c: 1 },
        ],
      }),
      check: (output, at) => {
        const { updated, created, refused } = output as { updated: number; created: number; refused: Json[] };
        assert.deepEqual([updated, created, refused], [1, 1, []]);
        assert.deepEqual(
          [contact(at, idOf(2))?.['Score__c'], salesforceContacts(at).at(-1)?.['LastName'], salesforceContacts(at).at(-1)?.['Score__c']],
          [99, 'New', 1],
        );
      },
      paging: {
        params: () => ({ object, key: 'Number__c', rows: Array.from({ length: 450 }, (_, at) => ({ Number__c: `B-${at}`, LastName: `B ${at}` })) }),
        rows: 450,
        rowsOf: (output) => (output as { records: Json[] }).records,
      },
    },
    'delete-record': {
      params: () => ({ object, id: idOf(3) }),
      check: (output, at) => assert.deepEqual([output, contact(at, idOf(3))], [{ deleted: true }, undefined]),
    },
  },
};
