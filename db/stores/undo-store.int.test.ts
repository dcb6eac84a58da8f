/** What is to be undone, in which order, once over a chain of retries; attempts and lost ones. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { RunStore } from '@hub/activities/ports';
import type { UndoStore } from '@hub/activities/undo-ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTeam } from '../database.ts';
import { listCompensations, readRetrySource, readRun } from '../read/index.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import { createRun } from '../write/create-run.ts';
import { finishRun } from '../write/finish-run.ts';
import { retryRun } from '../write/retry-run.ts';
import { createStartReader } from '../write/start-reader.ts';
import { createRunStore } from './run-store.ts';
import { createUndoStore } from './undo-store.ts';

const blobKey = randomBytes(32);
let db: TestDatabase;
let store: RunStore;
let undo: UndoStore;
let team: string;
let workflowId: string;

beforeAll(async () => {
  db = await testDatabase();
  store = createRunStore(db.sql, { blobKey });
  undo = createUndoStore(db.sql);
  ({ team } = await makeTeam(db));
  ({ workflowId } = await makeWorkflow(db, team, { plan: { nodes: [{ id: 'a' }, { id: 'b' }, { id: 'each' }] } }));
});
afterAll(() => db.close());

const start = { triggeredBy: 'api' as const, triggerId: 'manual', trigger: { type: 'api' }, inputText: '{}' };

async function newRun(): Promise<string> {
  const made = await createRun(db.sql, { blobKey }, { team, workflowId, ...start });
  if (!('run' in made)) throw new Error(made.outcome);
  await createStartReader(db.sql)([{ team, run: made.run }]);
  return made.run;
}

async function did(run: string, path: string, outputText = '{}', more: object = {}): Promise<void> {
  const nodeId = path.replace(/\[.*$/, '');
  const begun = await store.begin({ team, run, nodeId, nodeType: 'action', path, iteration: null, rows: [] });
  const end = {
    team,
    run,
    nodeId,
    nodeType: 'action' as const,
    path,
    iteration: null,
    attempt: begun.attempt,
    status: 'completed' as const,
    port: 'out',
    inputText: `{"of":"${path}"}`,
  };
  await store.end({ ...end, outputText, error: null, warnings: [], tokens: null, costUsd: null, model: null, modelCalls: [], ...more });
}

const nodes = [
  { nodeId: 'a', action: 'chat.delete', items: false },
  { nodeId: 'each', action: 'chat.delete', items: true },
];
const over = (run: string, status: 'failed' | 'cancelled' | 'completed') =>
  finishRun(db.sql, { blobKey }, { team, run, status, error: null, outputText: '{}', rows: [] });

async function undoAll(run: string): Promise<string[]> {
  const paths: string[] = [];
  for (let step = await undo.next(team, run); step !== null; step = await undo.next(team, run)) {
    paths.push(step.path);
    await undo.end(team, run, { n: step.n, attempt: step.attempt, status: 'completed', error: null });
  }
  return paths;
}

describe('what a run undoes', () => {
  it('are completed steps of the nodes named, the last completed first; of a forEach node its items', async () => {
    const run = await newRun();
    for (const path of ['a', 'b', 'each', 'each[1]', 'each[0]']) await did(run, path);
    expect(await undo.open(team, run, nodes, [])).toBe(3);
    expect(await undo.open(team, run, nodes, [])).toBe(3);
    expect(await undoAll(run)).toEqual(['each[0]', 'each[1]', 'a']);
    expect((await readRun(db.sql, team, run))?.undo).toEqual({ total: 3, completed: 3, failed: 0, open: 0 });
    const listed = await listCompensations(db.sql, team, run, { limit: 2 });
    expect(listed?.items.map(({ n, path, status, attempts }) => `${n} ${path} ${status} ${attempts}`)).toEqual([
      '1 each[0] completed 1',
      '2 each[1] completed 1',
    ]);
    expect((await listCompensations(db.sql, team, run, { cursor: listed?.nextCursor ?? '' }))?.items.map(({ path }) => path)).toEqual(['a']);
  });

  it('are not those that had failed, were recovered, or came from the step cache', async () => {
    const run = await newRun();
    await did(run, 'a', '{}', { status: 'failed', port: null, error: { code: 'x', message: 'x', attempt: 1 } });
    await did(run, 'each[0]', '{}', { cached: { runId: randomUUID(), at: new Date().toISOString(), tokens: null, costUsd: null } });
    expect(await undo.open(team, run, nodes, [])).toBe(0);
    expect((await readRun(db.sql, team, run))?.undo).toBeUndefined();
  });

  it('gives an attempt out once: what was lost counts, a late end changes nothing, values come along', async () => {
    const run = await newRun();
    await did(run, 'a', '{"id":7}');
    await undo.open(team, run, nodes, []);
    const first = await undo.next(team, run);
    expect(first).toMatchObject({ attempt: 1, lost: 0, failed: 0, inputText: '{"of":"a"}', outputText: '{"id":7}' });
    const second = await undo.next(team, run);
    expect(second).toMatchObject({ n: first?.n, attempt: 2, lost: 1 });
    await undo.end(team, run, { n: 1, attempt: 1, status: 'completed', error: null });
    await undo.end(team, run, { n: 1, attempt: 2, status: 'waiting', error: { code: 'x', message: 'later' } });
    expect(await undo.next(team, run)).toMatchObject({ attempt: 3, lost: 1, failed: 1 });
    await undo.end(team, run, { n: 1, attempt: 3, status: 'failed', error: { code: 'y', message: 'no' } });
    expect(await undo.next(team, run)).toBeNull();
    const events = await asTeam(
      db.sql,
      team,
      (tx) => tx<{ type: string }[]>`select type from run_events where team_id = ${team} and run_id = ${run} and type like 'undo.%' order by seq`,
    );
    expect(events.map(({ type }) => type)).toEqual(['undo.started', 'undo.running', 'undo.running', 'undo.waiting', 'undo.running', 'undo.failed']);
  });

  it('in a chain of retries is undone once, with what was kept, and is no longer kept afterwards', async () => {
    const first = await newRun();
    await did(first, 'a');
    await over(first, 'failed');
    expect((await readRetrySource(db.sql, team, first))?.undone).toEqual([]);
    const again = async (): Promise<string> => {
      const made = await retryRun(db.sql, { blobKey }, { team, workflowId, ...start, rootRun: first } as never, {
        from: first,
        paths: ['a'],
        items: [],
        byHand: [],
        unsure: [],
      });
      if (!('run' in made)) throw new Error(made.outcome);
      await createStartReader(db.sql)([{ team, run: made.run }]);
      return made.run;
    };
    const kept = await again();
    const undone = async () => (await readRetrySource(db.sql, team, first))?.undone;
    expect(await undo.open(team, kept, nodes, [])).toBe(1);
    // From the moment it is to be undone nobody may keep it: still waiting, and under way.
    expect(await undone()).toEqual(['a']);
    const begun = await undo.next(team, kept);
    expect(await undone()).toEqual(['a']);
    await undo.end(team, kept, { n: begun?.n ?? 0, attempt: 1, status: 'waiting', error: { code: 'x', message: 'later' } });
    expect(await undone()).toEqual(['a']);
    expect(await undoAll(kept)).toEqual(['a']);
    await over(kept, 'cancelled');
    for (const run of [first, kept]) expect((await readRetrySource(db.sql, team, run))?.undone).toEqual(['a']);
    expect(await undo.open(team, await again(), nodes, [])).toBe(0);
  });

  it('that could not be undone stands, so a retry keeps it', async () => {
    const run = await newRun();
    await did(run, 'a');
    await undo.open(team, run, nodes, []);
    const begun = await undo.next(team, run);
    await undo.end(team, run, { n: begun?.n ?? 0, attempt: 1, status: 'failed', error: { code: 'x', message: 'no' } });
    await over(run, 'failed');
    expect((await readRetrySource(db.sql, team, run))?.undone).toEqual([]);
  });

  it('is not what another run of the chain stands on', async () => {
    const first = await newRun();
    await did(first, 'a');
    await over(first, 'completed');
    const made = await retryRun(db.sql, { blobKey }, { team, workflowId, ...start, rootRun: first } as never, {
      from: first,
      paths: ['a'],
      items: [],
      byHand: [],
      unsure: [],
    });
    if (!('run' in made)) throw new Error(made.outcome);
    await createStartReader(db.sql)([{ team, run: made.run }]);
    expect(await undo.open(team, made.run, nodes, [])).toBe(0);
  });
});
