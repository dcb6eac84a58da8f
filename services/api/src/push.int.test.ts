import { randomUUID } from 'node:crypto';
import { asTeam } from '@hub/db';
import { addPushChannel, claimWakes, createWorkflow, notePushOpened, publishWorkflow, setTriggerPaused } from '@hub/db/write';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashToken } from './hooks/tokens.ts';
import { defaultRates } from './settings.ts';
import { startTestApi, type TestApi, type TestTeam } from './testing/harness.ts';

let api: TestApi;
let team: TestTeam;
let workflowId: string;
beforeAll(async () => {
  api = await startTestApi({ url: 'https://hub.example.com' });
  team = await api.makeTeam();
});
afterAll(() => api.close());

const token = 'the-token-of-the-channel';
const credentialId = randomUUID();
const config = { connector: 'google-drive', action: 'list-files', params: {}, every: '1d', cursor: 'id', credentialId };
const place = () => ({ team: team.id, workflowId, triggerId: 'fresh' });

beforeEach(async () => {
  await claimWakes(api.db.sql);
  const definition = { schemaVersion: 1, triggers: [{ id: 'fresh', type: 'poll', config }], nodes: [] } as never;
  workflowId = (await createWorkflow(api.db.sql, { team: team.id, userId: team.ownerId, name: 'W', definition, hash: 'h', nodes: [] })).id;
  const settings = { maxConcurrentRuns: 1, timeoutMs: 1_000, overlap: 'queue' as const, priority: 3 };
  const triggers = [{ triggerId: 'fresh', type: 'poll', config }];
  const version = {
    team: team.id,
    id: workflowId,
    userId: team.ownerId,
    note: '',
    definition,
    hash: 'p',
    plan: {} as never,
    warnings: [],
    triggers,
    settings,
  };
  expect((await publishWorkflow(api.db.sql, version)).outcome).toBe('ok');
});

async function channel({ expiresAt = new Date(Date.now() + 3_600_000), open = true } = {}): Promise<string> {
  const id = randomUUID();
  const address = 'https://hub.example.com/push/google-drive';
  await addPushChannel(api.db.sql, {
    ...place(),
    id,
    connector: 'google-drive',
    credentialId,
    tries: 1,
    address,
    tokenHash: hashToken(token),
    expiresAt,
  });
  if (open) await notePushOpened(api.db.sql, { ...place(), id }, { resource: 'res', expiresAt });
  return id;
}

const said = (id: string, change: Record<string, string | undefined> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      'x-goog-channel-id': id,
      'x-goog-channel-token': token,
      'x-goog-message-number': '5',
      'x-goog-resource-id': 'res',
      'x-goog-resource-state': 'change',
      ...change,
    }).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
const tell = (id: string, change: Record<string, string | undefined> = {}, connector = 'google-drive') =>
  api.ask(`/push/${connector}`, { method: 'POST', headers: said(id, change) });
const row = async () => {
  const [found] = await asTeam(
    api.db.sql,
    team.id,
    (tx) =>
      tx<
        { wake: Date | null; woken: Date | null }[]
      >`select wake_at as wake, woken_at as woken from triggers where team_id = ${team.id} and workflow_id = ${workflowId}`,
  );
  return found;
};
const trigger = async () =>
  (await api.ask(`/api/v1/workflows/${workflowId}/triggers`, { key: team.keys.viewer })).json<{ items: { push: unknown }[] }>().items[0];

