import type { HubError } from '@hub/kit/errors';
import { afterEach, describe, expect, it } from 'vitest';

import { callAction } from '../testing/contract/suite.ts';
import type { World } from '../testing/contract/suite.ts';
import type { ServiceContext } from '../types.ts';
import { SalesforceRefusal, salesforceFault } from './faults.ts';
import { salesforceServices } from './services.ts';
import { salesforceContacts, salesforceKit, salesforceWorld } from './testing/kit.ts';

let world: World;
afterEach(() => world.close());

const call = async (action: string, params: object, usage?: string) => {
  world = await salesforceWorld(usage);
  return callAction({ world, kit: salesforceKit, action, params: params as never });
};
const forms = async (more: Partial<ServiceContext> = {}): Promise<ServiceContext> => {
  world = await salesforceWorld();
  return { params: {}, credential: salesforceKit.credential, http: world.http, signal: new AbortController().signal, ...more };
};
const faultOf = (status: number, ...said: object[]): HubError =>
  salesforceFault(new SalesforceRefusal(status, null, JSON.stringify(said))) as HubError;

describe('Salesforce', () => {
  it('says that a record is not there, and fails where the object is not there', async () => {
    expect((await call('get-record', { object: 'Contact', id: '003000000009999AAA' })).output).toEqual({ found: false, record: null });
    await world.close();
    await expect(call('get-record', { object: 'Nothing__c', id: '003000000009999AAA' })).rejects.toMatchObject({ code: 'connector.not-found' });
    await world.close();
    expect((await call('delete-record', { object: 'Contact', id: '003000000009999AAA' })).output).toEqual({ deleted: false });
  });

  it('puts a value of an external ID into the address as a value', async () => {
    expect((await call('get-record', { object: 'Contact', id: '../../query', by: 'Number__c' })).output).toEqual({ found: false, record: null });
    expect(world.standIn.requests[0]?.path).toBe('/services/data/v62.0/sobjects/Contact/Number__c/../../query');
  });

  it('reports refused records or fails with them', async () => {
    const rows = [
      { Number__c: 'A-1', Level__c: 'Nonsense' },
      { Number__c: 'A-2', Level__c: 'Secondary' },
    ];
    await expect(call('upsert-records', { object: 'Contact', key: 'Number__c', rows })).rejects.toMatchObject({
      code: 'connector.refused',
      details: [{ key: 'A-1', code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' }],
    });
    await world.close();
    const { output } = await call('upsert-records', { object: 'Contact', key: 'Number__c', rows, refused: 'report' });
    expect(output).toMatchObject({ updated: 1, created: 0, refused: [{ key: 'A-1' }] });
  });

  it('gives a poll trigger each change once, however many there are in one second', async () => {
    world = await salesforceWorld();
    const all = salesforceContacts(world);
    for (const [at, one] of all.entries())
      one['SystemModstamp'] = new Date(Date.UTC(2026, 2, 1) + Math.floor(at / 300) * 1_000).toISOString().replace('Z', '+0000');
    const seen: string[] = [];
    let changedAfter = '2026-03-01T00:00:00.000Z';
    for (let poll = 0; poll < 50; poll += 1) {
      const params = { object: 'Contact', fields: ['LastName'], changedAfter, limit: 100 };
      const { output } = await callAction({ world, kit: salesforceKit, action: 'list-changed-records', params });
      const { rows } = output as { rows: { Id: string; change: string }[] };
      if (rows.length === 0) break;
      seen.push(...rows.map(({ Id }) => Id));
      changedAfter = rows.map(({ change }) => change).reduce((a, b) => (b > a ? b : a));
    }
    expect([seen.length, new Set(seen).size]).toEqual([1_700, 1_700]);
  });

  it('warns when the calls of the day are nearly used', async () => {
    expect((await call('query-records', { soql: 'SELECT Id FROM Contact LIMIT 1' }, '14500/15000')).warnings).toEqual(['connector.near-limit']);
  });

  it('tells what Salesforce’s codes mean', () => {
    expect(faultOf(400, { errorCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?' })).toMatchObject({ code: 'connector.conflict' });
    expect(faultOf(400, { errorCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access' })).toMatchObject({
      code: 'connector.unavailable',
      didNothing: true,
    });
    expect(faultOf(403, { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' })).toMatchObject({
      code: 'connector.rate-limited',
      retryAfterMs: 900_000,
    });
    expect(faultOf(403, { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentPerOrgLongTxn Limit exceeded.' })).toMatchObject({
      retryAfterMs: 10_000,
    });
    expect(faultOf(400, { errorCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing', fields: ['LastName'] }).message).toContain(
      '(LastName)',
    );
    expect(faultOf(300)).toMatchObject({ code: 'connector.conflict' });
    expect(salesforceFault(new SalesforceRefusal(503, '3', '<html>Down for maintenance</html>'))).toMatchObject({
      code: 'connector.unavailable',
      retryAfterMs: 3_000,
    });
  });

  it('tests the connection and names the organisation', async () => {
    expect(await salesforceServices.test(await forms())).toEqual({
      message: 'Connected to Acme. 120 of 15000 calls of the last 24 hours are used.',
      account: 'Acme',
      scopes: null,
    });
  });

  it('tells forms objects, fields and the record of an object', async () => {
    const { objects, externalIds } = salesforceServices.resources ?? {};
    expect(await objects?.(await forms({ search: 'cont' }))).toEqual({
      items: [{ value: 'Contact', label: 'Contact', help: 'Contact' }],
      nextCursor: null,
    });
    await world.close();
    const params = { object: 'Contact' };
    expect((await externalIds?.(await forms({ params })))?.items.map(({ value }) => value)).toEqual(['Id', 'Number__c']);
    await world.close();
    const schema = await salesforceServices.fields?.(await forms({ params }));
    expect(schema).toMatchObject({
      required: ['LastName'],
      properties: {
        Level__c: { type: 'string', enum: ['Primary', 'Secondary'] },
        Score__c: { type: 'number' },
        LastName: { maxLength: 80, title: 'LastName label' },
      },
    });
    expect(Object.keys((schema?.['properties'] ?? {}) as object)).not.toContain('Id');
    await world.close();
    await expect(salesforceServices.fields?.(await forms())).rejects.toMatchObject({ message: 'Choose the object first.' });
  });
});
