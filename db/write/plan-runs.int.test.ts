import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTeam } from '../database.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import { fireTrigger } from './fire-trigger.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const blobKey = Buffer.alloc(32, 9);

/** What the fires of one trigger came to, and what is told of them. */
async function fires(plan: 'free' | 'teams' | 'enterprise', before: number, removed = 0): Promise<{ outcomes: string[]; events: unknown[] }> {
  const { team } = await makeTeam(db, { plan });
  const { workflowId } = await makeWorkflow(db, team);
  if (removed > 0)
    await asTeam(
      db.ownerSql,
      team,
      (tx) => tx`insert into removed_runs (team_id, month, runs) values (${team}, date_trunc('month', now() at time zone 'utc')::date, ${removed})`,
    );
  const fire = async (n: number): Promise<string> => {
    const place = { team, workflowId, triggerId: 'manual', version: 1, triggeredBy: 'schedule' as const };
    return (await fireTrigger(db.sql, { blobKey }, { ...place, key: `k${n}`, trigger: { type: 'schedule', id: 'manual' }, inputText: '{}' })).outcome;
  };
  for (let n = 0; n < before; n += 1) await fire(n);
  const outcomes = [await fire(before), await fire(before + 1)];
  const events = await asTeam(db.sql, team, (tx) => tx`select outcome, code from trigger_events where team_id = ${team} order by id desc limit 1`);
  return { outcomes, events: [...events] };
}

describe('a trigger that fires by itself', () => {
  it('starts nothing where the month of the plan is full, and its event says why', async () => {
    expect(await fires('free', 0)).toEqual({ outcomes: ['held', 'held'], events: [{ outcome: 'refused', code: 'plan.limit' }] });
    expect(await fires('teams', 99)).toEqual({ outcomes: ['started', 'held'], events: [{ outcome: 'refused', code: 'plan.limit' }] });
    expect((await fires('teams', 4, 95)).outcomes, 'with those that retention has removed').toEqual(['started', 'held']);
    expect((await fires('enterprise', 0)).outcomes).toEqual(['started', 'started']);
  });
});