describe('a notification', () => {
  it('of Google wakes the poll and answers 204 without a body', async () => {
    const answer = await tell(await channel());
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await claimWakes(api.db.sql)).toEqual([place()]);
  });

  it('that says sync wakes nothing, and tells what is watched where the answer of Google was lost', async () => {
    const id = await channel({ open: false });
    expect((await tell(id, { 'x-goog-resource-state': 'sync', 'x-goog-message-number': '1' })).statusCode).toBe(204);
    expect(await claimWakes(api.db.sql)).toEqual([]);
    const resources = await asTeam(api.db.sql, team.id, (tx) => tx`select resource from push_channels where team_id = ${team.id} and id = ${id}`);
    expect(resources[0]?.['resource']).toBe('res');
  });

  it('that came before, or an older one, wakes nothing', async () => {
    const id = await channel();
    await tell(id);
    expect(await claimWakes(api.db.sql)).toHaveLength(1);
    for (const number of ['5', '4']) expect((await tell(id, { 'x-goog-message-number': number })).statusCode).toBe(204);
    expect((await row())?.wake).toBeNull();
  });

  it('of two hundred in a burst wakes it once, and once more five seconds after', async () => {
    const id = await channel();
    const all = await Promise.all(Array.from({ length: 200 }, (_, n) => tell(id, { 'x-goog-message-number': String(n + 2) })));
    expect(new Set(all.map((one) => one.statusCode))).toEqual(new Set([204]));
    expect(await claimWakes(api.db.sql)).toHaveLength(1);
    await tell(id, { 'x-goog-message-number': '900' });
    await tell(id, { 'x-goog-message-number': '901' });
    expect(await claimWakes(api.db.sql)).toHaveLength(0);
    const { wake, woken } = (await row()) ?? {};
    expect(Number(wake) - Number(woken)).toBe(5_000);
  });

  it('for a trigger that is paused wakes nothing', async () => {
    const id = await channel();
    await setTriggerPaused(api.db.sql, place(), { paused: true, userId: null });
    expect((await tell(id)).statusCode).toBe(204);
    expect((await row())?.wake).toBeNull();
  });

  it('of another token, channel, connector or form is 404 and says the same each time', async () => {
    const id = await channel();
    const gone = await channel({ expiresAt: new Date(Date.now() - 1_000) });
    const forged = [
      await tell(id, { 'x-goog-channel-token': 'another' }),
      await tell(id, { 'x-goog-channel-token': `${token} ` }),
      await tell(id, { 'x-goog-channel-token': token.toUpperCase() }),
      await tell(id, { 'x-goog-channel-token': undefined }),
      await tell(id, { 'x-goog-channel-token': '' }),
      await tell(randomUUID()),
      await tell("' or 1=1 --"),
      await tell(gone),
      await tell(id, { 'x-goog-message-number': 'NaN' }),
      await tell(id, { 'x-goog-resource-state': undefined }),
      await tell(id, {}, 'google-sheets'),
      await tell(id, {}, 'nothing'),
      await tell(id, {}, '__proto__'),
    ];
    for (const answer of forged) {
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'push.not-found', detail: 'No channel of this id and token is open.' });
    }
    expect((await row())?.wake).toBeNull();
    expect((await api.ask('/push/google-drive', { method: 'GET' })).statusCode).toBe(405);
  });

  it('is counted: guesses by address, genuine ones by channel', async () => {
    const id = await channel();
    const rates = { ...defaultRates(1_000_000), address: { limit: 3, windowMs: 60_000 }, hook: { limit: 2, windowMs: 60_000 } };
    const tight = await startTestApi({ rates, deps: { sql: api.db.sql } });
    try {
      const send = async (change: Record<string, string>) =>
        (await tight.ask('/push/google-drive', { method: 'POST', headers: said(id, change), address: '203.0.113.9' })).statusCode;
      const guess = () => send({ 'x-goog-channel-token': 'a guess' });
      expect([await guess(), await guess(), await guess(), await guess()]).toEqual([404, 404, 404, 429]);
      expect([await send({}), await send({}), await send({})]).toEqual([204, 204, 429]);
    } finally {
      await tight.close();
    }
  });
});

describe('the trigger', () => {
  it('says how long its channel lasts, else why there is none', async () => {
    expect((await trigger())?.push).toEqual({ until: null, problem: null });
    const expiresAt = new Date(Date.now() + 3_600_000);
    await channel({ expiresAt });
    expect((await trigger())?.push).toEqual({ until: expiresAt.toISOString(), problem: null });
  });
});
