import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firesBetween, isFire, readRule, temporalSpec } from '@hub/activities/schedules';
import { asTeam } from '@hub/db';
import { listRuns, listTriggerEvents, readTrigger } from '@hub/db/read';
import { setTriggerPaused, setWorkflowStatus } from '@hub/db/write';
import { scheduleIdOf, seriesIdOf } from '@hub/kit/temporal';
import { ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/index.ts';
import { startCycle } from './series.ts';

let rig: Rig;
let source: Server;
let rows: unknown[] = [];
let status = 200;
let asked: string[] = [];

beforeAll(async () => {
  source = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ items: rows }));
  });
  await new Promise<void>((done) => source.listen(0, '127.0.0.1', done));
  rig = await startRig({ outboundAllow: `127.0.0.1:${(source.address() as AddressInfo).port}` });
});
afterAll(async () => {
  await rig.close();
  source.close();
});

const place = (workflowId: string, triggerId: string) => ({ team: rig.team, workflowId, triggerId });
const describeSchedule = async (workflowId: string, triggerId: string) => {
  try {
    return await rig.temporal.client.schedule.getHandle(scheduleIdOf(place(workflowId, triggerId))).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
};

describe('schedules', () => {
  it('fire at their times, each time once, with trigger.scheduledAt', async () => {
    const id = await rig.publish([{ id: 'tick', type: 'schedule', config: { every: '1s', input: { n: 1 }, jitter: '0s' } }]);
    await rig.triggers.dispatcher.dispatch(id);
    await rig.until('three runs', async () => (await rig.runs(id)).filter((run) => run.status === 'completed').length >= 3);
    await setTriggerPaused(rig.db.sql, place(id, 'tick'), { paused: true, userId: rig.userId });
    await rig.triggers.dispatcher.dispatch(id);
    const runs = await rig.runs(id);
    const times = runs.map((run) => String(run.trigger['scheduledAt']));
    expect(new Set(times).size).toBe(times.length);
    expect(times.every((time) => Date.parse(time) % 1_000 === 0)).toBe(true);
    expect(runs[0]).toMatchObject({ input: { n: 1 }, trigger: { type: 'schedule', id: 'tick' } });
    expect((await describeSchedule(id, 'tick'))?.state.paused).toBe(true);
    expect((await readTrigger(rig.db.sql, rig.team, id, 'tick'))?.lastFire?.outcome).toBe('started');
  });

  it('with an input that does not fit make a failed run that takes no slot', async () => {
    const inputs = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const id = await rig.publish([{ id: 'tick', type: 'schedule', config: { every: '1s', jitter: '0s' } }], { inputs });
    await rig.triggers.dispatcher.dispatch(id);
    await rig.until('a failed run', async () => (await rig.runs(id)).some((run) => run.status === 'failed'));
    expect((await rig.runs(id))[0]?.errorCode).toBe('run.invalid-input');
    await setWorkflowStatus(rig.db.sql, { team: rig.team, id, status: 'archived' });
    await rig.triggers.dispatcher.dispatch(id);
    expect(await describeSchedule(id, 'tick')).toBeNull();
  });

  it('keep to the overlap of the trigger: a skip is logged', async () => {
    const id = await rig.publish([{ id: 'tick', type: 'schedule', config: { every: '1s', jitter: '0s', overlap: 'skip', input: { hold: true } } }], {
      maxConcurrentRuns: 1,
    });
    await rig.stopWorker();
    const { fire } = await import('./fire.ts');
    const deps = {
      sql: rig.db.sql,
      blobKey: Buffer.alloc(32, 5),
      log: { info: () => undefined, warn: () => undefined },
      carryOut: () => Promise.resolve(),
    } as never;
    const now = Math.floor(Date.now() / 1_000) * 1_000;
    for (const at of [now - 2_000, now - 1_000, now - 1_000, now - 7_200_000])
      await fire(deps, { ...place(id, 'tick'), at: new Date(at).toISOString() }, new AbortController().signal);
    const { items } = await listTriggerEvents(rig.db.sql, rig.team, { workflowId: id, triggerId: 'tick' });
    expect(items.map((event) => event.outcome)).toEqual(['missed', 'skipped', 'skipped', 'started']);
    expect(await rig.runs(id)).toHaveLength(1);
    await setWorkflowStatus(rig.db.sql, { team: rig.team, id, status: 'archived' });
    await rig.startWorker();
    await rig.triggers.dispatcher.dispatch();
  });
});

describe('the spec that Temporal gets', () => {
  it('has all times of the rule, changes of clocks included, by Temporal’s own word', async () => {
    const { client } = rig.temporal;
    const soon = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    const cases: [string | object, string][] = [
      ['30 2 * * *', 'Europe/Berlin'],
      ['5 * * * *', 'Europe/Berlin'],
      ['*/30 1-4 * * *', 'America/New_York'],
      ['0 0 1 * 1', 'UTC'],
      ['15 10 * * 1-5', 'Australia/Lord_Howe'],
      ['0 9 1 3,9 *', 'UTC'],
      [{ times: ['02:30', '02:45', '18:30'], weekdays: ['sun', 'mon'], days: [1, 2, 3, 4, 5, 6, 7, -1] }, 'Europe/Berlin'],
      [{ times: ['00:15'], dates: [soon], except: [soon.replace(/..$/, '01')], months: [1, 2, 3] }, 'Pacific/Auckland'],
      [{ times: ['23:59'], dates: [soon] }, 'America/New_York'],
    ];
    for (const [n, [given, timeZone]] of cases.entries()) {
      const cron = JSON.stringify(given);
      const { rule } = readRule({ ...(typeof given === 'string' ? { cron: given } : { calendar: given }), timeZone, jitter: '0s' });
      if (rule === null) throw new Error(cron);
      const now = new Date();
      const scheduleId = `spec-${rig.team}-${n}`;
      const spec = temporalSpec(rule, now) as never;
      await client.schedule.create({
        scheduleId,
        spec,
        action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none', workflowId: scheduleId, args: [] },
        state: { paused: true },
      });
      const to = new Date(now.getTime() + 380 * 86_400_000);
      const wanted = firesBetween(rule, now, to, 30_000).map((at) => at.getTime() / 1_000);
      const answer = await client.workflowService.listScheduleMatchingTimes({
        namespace: 'default',
        scheduleId,
        startTime: { seconds: Math.floor(now.getTime() / 1_000) as never },
        endTime: { seconds: Math.floor(to.getTime() / 1_000) as never },
      });
      const told = new Set((answer.startTime ?? []).map((at) => Number(at.seconds)));
      const last = Math.max(...told);
      // The server answers at most 1,000 times.
      const own = [...told].filter((at) => isFire(rule, new Date(at * 1_000))).sort((a, b) => a - b);
      expect(own, `${cron} ${timeZone}`).toEqual(wanted.filter((at) => at <= last));
      expect(own.length, `${cron} ${timeZone}`).toBeGreaterThan(0);
      await client.schedule.getHandle(scheduleId).delete();
    }
  });
});

describe('continuous triggers', () => {
  it('start again after each end, one series, and drain on pause', async () => {
    const id = await rig.publish([{ id: 'again', type: 'continuous', config: { pauseMs: 10 } }], { maxConcurrentRuns: 1 });
    await rig.triggers.dispatcher.dispatch(id);
    await rig.until('four cycles', async () => (await rig.runs(id)).filter((run) => run.status === 'completed').length >= 4);
    await rig.restart();
    const before = (await rig.runs(id)).length;
    await rig.until('it goes on after a restart', async () => (await rig.runs(id)).length > before + 1);
    await setTriggerPaused(rig.db.sql, place(id, 'again'), { paused: true, userId: null });
    await rig.triggers.dispatcher.dispatch(id);
    await rig.until(
      'the driver ends',
      async () => (await rig.temporal.client.workflow.getHandle(seriesIdOf(place(id, 'again'))).describe()).status.name === 'COMPLETED',
    );
    const runs = await rig.runs(id);
    expect(new Set(runs.map((run) => run.seriesId)).size).toBe(1);
    const folded = await listRuns(rig.db.sql, rig.team, { trigger: 'continuous' });
    expect(folded.items.map((run) => run.id)).toEqual([runs.at(-1)?.id]);
    expect((await listRuns(rig.db.sql, rig.team, { seriesId: runs[0]?.seriesId ?? '' })).items).toHaveLength(runs.length);
    expect(runs.every((run) => run.status === 'completed')).toBe(true);
  });

  it('ask once and then wait where the month of the plan is full', async () => {
    const id = await rig.publish([{ id: 'again', type: 'continuous', config: { pauseMs: 0 } }]);
    const plan = (name: string) => asTeam(rig.db.ownerSql, rig.team, (tx) => tx`update teams set plan = ${name} where id = ${rig.team}`);
    const deps = { sql: rig.db.sql, blobKey: Buffer.alloc(32, 5), carryOut: () => Promise.resolve() } as never;
    const state = { series: randomUUID(), cycle: 0, failures: 0, lastEndAt: null, lastRun: null, current: null };
    await plan('free');
    const begun = await startCycle(deps, { ...place(id, 'again'), ...state });
    await plan('enterprise');
    expect(begun).toEqual({ kind: 'wait', ms: 300_000 });
    const { items } = await listTriggerEvents(rig.db.sql, rig.team, { workflowId: id, triggerId: 'again' });
    expect(items).toMatchObject([{ outcome: 'refused', code: 'plan.limit' }]);
    await setWorkflowStatus(rig.db.sql, { team: rig.team, id, status: 'archived' });
  });

  it('stop after failures in a row, with a notice', async () => {
    const id = await rig.publish([{ id: 'again', type: 'continuous', config: { pauseMs: 0, maxFailures: 2, input: { status: 'failed' } } }]);
    await rig.triggers.dispatcher.dispatch(id);
    await rig.until('it is stopped', async () => (await readTrigger(rig.db.sql, rig.team, id, 'again'))?.stoppedAt != null);
    expect(await rig.runs(id)).toHaveLength(2);
    // Told right after the stop, by the same activity.
    const notices = () =>
      asTeam(
        rig.db.ownerSql,
        rig.team,
        (tx) => tx<{ kind: string }[]>`select kind from notices where team_id = ${rig.team} and user_id = ${rig.userId} and kind = 'trigger.stopped'`,
      );
    await rig.until('a notice', async () => (await notices()).length > 0);
    expect(await notices()).toHaveLength(1);
  });
});

describe('polls', () => {
  it('remember what is there, fire once for what is new, count failures', async () => {
    const url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/items?since={{ cursor }}`;
    const config = { connector: 'http', action: 'request', params: { url }, every: '1s', cursor: { key: 'id', order: 'rising' } };
    rows = [{ id: 1 }, { id: 2 }];
    const id = await rig.publish([{ id: 'fresh', type: 'poll', config }]);
    await rig.triggers.dispatcher.dispatch(id);
    await rig.until('the first look', async () => asked.some((one) => one.endsWith('since=2')));
    expect(await rig.runs(id)).toEqual([]);
    rows = [{ id: 4 }, { id: 2 }, { id: 3 }];
    await rig.until('a run', async () => (await rig.runs(id)).length > 0);
    asked = [];
    await rig.until('another look', async () => asked.length > 1);
    expect((await rig.runs(id)).map((run) => run.input)).toEqual([{ items: [{ id: 3 }, { id: 4 }] }]);
    status = 404;
    await rig.until('a failure is counted', async () => (await readTrigger(rig.db.sql, rig.team, id, 'fresh'))?.failures === 1);
    status = 200;
    expect((await readTrigger(rig.db.sql, rig.team, id, 'fresh'))?.lastFire).toMatchObject({ outcome: 'failed', code: 'http.status-404' });
    await setWorkflowStatus(rig.db.sql, { team: rig.team, id, status: 'archived' });
    await rig.triggers.dispatcher.dispatch(id);
  });
});

describe('events', () => {
  it('start a run for another workflow’s end, once, and never go in a circle', async () => {
    const first = await rig.publish([{ id: 'tick', type: 'schedule', config: { every: '1s', jitter: '0s' } }]);
    const second = await rig.publish([{ id: 'after', type: 'event', config: { workflowId: first, on: ['completed'] } }]);
    const third = await rig.publish([{ id: 'after', type: 'event', config: { workflowId: second, on: ['completed', 'failed'] } }]);
    await rig.publish(
      [
        { id: 'tick', type: 'schedule', config: { every: '1s', jitter: '0s' } },
        { id: 'circle', type: 'event', config: { workflowId: third, on: ['completed'] } },
      ],
      { id: first },
    );
    await rig.triggers.dispatcher.dispatch(first);
    await rig.until('the third ran', async () => (await rig.runs(third)).some((run) => run.status === 'completed'));
    await setTriggerPaused(rig.db.sql, place(first, 'tick'), { paused: true, userId: null });
    await rig.triggers.dispatcher.dispatch(first);
    await rig.until(
      'the circle is refused',
      async () => (await listTriggerEvents(rig.db.sql, rig.team, { workflowId: first, triggerId: 'circle' })).items.length > 0,
    );
    const [run] = await rig.runs(third);
    expect(run?.chain).toEqual([first, second]);
    expect(run?.input).toMatchObject({ workflowId: second, status: 'completed', output: { a: 1 } });
    const { items } = await listTriggerEvents(rig.db.sql, rig.team, { workflowId: first, triggerId: 'circle' });
    expect(items[0]).toMatchObject({ outcome: 'refused', code: 'trigger.in-chain', runId: null });
    const seconds = await rig.runs(second);
    expect(new Set(seconds.map((one) => one.input['id'])).size).toBe(seconds.length);
  });
});
