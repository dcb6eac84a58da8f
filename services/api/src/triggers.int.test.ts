import { asTeam } from '@hub/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestTeam } from './testing/index.ts';

let api: TestApi;
let team: TestTeam;
let id: string;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
  const made = await ask('/api/v1/workflows', { name: 'Nightly', definition: definition('0 7 * * *') });
  id = made.body.id;
  const published = await ask(`/api/v1/workflows/${id}/publish`, {});
  expect(published.body.errors ?? []).toEqual([]);
});
afterAll(() => api.close());

interface Answer {
  status: number;
  body: { id: string; items: Record<string, unknown>[]; errors?: { path: string }[] };
}
async function ask(url: string, body?: unknown, method?: 'PATCH'): Promise<Answer> {
  const given = {
    key: team.keys.editor,
    ...(body === undefined ? {} : { body }),
    ...(method === undefined ? {} : { method, headers: { 'if-match': '"1"' } }),
  };
  const answer = await api.ask(url, given);
  return { status: answer.statusCode, body: answer.json() };
}
const definition = (cron: string) => ({
  schemaVersion: 1,
  triggers: [
    { id: 'manual', type: 'manual' },
    { id: 'nightly', type: 'schedule', config: { cron, timeZone: 'Europe/Berlin' } },
  ],
  nodes: [{ id: 'one', type: 'transform', config: { expression: '1' } }],
});

