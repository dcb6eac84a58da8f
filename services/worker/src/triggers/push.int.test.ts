import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { connectorManifests } from '@hub/activities/catalogue';
import { createChannels, startDrive, standInOutbound, type DriveItems } from '@hub/activities/drive-testing';
import type { LiveCredential } from '@hub/activities/ports';
import { asTeam } from '@hub/db';
import { listTriggerEvents } from '@hub/db/read';
import { findPushChannel, setTriggerPaused, setWorkflowStatus, takePush } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import { scheduleIdOf } from '@hub/kit/temporal';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/index.ts';
import { createPush, type PushDeps } from './push.ts';

const hubUrl = 'https://hub.example.com';
const items: DriveItems = new Map();
const places: Record<string, string> = {};
const channels = createChannels(() => places);
const refused = new Set<string>();
let rig: Rig;
let route: Server;
let drive: Awaited<ReturnType<typeof startDrive>>;
let deps: PushDeps;
/** One pass of what the worker does every two seconds. */
let push: () => Promise<void>;

/** As the route of the API takes it (services/api/src/push.int.test.ts holds that one). */
async function receive(headers: Record<string, string | string[] | undefined>): Promise<number> {
  const said = connectorManifests['google-drive'].push.read(headers);
  const channel = said === null ? null : await findPushChannel(rig.db.sql, said.channel);
  if (said === null || channel === null) return 404;
  const hash = createHash('sha256').update(said.token).digest();
  if (!timingSafeEqual(hash, Buffer.from(channel.tokenHash, 'hex'))) return 404;
  await takePush(rig.db.sql, { team: channel.team, id: said.channel }, said);
  return 204;
}

beforeAll(async () => {
  drive = await startDrive(items, channels);
  route = createServer((request, response) => {
    void receive(request.headers).then((status) => response.writeHead(request.url === '/push/google-drive' ? status : 404).end());
  });
  await new Promise<void>((done) => route.listen(0, '127.0.0.1', done));
  places[hubUrl] = `http://127.0.0.1:${(route.address() as AddressInfo).port}`;
  const http = standInOutbound(drive);
  const credentials = {
    use: (_team: string, id: string) => {
      if (refused.has(id)) return Promise.reject(new UserError('credential.revoked', 'It was revoked.', { status: 409 }));
      return Promise.resolve({
        id,
        kind: 'google-service-account',
        values: { token: 'good-token' },
        allowedHosts: ['www.googleapis.com'],
      } as LiveCredential);
    },
    renew: () => Promise.reject(new Error('not asked here')),
  };
  rig = await startRig({ http, credentials, hubUrl, sweeps: false });
  const { servicesFor } = await import('@hub/activities/connectors');
  const quiet = () => undefined;
  deps = {
    sql: rig.db.sql,
    http,
    credentials,
    log: { info: quiet, warn: quiet } as never,
    client: rig.temporal.client,
    hubUrl,
    services: servicesFor,
  };
  push = createPush(deps);
});
afterAll(async () => {
  await rig.close();
  await drive.close();
  route.close();
});
beforeEach(() => {
  items.clear();
  channels.answers.length = 0;
  channels.mute = false;
  channels.longestMs = 7 * 86_400_000;
});

/** Until it holds, with passes between. */
const until = (what: string, holds: () => Promise<boolean>) =>
  rig.until(what, async () => {
    await push();
    return holds();
  });

const addFile = (id: string): void =>
  void items.set(id, {
    id,
    name: `${id}.csv`,
    mimeType: 'text/csv',
    createdTime: new Date().toISOString(),
    parents: ['root'],
    trashed: false,
    content: Buffer.from(id),
    appProperties: {},
  });
