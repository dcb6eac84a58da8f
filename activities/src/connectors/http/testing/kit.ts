/** The http step against an API of somebody's: a stand-in that pages and signs in as many do. It is held to the contract of vendors. */
import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../../ports.ts';
import { memoryFiles } from '../../testing/context.ts';
import type { LiveKit } from '../../testing/contract/live.ts';
import { standInOutbound } from '../../testing/contract/outbound.ts';
import { startStandIn } from '../../testing/contract/stand-in.ts';
import { worldOf } from '../../testing/contract/suite.ts';
import type { ContractKit, World } from '../../testing/contract/suite.ts';

const host = 'api.example.com';
const all = Array.from({ length: 95 }, (_, id) => ({ id, name: `item ${id}` }));
const pageRows = 30;

async function world(): Promise<World> {
  const standIn = await startStandIn({
    hosts: [host],
    error: (status, message) => ({ status, body: { error: message } }),
    handle({ query }) {
      const from = Number(query.get('after') ?? 0);
      const next = from + pageRows < all.length ? String(from + pageRows) : null;
      return { body: { items: all.slice(from, from + pageRows), next } };
    },
  });
  return worldOf(standIn, standInOutbound(standIn), memoryFiles());
}

const url = `https://${host}/items`;

const live: LiveKit = {
  variables: { LIVE_HTTP_URL: 'an address that answers 200 to a GET with the token and 401 without', LIVE_HTTP_TOKEN: 'its bearer token' },
  credential: ({ LIVE_HTTP_TOKEN: token = '', LIVE_HTTP_URL: at = url }) =>
    ({ id: 'live', kind: 'bearer', values: { token }, allowedHosts: [new URL(at).host] }) as LiveCredential,
  calls: [{ action: 'request', params: ({ LIVE_HTTP_URL: at = url }) => ({ url: at }) }],
};

export const httpKit: ContractKit = {
  connector: 'http',
  live,
  world,
  credential: { id: 'c', kind: 'oauth2-client-credentials', values: { token: 'good-token' }, allowedHosts: [host] } as LiveCredential,
  scopeCodes: ['http.status-403'],
  codes: { limit: 'http.status-429', unauthorized: 'http.status-401', failure: 'http.status-500' },
  actions: {
    request: {
      params: () => ({ url }),
      check: (output) => assert.equal((output as { body: { items: Json[] } }).body.items.length, pageRows),
      paging: {
        params: () => ({ url, paging: { mode: 'cursor', param: 'after', next: 'next', items: 'items' } }),
        rows: all.length,
        rowsOf: (output) => (output as { body: Json[] }).body,
      },
    },
  },
};