describe('triggers over HTTP', () => {
  it('are listed with words, next times and whether they fire', async () => {
    const { body } = await ask(`/api/v1/workflows/${id}/triggers`);
    const nightly = body.items.find((one) => one['id'] === 'nightly');
    expect(nightly).toMatchObject({ enabled: true, status: 'active', words: 'At 07:00, Europe/Berlin', lastFire: null, pending: true });
    expect(nightly?.['nextFires']).toHaveLength(5);
    expect(body.items.find((one) => one['id'] === 'manual')).toMatchObject({ words: null, nextFires: [] });
  });

  it('are paused and resumed one by one, over new versions too', async () => {
    expect((await ask(`/api/v1/workflows/${id}/triggers/nightly/pause`, {})).body).toMatchObject({ status: 'paused', nextFires: [] });
    await ask(`/api/v1/workflows/${id}`, { definition: definition('0 8 * * *') }, 'PATCH');
    expect((await ask(`/api/v1/workflows/${id}/publish`, {})).status).toBe(201);
    expect((await ask(`/api/v1/workflows/${id}/triggers`)).body.items[1]).toMatchObject({ id: 'nightly', status: 'paused', version: 2 });
    expect((await ask(`/api/v1/workflows/${id}/triggers/nightly/resume`, {})).body).toMatchObject({ status: 'active' });
    expect((await ask(`/api/v1/workflows/${id}/triggers/manual/pause`, {})).body).toMatchObject({ code: 'trigger.not-pausable' });
    expect((await ask(`/api/v1/workflows/${id}/triggers/nobody/pause`, {})).status).toBe(404);
  });

  it('of a schedule are filled in for the past: counted first, each time once', async () => {
    const url = `/api/v1/workflows/${id}/triggers/nightly/backfill`;
    const window = { from: '2026-03-27T00:00:00Z', to: '2026-03-31T00:00:00Z' };
    expect((await ask(url, window)).body).toMatchObject({
      count: 4,
      started: 0,
      first: '2026-03-27T07:00:00.000Z',
      last: '2026-03-30T06:00:00.000Z',
    });
    expect((await ask(url, { ...window, confirm: 3 })).body).toMatchObject({ status: 409, code: 'trigger.backfill-changed' });
    expect((await ask(url, { ...window, confirm: 4 })).body).toMatchObject({ count: 4, started: 4, repeated: 0 });
    expect((await ask(url, { ...window, confirm: 4 })).body).toMatchObject({ started: 0, repeated: 4 });
    const runs = await asTeam(
      api.db.sql,
      team.id,
      (tx) =>
        tx<
          { at: string; priority: number }[]
        >`select trigger ->> 'scheduledAt' as at, priority from workflow_executions where team_id = ${team.id} order by id`,
    );
    expect(runs.map((run) => run.at)).toEqual([
      '2026-03-27T07:00:00.000Z',
      '2026-03-28T07:00:00.000Z',
      '2026-03-29T06:00:00.000Z',
      '2026-03-30T06:00:00.000Z',
    ]);
    expect(new Set(runs.map((run) => run.priority))).toEqual(new Set([5]));
    expect((await ask(url, { from: '2020-01-01T00:00:00Z', to: '2025-01-01T00:00:00Z' })).body).toMatchObject({ code: 'trigger.backfill-too-many' });
    expect((await ask(url, { from: '2026-01-01T00:00:00Z', to: '2999-01-01T00:00:00Z' })).body).toMatchObject({ code: 'trigger.bad-window' });
    const { body } = await ask(`/api/v1/workflows/${id}/triggers/nightly/events?outcome=started`);
    expect(body.items).toHaveLength(4);
    expect(body.items[0]).toMatchObject({ outcome: 'started', scheduledAt: '2026-03-30T06:00:00.000Z' });
  });

  it('are refused at publish where they cannot be read, each with its place', async () => {
    const bad = {
      ...definition('0 25 * * *'),
      triggers: [
        { id: 'a', type: 'schedule', config: { cron: '0 25 * * *' } },
        { id: 'b', type: 'schedule', config: { cron: '0 7 * * *', timeZone: 'Mars/Base' } },
        { id: 'c', type: 'poll', config: { connector: 'http', action: 'request', params: {}, every: '100ms', cursor: 'id' } },
        { id: 'd', type: 'schedule', config: { calendar: { times: ['07:00'], dates: ['2020-12-24'] } } },
      ],
    };
    const made = await ask('/api/v1/workflows', { name: 'Bad', definition: bad });
    const { status, body } = await ask(`/api/v1/workflows/${made.body.id}/publish`, {});
    expect(status).toBe(422);
    expect(body.errors?.map((fault) => fault.path)).toEqual(
      expect.arrayContaining([
        '/triggers/0/config/cron',
        '/triggers/1/config/timeZone',
        '/triggers/2/config/every',
        '/triggers/2/config/params/url',
        '/triggers/3/config/calendar',
      ]),
    );
  });

  it('are previewed in words, both ways, faults as data', async () => {
    const url = '/api/v1/triggers/preview';
    expect((await ask(url, { text: 'every weekday at 9', timeZone: 'Europe/Berlin', from: '2026-11-22T12:00:00Z' })).body).toMatchObject({
      ok: true,
      cron: '0 9 * * 1-5',
      text: 'every weekday at 09:00',
      words: 'At 09:00, Monday through Friday, Europe/Berlin',
      nextFires: [
        '2026-11-23T08:00:00.000Z',
        '2026-11-24T08:00:00.000Z',
        '2026-11-25T08:00:00.000Z',
        '2026-11-26T08:00:00.000Z',
        '2026-11-27T08:00:00.000Z',
      ],
    });
    expect((await ask(url, { every: '5m', jitter: '10s' })).body).toMatchObject({
      ok: true,
      every: '5m',
      words: 'Every 5 minutes',
      jitterMs: 10_000,
    });
    expect((await ask(url, { cron: '99 * * * *' })).body).toMatchObject({ ok: false, faults: [{ path: '/cron', code: 'trigger.bad-schedule' }] });
    const calendar = { times: ['07:00'], days: [-1], except: ['2026-11-30'] };
    expect((await ask(url, { calendar, from: '2026-11-22T00:00:00.000Z' })).body).toMatchObject({
      words: 'At 07:00, on the last day of the month; not on 2026-11-30, UTC',
      nextFires: ['2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30'].map((day) => `${day}T07:00:00.000Z`),
    });
    expect((await ask(url, { calendar: { times: ['7:00'] } })).body).toMatchObject({ ok: false, faults: [{ path: '/calendar/times' }] });
    expect((await ask(url, { text: 'now and then' })).body).toMatchObject({ ok: false, faults: [{ path: '/text', code: 'trigger.bad-words' }] });
  });
});