const poll = (change: object = {}) => ({
  id: 'fresh',
  type: 'poll',
  config: { connector: 'google-drive', action: 'list-files', params: {}, every: '1d', cursor: 'id', credentialId: randomUUID(), ...change },
});
const place = (workflowId: string) => ({ team: rig.team, workflowId, triggerId: 'fresh' });
const rows = (workflowId: string) =>
  asTeam(rig.db.sql, rig.team, async (tx) => [
    ...(await tx<{ id: string; resource: string | null; credential_id: string; token_hash: Buffer }[]>`
      select id, resource, credential_id, token_hash from push_channels where team_id = ${rig.team} and workflow_id = ${workflowId}`),
  ]);
/** Ids of files by run. */
const fired = async (workflowId: string) =>
  (await rig.runs(workflowId)).map((run) => (run.input['items'] as unknown as { id: string }[]).map(({ id }) => id));
/** Polls that Temporal has started. */
const polls = async (workflowId: string) =>
  (await rig.temporal.client.schedule.getHandle(scheduleIdOf(place(workflowId))).describe()).info.numActionsTaken;

/** Published, its channel open, its first look (which only remembers) done. */
async function watching(change: object = {}): Promise<string> {
  const id = await rig.publish([poll(change)]);
  await rig.triggers.dispatcher.dispatch(id);
  await until('a channel', async () => (await rows(id)).some(({ resource }) => resource !== null));
  await channels.sent();
  await rig.temporal.client.schedule.getHandle(scheduleIdOf(place(id))).trigger('BUFFER_ONE');
  await until('the first look', async () => {
    const seen = await asTeam(rig.db.sql, rig.team, (tx) => tx`select 1 from trigger_cursors where team_id = ${rig.team} and workflow_id = ${id}`);
    return seen.length > 0;
  });
  return id;
}
const archive = async (id: string): Promise<void> => {
  await setWorkflowStatus(rig.db.sql, { team: rig.team, id, status: 'archived' });
  await rig.triggers.dispatcher.dispatch(id);
};
const noChannel = (id: string) => async () => (await rows(id)).length === 0;

describe('push', () => {
  it('fires for a new file within seconds though the poll comes once a day, each file once, and leaves no channel behind', async () => {
    addFile('old');
    const id = await watching();
    const [channel] = await rows(id);
    const token = channels.open.get(channel?.id ?? '')?.token ?? '';
    expect(channel?.token_hash.toString('hex')).toBe(createHash('sha256').update(token).digest('hex'));
    addFile('new');
    const began = Date.now();
    await channels.changed();
    await until('a run', async () => (await rig.runs(id)).length > 0);
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(await fired(id)).toEqual([['new']]);
    await archive(id);
    await until('no channel', noChannel(id));
    expect(channels.open.size).toBe(0);
  });

  it('wakes the poll once for a burst, and loses nothing that came while it ran', async () => {
    const id = await watching();
    const before = await polls(id);
    addFile('first');
    await channels.changed(60);
    await until('a run', async () => (await rig.runs(id)).length > 0);
    addFile('second');
    await channels.changed(60);
    await until('another run', async () => (await rig.runs(id)).length > 1);
    expect(await fired(id)).toEqual([['first'], ['second']]);
    expect((await polls(id)) - before).toBeLessThanOrEqual(3);
    expect(new Set(channels.answers.map(({ status }) => status))).toEqual(new Set([204]));
    await archive(id);
    await until('no channel', noChannel(id));
  });

  it('that misses a message is caught by the poll', async () => {
    const id = await watching({ every: '1s' });
    channels.mute = true;
    addFile('unheard');
    await channels.changed();
    await until('a run', async () => (await rig.runs(id)).length > 0);
    expect(await fired(id)).toEqual([['unheard']]);
    await archive(id);
    await until('no channel', noChannel(id));
  });
});

