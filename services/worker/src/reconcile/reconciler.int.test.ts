import { randomUUID } from 'node:crypto';
import { asTeam, type Sql } from '@hub/db';
import { makeTeam, makeWorkflow, type TestDatabase, testDatabase } from '@hub/db/testing';
import { listAudit, readRun, readRunEvents } from '@hub/db/read';
import { cancelRun, createRun, finishRun, sendSignal, type RunRef } from '@hub/db/write';
import { connectTemporal, searchAttributeKeys, type TemporalConnection } from '@hub/kit/temporal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFarRuns } from './far-runs.ts';
import { createReconciler, type ReconcilerOptions } from './reconciler.ts';

const blobKey = Buffer.alloc(32, 7);
let db: TestDatabase;
let temporal: TemporalConnection;
let team: string;
let workflowId: string;
const ended: RunRef[] = [];

beforeAll(async () => {
  db = await testDatabase();
  ({ team } = await makeTeam(db));
  ({ workflowId } = await makeWorkflow(db, team));
  temporal = await connectTemporal({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? '', namespace: 'default' });
});
afterAll(async () => {
  await temporal.close();
  await db.close();
});

const options = (changes: Partial<ReconcilerOptions> = {}): ReconcilerOptions => ({
  sql: db.sql,
  far: createFarRuns(temporal.client),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  carryOut: async () => undefined,
  ended: async (run) => void ended.push(run),
  ...changes,
});

/** A run whose row says running; with an execution that no worker takes, unless told otherwise. */
async function open({ timeout, started = true, queue }: { timeout?: string; started?: boolean; queue?: string } = {}): Promise<string> {
  const made = await createRun(db.sql, { blobKey }, { team, workflowId, triggeredBy: 'api', triggerId: 'manual', trigger: {}, inputText: '{"n":1}' });
  if (!('run' in made)) throw new Error(made.outcome);
  const { run } = made;
  if (started)
    await temporal.client.workflow.start('hubRun', {
      workflowId: run,
      taskQueue: queue ?? `nobody-${randomUUID()}`,
      args: [],
      typedSearchAttributes: [{ key: searchAttributeKeys.team, value: team }],
      ...(timeout === undefined ? {} : { workflowExecutionTimeout: timeout as '1s' }),
    });
  await running(db.sql, run);
  return run;
}

/** A worker that takes a workflow task of the queue and fails in it. */
async function takeAndDie(queue: string): Promise<void> {
  const { client } = temporal;
  const { namespace } = client.options;
  const { taskToken } = await client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: queue }, identity: 'dying' });
  await client.workflowService.respondWorkflowTaskFailed({ namespace, taskToken, identity: 'dying' });
}

