import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { LiveCredential } from '../../ports.ts';
import { servicesFor } from '../registry.ts';
import { standInOutbound } from '../testing/contract/outbound.ts';
import type { StandIn } from '../testing/contract/stand-in.ts';
import type { ConnectorServices, ServiceContext } from '../types.ts';
import { readNotification } from './notification.ts';
import { createChannels } from './testing/channels.ts';
import type { Channels } from './testing/channels.ts';
import { startDrive } from './testing/stand-in.ts';

const good = {
  'x-goog-channel-id': '0199c0de-7a11-7000-8000-0000000000aa',
  'x-goog-channel-token': 'secret',
  'x-goog-message-number': '17',
  'x-goog-resource-id': 'res',
  'x-goog-resource-state': 'change',
};

describe('a notification of Drive', () => {
  it('is read from its headers; sync says no change', () => {
    expect(readNotification(good)).toEqual({ channel: good['x-goog-channel-id'], token: 'secret', number: 17n, resource: 'res', changed: true });
    expect(readNotification({ ...good, 'x-goog-resource-state': 'sync' })?.changed).toBe(false);
  });

  it.each(Object.keys(good))('is none without %s, with two of it, an empty or an endless one', (name) => {
    for (const value of [undefined, ['a', 'b'], '', 'x'.repeat(5_000)]) expect(readNotification({ ...good, [name]: value })).toBeNull();
  });

  it.each([
    ['x-goog-message-number', '-1'],
    ['x-goog-message-number', '1e9'],
    ['x-goog-message-number', '1 or 1=1'],
    ['x-goog-message-number', '9'.repeat(19)],
    ['x-goog-resource-state', 'Sync!'],
  ])('is none with %s: %s', (name, value) => expect(readNotification({ ...good, [name]: value })).toBeNull());
});

describe('a channel of Drive', () => {
  let standIn: StandIn;
  let channels: Channels;
  let push: NonNullable<ConnectorServices['push']>;
  let context: ServiceContext;
  const wanted = (change: object = {}) => ({
    id: '0199c0de-7a11-7000-8000-0000000000aa',
    token: 'secret',
    address: 'https://hub.example.com/push/google-drive',
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    ...change,
  });

  beforeEach(async () => {
    channels = createChannels();
    standIn = await startDrive(new Map(), channels);
    push = (await servicesFor('google-drive'))?.push as typeof push;
    const credential = { id: 'c', kind: 'google-oauth', values: { token: 'good-token' }, allowedHosts: ['www.googleapis.com'] } as LiveCredential;
    context = { params: {}, credential, http: standInOutbound(standIn), signal: AbortSignal.timeout(10_000) };
  });
  afterEach(() => standIn.close());

  it('is opened for the time asked, and stopped; stopping one that is gone is no fault', async () => {
    const asked = wanted();
    expect(await push.open(context, asked)).toEqual({ resource: 'res-of-the-account', expiresAt: asked.expiresAt });
    expect([...channels.open.values()]).toMatchObject([{ id: asked.id, token: 'secret', address: asked.address }]);
    expect(await push.close(context, { id: asked.id, resource: 'res-of-the-account' })).toEqual({ closed: true });
    expect(channels.open.size).toBe(0);
    expect(await push.close(context, { id: asked.id, resource: 'res-of-the-account' })).toEqual({ closed: false });
    expect(standIn.refusals).toHaveLength(1);
  });

  it('lasts a week at most: Drive’s word counts', async () => {
    const { expiresAt } = await push.open(context, wanted({ expiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString() }));
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(7 * 86_400_000);
  });

  it.each([
    ['an address without TLS', { address: 'http://hub.example.com/push/google-drive' }, 'connector.refused'],
    ['an id that was used', {}, 'connector.refused'],
    ['a token of 300 characters', { id: 'b', token: 'x'.repeat(300) }, 'connector.refused'],
    ['an end in the past', { id: 'c', expiresAt: '2020-01-01T00:00:00.000Z' }, 'connector.refused'],
  ])('is refused with %s', async (_what, change, code) => {
    await push.open(context, wanted());
    await expect(push.open(context, wanted(change))).rejects.toMatchObject({ code });
    expect(channels.opened).toBe(1);
  });

  it('is renewed in its access once, and names a missing scope', async () => {
    standIn.faults.push('expired');
    const renewed = { ...(context.credential as LiveCredential), values: { token: 'good-token' } };
    await push.open({ ...context, renew: () => Promise.resolve(renewed) }, wanted());
    standIn.faults.push('scope');
    await expect(push.open(context, wanted({ id: 'd' }))).rejects.toMatchObject({ code: 'connector.missing-scope' });
  });
});
