/** What a trigger could lose without a word: a fire while versions follow one another, events beyond a page, a stop that nobody hears of. */
import { asTeam } from '@hub/db';
import { makeTeam, makeWorkflow, type TestDatabase, testDatabase, trivialDefinition, trivialPlan } from '@hub/db/testing';
import type { Json } from '@hub/dag/planner';
import { createRun, publishWorkflow, stopTrigger } from '@hub/db/write';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TriggerDeps } from './deps.ts';
import { tellEnds } from './ends.ts';
import { fire } from './fire.ts';

let db: TestDatabase;
let team: string;
let deps: TriggerDeps;
const warned: unknown[] = [];
const blobKey = Buffer.alloc(32, 7);
beforeAll(async () => {
  db = await testDatabase();
  ({ team } = await makeTeam(db));
  const log = { info: () => undefined, warn: (facts: unknown) => void warned.push(facts) };
  deps = { sql: db.sql, blobKey, log, carryOut: () => Promise.resolve() } as unknown as TriggerDeps;
});
afterAll(() => db.close());

async function withTriggers(triggers: { triggerId: string; type: string; config: Json }[]): Promise<string> {
  const { workflowId } = await makeWorkflow(db, team);
  const settings = { maxConcurrentRuns: 100, timeoutMs: 3_600_000, overlap: 'queue' as const, priority: 3 };
  const plan = trivialPlan as unknown as Json;
  const more = { note: '', definition: trivialDefinition, hash: workflowId, plan, warnings: [], triggers, settings };
  await publishWorkflow(db.sql, { team, id: workflowId, userId: null, ...more });
  return workflowId;
}

/** As long as `work` takes, every fire finds another version than the one it has read. */
async function whileVersionsChange(work: () => Promise<void>): Promise<void> {
  await db.ownerSql.unsafe(`alter function hub_fire(uuid, jsonb, jsonb) rename to hub_fire_kept;
    create function hub_fire(p_team uuid, p_run jsonb, p_fire jsonb) returns jsonb language sql as 'select ''{"outcome": "changed", "start": [], "cancel": []}''::jsonb';
    grant execute on function hub_fire to hub_app`);
  try {
    await work();
  } finally {
    await db.ownerSql.unsafe('drop function hub_fire(uuid, jsonb, jsonb); alter function hub_fire_kept(uuid, jsonb, jsonb) rename to hub_fire');
  }
}

async function endOf(workflowId: string): Promise<string> {
  const made = await createRun(
    db.sql,
    { blobKey },
    { team, workflowId, version: 1, triggeredBy: 'api', triggerId: null, trigger: {}, inputText: '{}' },
  );
  if (!('run' in made)) throw new Error(made.outcome);
  const { run } = made;
  await asTeam(db.sql, team, (tx) => tx`insert into run_ends (team_id, run_id, status) values (${team}, ${run}, 'completed')`);
  return run;
}
const count = async (workflowId: string): Promise<number> => {
  const [row] = await asTeam(
    db.sql,
    team,
    (tx) => tx<{ n: number }[]>`select count(*)::int as n from trigger_events where team_id = ${team} and workflow_id = ${workflowId}`,
  );
  return row?.n ?? 0;
};

it('a fire that finds another version again and again fails, so that Temporal makes it once more', async () => {
  const workflowId = await withTriggers([{ triggerId: 'tick', type: 'schedule', config: { every: '1s', jitter: '0s' } }]);
  const at = new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString();
  const tick = () => fire(deps, { team, workflowId, triggerId: 'tick', at }, new AbortController().signal);
  await whileVersionsChange(() => expect(tick()).rejects.toMatchObject({ code: 'trigger.changed', kind: 'transient' }));
  await tick();
  expect(await count(workflowId)).toBe(1);
});

it('the end of a run reaches all event triggers, however many, and stays noted where it could not be passed on', async () => {
  const source = await withTriggers([]);
  const config = { workflowId: source, on: ['completed'] };
  const listeners = await withTriggers(Array.from({ length: 203 }, (_, n) => ({ triggerId: `after_${n}`, type: 'event', config })));
  const run = await endOf(source);
  await whileVersionsChange(async () => void (await tellEnds({ ...deps, client: undefined as never })));
  expect(warned).toMatchObject([{ run, err: { code: 'trigger.changed' } }]);
  await asTeam(db.sql, team, (tx) => tx`update run_ends set due_at = now()`);
  await tellEnds({ ...deps, client: undefined as never });
  expect(await count(listeners)).toBe(203);
  const left = await asTeam(db.sql, team, (tx) => tx`select from run_ends where team_id = ${team}`);
  expect(left).toHaveLength(0);
}, 60_000);

it('a trigger is stopped together with the notice of it, or not at all', async () => {
  const workflowId = await withTriggers([{ triggerId: 'tick', type: 'schedule', config: { every: '1h' } }]);
  const place = { team, workflowId, triggerId: 'tick' };
  const notice = { kind: 'trigger.stopped', title: 't', body: 'b' };
  const state = async () => {
    const [row] = await asTeam(
      db.sql,
      team,
      (tx) => tx<{ stopped: boolean; told: number }[]>`
      select stopped_at is not null as stopped, (select count(*)::int from notices n where n.team_id = ${team} and n.kind = 'trigger.stopped') as told
      from triggers where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = 'tick'`,
    );
    return row;
  };
  await expect(stopTrigger(db.sql, place, { reason: 'r', notice: { ...notice, link: null as never, kind: null as never } })).rejects.toThrow();
  expect(await state()).toEqual({ stopped: false, told: 0 });
  await stopTrigger(db.sql, place, { reason: 'r', notice });
  await stopTrigger(db.sql, place, { reason: 'again', notice });
  expect(await state()).toEqual({ stopped: true, told: 1 });
});