async function running(sql: Sql, run: string): Promise<void> {
  await sql`select hub_write_rows(${team}::uuid, ${run}::uuid, '[]'::jsonb)`;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not come: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

const far = () => createFarRuns(temporal.client);
const stored = async (run: string) => {
  const row = await readRun(db.sql, team, run);
  const { events } = await readRunEvents(db.sql, team, run, { after: 0, limit: 100 });
  return {
    status: row?.status,
    reason: row?.statusReason,
    code: row?.error?.code,
    message: row?.error?.message,
    events: events.map(({ type }) => type),
  };
};

describe('the reconciler', () => {
  it('ends what was terminated, timed out and lost, and leaves what goes on', async () => {
    const [healthy, terminated, timedOut, lost] = [await open(), await open(), await open({ timeout: '1s' }), await open({ started: false })];
    await temporal.client.workflow.getHandle(terminated).terminate('by a person');
    await until('the time-out', async () => (await far().look(timedOut)).status === 'TIMED_OUT');
    const done = await createReconciler(options())();
    expect(done?.repaired).toEqual({ terminated: 1, 'timed-out': 1, lost: 1 });
    expect(await stored(healthy)).toMatchObject({ status: 'running', code: undefined });
    expect(await stored(terminated)).toMatchObject({
      status: 'failed',
      reason: 'terminated',
      code: 'run.terminated',
      message: expect.stringContaining('by a person') as string,
    });
    expect((await stored(terminated)).events.slice(-2)).toEqual(['run.reconciled', 'run.failed']);
    expect(await stored(timedOut)).toMatchObject({ status: 'timed_out', reason: 'timed-out', code: 'run.temporal-timeout' });
    expect(await stored(lost)).toMatchObject({ status: 'failed', reason: 'lost', code: 'run.lost' });
    expect(new Set(ended.map(({ run }) => run))).toEqual(new Set([terminated, timedOut, lost]));
    const audit = await listAudit(db.sql, team, {});
    const audited = audit.items.filter(({ action }) => action === 'run.reconcile').map(({ target }) => target);
    expect(new Set(audited)).toEqual(new Set([terminated, timedOut, lost].map((run) => `run:${run}`)));
    const before = await stored(lost);
    expect((await createReconciler(options())())?.repaired).toEqual({});
    expect(await stored(lost)).toEqual(before);
    await temporal.client.workflow.getHandle(healthy).terminate();
    await createReconciler(options())();
  });

  it('closes in Temporal what has ended here, but leaves what ended this moment to its worker', async () => {
    const run = await open();
    await until('its list', async () => (await far().openAmong([run])).has(run));
    await finishRun(db.sql, { blobKey }, { team, run, status: 'cancelled', error: null, outputText: '{}', rows: [] });
    expect((await createReconciler(options({ closingMs: 3_600_000 }))())?.repaired).toEqual({});
    const reconcile = createReconciler(options({ closingMs: 0 }));
    // Its first task is still to be decided: it may close by itself until the next pass.
    expect((await reconcile())?.repaired).toEqual({});
    expect(await far().look(run)).toMatchObject({ status: 'RUNNING', decides: expect.any(String) as string });
    expect((await reconcile())?.repaired).toEqual({ orphaned: 1 });
    expect((await far().look(run)).status).toBe('TERMINATED');
    expect((await stored(run)).events.at(-1)).toBe('run.reconciled');
    expect((await reconcile())?.repaired).toEqual({});
  });

  it('leaves an ended run whose task is given out again and again to its workers, and closes it when nobody takes the task', async () => {
    const queue = `dying-${randomUUID()}`;
    const run = await open({ queue });
    await until('its list', async () => (await far().openAmong([run])).has(run));
    await finishRun(db.sql, { blobKey }, { team, run, status: 'completed', error: null, outputText: '{}', rows: [] });
    const reconcile = createReconciler(options({ closingMs: 0 }));
    for (let died = 0; died < 3; died += 1) {
      expect((await reconcile())?.repaired).toEqual({});
      await takeAndDie(queue);
    }
    expect((await reconcile())?.repaired).toEqual({});
    expect((await reconcile())?.repaired).toEqual({ orphaned: 1 });
  });

  it('tells Temporal of a cancel that its asker had no time to tell, once', async () => {
    const [run, fresh] = [await open(), await open()];
    for (const one of [run, fresh]) await cancelRun(db.sql, team, one);
    await asTeam(db.ownerSql, team, (tx) => tx`update workflow_executions set cancel_requested_at = now() - interval '11 seconds' where id = ${run}`);
    const told: string[] = [];
    const carryOut: ReconcilerOptions['carryOut'] = async (_, cancel) => {
      for (const one of cancel) {
        told.push(one.run);
        await temporal.client.workflow.getHandle(one.run).cancel();
      }
    };
    const reconcile = createReconciler(options({ carryOut }));
    expect((await reconcile())?.repaired).toEqual({ 'cancel-untold': 1 });
    expect(told).toEqual([run]);
    expect(await far().look(run)).toMatchObject({ status: 'RUNNING', cancelAsked: true });
    expect((await reconcile())?.repaired).toEqual({});
    for (const one of [run, fresh]) await temporal.client.workflow.getHandle(one).terminate();
    await createReconciler(options())();
  });

  it('works in one process at a time', async () => {
    let entered: () => void = () => undefined;
    let leave: () => void = () => undefined;
    const inside = new Promise<void>((done) => (entered = done));
    const gate = new Promise<void>((done) => (leave = done));
    const slow = far();
    const first = createReconciler(
      options({
        far: {
          ...slow,
          async *openPages() {
            entered();
            await gate;
            yield* slow.openPages();
          },
        },
      }),
    )();
    await inside;
    expect(await createReconciler(options())()).toBeNull();
    leave();
    expect(await first).not.toBeNull();
  });

  it('does not believe that nearly all runs are lost at once: that is another server', async () => {
    const runs = await Promise.all(Array.from({ length: 4 }, () => open({ started: false })));
    const said: unknown[] = [];
    const log = { info: () => undefined, warn: () => undefined, error: (...words: unknown[]) => void said.push(words) };
    const reconcile = createReconciler(options({ log, massLoss: { runs: 4, passes: 3 } }));
    expect((await reconcile())?.repaired).toEqual({});
    expect(said).toHaveLength(1);
    expect((await stored(runs[0] ?? '')).status).toBe('running');
    await reconcile();
    expect((await reconcile())?.repaired).toEqual({ lost: 4 });
    expect((await stored(runs[0] ?? '')).status).toBe('failed');
  });

  it('sets back a run that has not heard what came for it, but none that is at work, and tells it again', async () => {
    const run = await open();
    const wait = {
      path: 'a',
      nodeId: 'a',
      nodeType: 'wait',
      iteration: null,
      attempt: null,
      rows: [],
      facts: { reason: 'signal', signal: { name: 'go', key: null } },
    };
    await db.sql`select hub_open_wait(${team}::uuid, ${run}::uuid, ${db.sql.json(wait as never)}::jsonb)`;
    await sendSignal(db.sql, { blobKey }, { team, run, name: 'go', messageId: 'm', payloadText: '1' });
    await db.sql`select hub_mark_sent(${team}::uuid, ${run}::uuid, '{1}'::int[])`;
    const reconcile = createReconciler(
      options({ far: createFarRuns(temporal.client, { restMs: 0 }), stuckAfter: { toldMs: 0, quietMs: 3_600_000, most: 3 } }),
    );
    expect((await reconcile())?.repaired).toEqual({});
    const handle = temporal.client.workflow.getHandle(run);
    const { runId, taskQueue } = await handle.describe();
    await passTask(taskQueue);
    expect((await createReconciler(options())())?.repaired).toEqual({});
    expect((await reconcile())?.repaired).toEqual({ stuck: 1 });
    const now = await handle.describe();
    expect([now.status.name, now.runId === runId]).toEqual(['RUNNING', false]);
    expect((await stored(run)).events.at(-1)).toBe('run.reconciled');
    expect(await db.sql`select team, run from hub_unsent(10)`.then((rows) => rows.length)).toBe(0);
    const [message] = await asTeam(
      db.sql,
      team,
      (tx) => tx<{ sent: boolean }[]>`select sent_at is not null as sent from run_messages where run_id = ${run}`,
    );
    expect(message?.sent).toBe(false);
    expect((await reconcile())?.repaired).toEqual({});
    await handle.terminate();
  });

  it('sets back a run that says it runs while nothing of it is open, but none that may rest until a retry', async () => {
    const [quiet, resting] = [await open(), await open()];
    const failed = { nodeId: 'a', path: 'a', status: 'failed', error: { code: 'step.failed', message: 'No.', attempt: 1 } };
    await db.sql`select hub_write_rows(${team}::uuid, ${resting}::uuid, ${db.sql.json([failed])}::jsonb)`;
    for (const run of [quiet, resting]) await passTask((await temporal.client.workflow.getHandle(run).describe()).taskQueue);
    const stuckAfter = { toldMs: 3_600_000, quietMs: 0, most: 1 };
    expect((await createReconciler(options({ far: createFarRuns(temporal.client, { restMs: 0 }), stuckAfter }))())?.repaired).toMatchObject({
      stuck: 1,
    });
    expect((await stored(quiet)).events.at(-1)).toBe('run.reconciled');
    expect((await stored(resting)).events).not.toContain('run.reconciled');
    for (const run of [quiet, resting]) await temporal.client.workflow.getHandle(run).terminate();
  });
});

/** Answers the next workflow task of a queue with nothing, as a worker does that saw nothing to do. */
async function passTask(name: string): Promise<void> {
  const { client } = temporal;
  const poll = () => client.workflowService.pollWorkflowTaskQueue({ namespace: 'default', taskQueue: { name }, identity: 'test' });
  const { taskToken } = await client.connection.withDeadline(Date.now() + 60_000, poll);
  await client.workflowService.respondWorkflowTaskCompleted({ namespace: 'default', taskToken, commands: [] });
}
