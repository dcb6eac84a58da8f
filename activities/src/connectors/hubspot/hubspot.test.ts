import type { HubError } from '@hub/kit/errors';
import { afterEach, describe, expect, it } from 'vitest';

import type { LiveCredential } from '../../ports.ts';
import { missingScopes } from '../scopes.ts';
import { callAction } from '../testing/contract/suite.ts';
import type { World } from '../testing/contract/suite.ts';
import type { ServiceContext } from '../types.ts';
import { hubspotFault } from './faults.ts';
import { hubspotServices } from './services.ts';
import { hubspotData, hubspotKit, hubspotWorld } from './testing/kit.ts';

let world: World;
afterEach(() => world.close());

const call = async (action: string, params: object) => {
  world = await hubspotWorld();
  return callAction({ world, kit: hubspotKit, action, params: params as never });
};
const forms = async (more: Partial<ServiceContext> = {}): Promise<ServiceContext> => {
  world = await hubspotWorld();
  return { params: {}, credential: hubspotKit.credential, http: world.http, signal: new AbortController().signal, ...more };
};
const faultOf = (code: number, body: object, headers = {}): HubError => hubspotFault({ code, body, headers }) as HubError;

describe('HubSpot', () => {
  it('says that a record is not there', async () => {
    expect((await call('get-record', { object: 'contacts', id: 'nobody@example.com', by: 'email' })).output).toMatchObject({
      found: false,
      record: null,
    });
    await world.close();
    expect((await call('delete-record', { object: 'contacts', id: '99999' })).output).toEqual({ deleted: false });
  });

  it('gives the newest first to the first look of a poll trigger, and then what was changed since', async () => {
    const { output: first } = await call('search-records', { object: 'contacts', changedAfter: '', limit: 1 });
    const [newest] = (first as { rows: { id: string; change: string }[] }).rows;
    expect(newest?.id).toBe('650');
    await world.close();
    const { output } = await call('search-records', { object: 'contacts', changedAfter: newest?.change, limit: 10 });
    expect((output as { rows: { id: string }[] }).rows.map(({ id }) => id)).toEqual(['650']);
  });

  it('reads the changes of one moment together, however many there are before the limit', async () => {
    world = await hubspotWorld();
    const all = [...(hubspotData(world).records['contacts']?.values() ?? [])];
    for (const [at, one] of all.entries()) one.updatedAt = new Date(Date.UTC(2026, 2, 1) + Math.floor(at / 7)).toISOString();
    const seen = new Set<string>();
    let changedAfter = '2026-03-01T00:00:00.000Z';
    for (let poll = 0; poll < 200 && seen.size < all.length; poll += 1) {
      const { output } = await callAction({
        world,
        kit: hubspotKit,
        action: 'search-records',
        params: { object: 'contacts', changedAfter, limit: 50 },
      });
      const { rows } = output as { rows: { id: string; change: string }[] };
      // As a poll trigger does: new is what is behind the last one.
      const fresh = rows.filter(({ change }) => change > changedAfter);
      for (const { id } of fresh) seen.add(id);
      changedAfter = fresh.map(({ change }) => change).reduce((a, b) => (b > a ? b : a), changedAfter);
    }
    expect(seen.size).toBe(650);
  });

  it('refuses a condition without what it is compared with, before any call', async () => {
    await expect(
      call('search-records', { object: 'contacts', filters: [{ property: 'age', operator: 'BETWEEN', value: '1' }] }),
    ).rejects.toMatchObject({
      code: 'step.invalid-params',
      details: [{ path: '/filters/0/upTo' }],
    });
  });

  it('reports refused records of a batch or fails with them', async () => {
    const rows = [
      { order_number: 'A-1', amount: 'much' },
      { order_number: 'A-2', amount: 5 },
    ];
    await expect(call('upsert-records', { object: 'deals', key: 'order_number', rows })).rejects.toMatchObject({ code: 'connector.refused' });
    await world.close();
    const { output } = await call('upsert-records', { object: 'deals', key: 'order_number', rows, refused: 'report' });
    expect(output).toMatchObject({ updated: 1, created: 0, refused: [{ message: expect.stringContaining('A-1') as string }] });
  });

  it('tells what HubSpot’s errors mean', () => {
    expect(faultOf(409, { message: 'Contact already exists' })).toMatchObject({ code: 'connector.conflict' });
    expect(faultOf(429, { message: 'limit', policyName: 'DAILY' })).toMatchObject({ retryAfterMs: 900_000 });
    expect(faultOf(429, { message: 'limit', policyName: 'SECONDLY' })).toMatchObject({ retryAfterMs: 1_000 });
    expect(faultOf(477, { message: 'moving' }, { 'retry-after': '60' })).toMatchObject({
      code: 'connector.unavailable',
      didNothing: true,
      retryAfterMs: 60_000,
    });
    expect(faultOf(403, { message: 'no', category: 'MISSING_SCOPES', errors: [{ context: { requiredGranularScopes: ['tickets'] } }] })).toMatchObject(
      {
        code: 'connector.missing-scope',
        details: { missing: ['tickets'] },
      },
    );
    expect(faultOf(400, { message: 'Invalid', errors: [{ message: 'age is no number' }] }).message).toContain('age is no number');
  });

  it('tests the connection of a private app and of OAuth, and knows which scopes are missing', async () => {
    const scopes = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];
    expect(await hubspotServices.test(await forms())).toEqual({ message: 'Connected to HubSpot account 77.', account: '77', scopes });
    await world.close();
    const credential = { ...(hubspotKit.credential as LiveCredential), kind: 'hubspot-oauth' } as LiveCredential;
    expect(await hubspotServices.test(await forms({ credential }))).toMatchObject({ account: 'ada@example.com', scopes });
    expect(missingScopes('hubspot', scopes)).toEqual([]);
    expect(missingScopes('hubspot', ['oauth'])).toEqual(['crm.objects.contacts.read', 'crm.objects.contacts.write']);
  });

  it('never lets the token come back in a message of the connection test', async () => {
    const credential = { ...hubspotKit.credential, kind: 'hubspot-oauth' } as LiveCredential;
    const context = await forms({ credential });
    world.standIn.faults.push('truncated');
    const fault = await hubspotServices.test(context).then(
      () => null,
      (error: unknown) => error as HubError,
    );
    expect(fault?.message).toBeTruthy();
    expect(fault?.message).not.toContain('good-token');
  });

  it('tells forms kinds of records, properties and the record of a kind', async () => {
    const { objects, properties, uniqueProperties, owners } = hubspotServices.resources ?? {};
    expect((await objects?.(await forms({ search: 'deal' })))?.items).toEqual([{ value: 'deals', label: 'Deals' }]);
    await world.close();
    const params = { object: 'contacts' };
    expect((await properties?.(await forms({ params, search: 'life' })))?.items).toEqual([
      { value: 'lifecyclestage', label: 'LIFECYCLESTAGE', help: 'lifecyclestage, enumeration' },
    ]);
    await world.close();
    expect((await uniqueProperties?.(await forms({ params })))?.items.map(({ value }) => value)).toEqual(['email']);
    await world.close();
    expect((await owners?.(await forms()))?.items).toEqual([{ value: '41', label: 'Ada L', help: 'ada@example.com' }]);
    await world.close();
    expect(await hubspotServices.fields?.(await forms({ params }))).toMatchObject({
      properties: {
        lifecyclestage: { type: 'string', enum: ['lead', 'customer'] },
        age: { type: 'number' },
        lastmodifieddate: { type: 'string', format: 'date-time', readOnly: true },
      },
    });
  });
});