describe('channels', () => {
  it('follow the trigger: paused, resumed, another credential, rolled back, unpublished', async () => {
    const id = await watching();
    const [first] = await rows(id);
    await setTriggerPaused(rig.db.sql, place(id), { paused: true, userId: null });
    await until('none while paused', noChannel(id));
    expect(channels.open.size).toBe(0);
    await setTriggerPaused(rig.db.sql, place(id), { paused: false, userId: null });
    await until('one again', async () => (await rows(id)).some(({ resource }) => resource !== null));
    expect((await rows(id))[0]?.id).not.toBe(first?.id);
    const other = randomUUID();
    await rig.publish([poll({ credentialId: other })], { id });
    await until('only that of the other credential', async () => {
      const all = await rows(id);
      return all.length === 1 && all[0]?.credential_id === other && all[0].resource !== null;
    });
    expect(channels.open.size).toBe(1);
    await rig.publish([poll({ action: 'download-file', credentialId: other })], { id });
    await until('none for an action that is not pushed', noChannel(id));
    await rig.publish([poll()], { id });
    await until('one', async () => (await rows(id)).some(({ resource }) => resource !== null));
    await rig.publish([], { id });
    await until('none without the trigger', noChannel(id));
    expect(channels.open.size).toBe(0);
    expect(channels.opened).toBe(channels.stopped);
  }, 60_000);

  it('are renewed before they end, the old one stopped after the new one is open', async () => {
    const id = await watching();
    const [first] = await rows(id);
    await asTeam(
      rig.db.sql,
      rig.team,
      (tx) =>
        tx`update push_channels set created_at = now() - interval '19 hours', expires_at = now() + interval '5 hours' where team_id = ${rig.team} and id = ${first?.id ?? ''}`,
    );
    await until('another', async () => {
      const all = await rows(id);
      return all.length === 1 && all[0]?.id !== first?.id && all[0]?.resource !== null;
    });
    expect([...channels.open.keys()]).toEqual((await rows(id)).map((one) => one.id));
    await archive(id);
    await until('no channel', noChannel(id));
  });

  it('that Google grants less time are renewed in the last quarter of it, not at every pass', async () => {
    channels.longestMs = 3_600_000;
    const id = await watching();
    const opened = channels.opened;
    for (let pass = 0; pass < 5; pass += 1) await push();
    expect([channels.opened, channels.open.size]).toEqual([opened, 1]);
    const aged = (ms: number) =>
      asTeam(
        rig.db.sql,
        rig.team,
        (tx) => tx`
          update push_channels set created_at = created_at - make_interval(secs => ${ms / 1000}::float8), expires_at = expires_at - make_interval(secs => ${ms / 1000}::float8)
          where team_id = ${rig.team} and workflow_id = ${id}`,
      );
    await aged(44 * 60_000);
    await push();
    expect(channels.opened).toBe(opened);
    await aged(2 * 60_000);
    await push();
    expect([channels.opened, channels.open.size]).toEqual([opened + 1, 1]);
    await archive(id);
    await until('no channel', noChannel(id));
  });

  it('that Google refuses leave the poll as it is: why is said, and it is tried again later', async () => {
    drive.faults.push('pass', 'scope');
    const id = await rig.publish([poll()]);
    await until('the problem', async () => {
      const [row] = await asTeam(
        rig.db.sql,
        rig.team,
        (tx) => tx`select push_problem from triggers where team_id = ${rig.team} and workflow_id = ${id}`,
      );
      return String(row?.['push_problem'] ?? '').includes('Google Drive');
    });
    expect(await rows(id)).toEqual([]);
    expect((await listTriggerEvents(rig.db.sql, rig.team, { workflowId: id, triggerId: 'fresh' })).items).toEqual([]);
    await archive(id);
  });

  it('whose credential was revoked are forgotten, and end by themselves', async () => {
    const credentialId = randomUUID();
    const id = await watching({ credentialId });
    refused.add(credentialId);
    await archive(id);
    await until('no row', noChannel(id));
    channels.open.clear();
  });

  it('are stopped, and none is opened, where the hub has no public https address', async () => {
    const id = await watching();
    const local = createPush({ ...deps, hubUrl: 'http://localhost:3000' });
    await local();
    await local();
    expect(await rows(id)).toEqual([]);
    expect(channels.open.size).toBe(0);
    await archive(id);
  });
});
