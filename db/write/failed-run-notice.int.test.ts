import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTeam } from '../database.ts';
import { listNotices } from '../read/index.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import { createRun, finishRun, noticeFailedRun } from './index.ts';

const blobKey = Buffer.alloc(32, 1);
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

async function endedRun(status: 'completed' | 'failed', test = false): Promise<{ team: string; userId: string; run: string }> {
  const { team, userId } = await makeTeam(db);
  const { workflowId } = await makeWorkflow(db, team);
  const made = await createRun(
    db.sql,
    { blobKey },
    { team, workflowId, triggeredBy: 'manual', triggerId: null, trigger: {}, inputText: '{}', userId, test },
  );
  if (!('run' in made)) throw new Error(made.outcome);
  const error = status === 'failed' ? { code: 'step.failed', message: 'It broke', nodeId: 'a', path: 'a' } : null;
  await finishRun(db.sql, { blobKey }, { team, run: made.run, status, error, outputText: '{}', rows: [] });
  return { team, userId, run: made.run };
}

describe('the notice of a failed run', () => {
  it('tells the person who started it, once', async () => {
    const { team, userId, run } = await endedRun('failed');
    expect(await noticeFailedRun(db.sql, team, run)).toBe(true);
    expect(await noticeFailedRun(db.sql, team, run)).toBe(false);
    const { items } = await listNotices(db.sql, team, userId, {});
    expect(items).toMatchObject([{ kind: 'run.failed', body: 'It broke', link: `/runs/${run}` }]);
  });

  it('tells whoever keeps the workflow of runs that started by themselves, once an hour for a trigger', async () => {
    const { team, userId } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    await asTeam(db.sql, team, (tx) => tx`update workflows set user_id = ${userId} where team_id = ${team} and id = ${workflowId}`);
    const told: boolean[] = [];
    for (const triggerId of ['nightly', 'nightly', 'hourly']) {
      const made = await createRun(db.sql, { blobKey }, { team, workflowId, triggeredBy: 'schedule', triggerId, trigger: {}, inputText: '{}' });
      if (!('run' in made)) throw new Error(made.outcome);
      const error = { code: 'step.failed', message: 'It broke', nodeId: 'a', path: 'a' };
      await finishRun(db.sql, { blobKey }, { team, run: made.run, status: 'failed', error, outputText: '{}', rows: [] });
      // Ends in the same hour, whatever the clock says while the test runs.
      await asTeam(
        db.sql,
        team,
        (tx) => tx`update workflow_executions set completed_at = '2026-01-01 10:30Z' where team_id = ${team} and id = ${made.run}`,
      );
      told.push(await noticeFailedRun(db.sql, team, made.run));
    }
    expect(told).toEqual([true, false, true]);
    expect((await listNotices(db.sql, team, userId, {})).items).toHaveLength(2);
  });

  it('says nothing of a run that completed, and nothing to another team', async () => {
    const good = await endedRun('completed');
    const bad = await endedRun('failed');
    expect(await noticeFailedRun(db.sql, good.team, good.run)).toBe(false);
    expect(await noticeFailedRun(db.sql, good.team, bad.run)).toBe(false);
  });
});
