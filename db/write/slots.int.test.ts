import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTeam } from '../database.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import { type Overlap, seeded, SlotModel } from '../testing/slot-model.ts';
import { slotStorm } from '../testing/slot-storm.ts';
import { createRunStore } from '../stores/run-store.ts';
import { cancelRun, createRun, finishRun, setTeamLimit, setWorkflowLimit, setWorkflowStatus, sweep } from './index.ts';

const blobKey = Buffer.alloc(32, 1);
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const plain = { triggeredBy: 'api' as const, triggerId: null, trigger: {}, inputText: '{}' };

describe('the slot protocol', () => {
  it('does after each of 500 random operations what the naive model does', async () => {
    const { team } = await makeTeam(db, { maxConcurrentRuns: 4 });
    const limits = [1, 2, 3];
    const workflows: string[] = [];
    for (const maxConcurrentRuns of limits) workflows.push((await makeWorkflow(db, team, { maxConcurrentRuns })).workflowId);
    const model = new SlotModel(4, limits);
    const ids: string[] = [];
    const random = seeded(20_261_122);
    const store = createRunStore(db.sql, { blobKey });
    for (let n = 0; n < 500; n += 1) {
      const dice = random.below(100);
      const w = random.below(3);
      const id = random.below(Math.max(1, ids.length));
      if (dice < 45 || ids.length === 0) {
        const options = {
          test: random.chance(0.15),
          priority: 1 + random.below(5),
          overlap: random.pick<Overlap>(['queue', 'queue', 'queue', 'skip', 'cancel_older'])!,
        };
        const made = await createRun(db.sql, { blobKey }, { ...plain, team, workflowId: workflows[w]!, ...options });
        expect(made.outcome, `operation ${n}`).toBe(model.create(w, options));
        if ('run' in made) ids.push(made.run);
      } else if (dice < 55) {
        const expected = model.begin(id);
        const begun = await store.begin({ team, run: ids[id]!, nodeId: 'double', nodeType: 'code', path: `p${n}`, iteration: null, rows: [] }).then(
          (one) => (one.gone ? 'gone' : 'begun'),
          (error: { code: string }) => error.code,
        );
        expect(begun, `operation ${n}`).toBe(expected === 'no-slot' ? 'run.no-slot' : expected);
      } else if (dice < 80) {
        const { changed } = await finishRun(
          db.sql,
          { blobKey },
          { team, run: ids[id]!, status: 'completed', error: null, outputText: '{}', rows: [] },
        );
        expect(changed, `operation ${n}`).toBe(model.finish(id));
      } else if (dice < 88) {
        const { outcome } = await cancelRun(db.sql, team, ids[id]!);
        expect(outcome, `operation ${n}`).toBe(model.cancel(id));
      } else if (dice < 92) {
        const limit = random.below(7);
        await setTeamLimit(db.sql, team, limit);
        model.setTeamLimit(limit);
      } else if (dice < 96) {
        const limit = random.below(5);
        await setWorkflowLimit(db.sql, team, workflows[w]!, limit);
        model.setWorkflowLimit(w, limit);
      } else {
        const paused = random.chance(0.5);
        await setWorkflowStatus(db.sql, { team, id: workflows[w]!, status: paused ? 'paused' : 'active' });
        model.setPaused(w, paused);
      }
      const rows = await asTeam(db.sql, team, (tx) => tx<{ id: string; status: string }[]>`select id, status from workflow_executions`);
      const status = new Map(rows.map((row) => [row.id, row.status]));
      expect(
        ids.map((run) => status.get(run)),
        `after operation ${n}`,
      ).toEqual(model.runs.map((run) => run.status));
    }
    expect(new Set(model.runs.map((run) => run.status)).size).toBeGreaterThan(3);
  });

  it('marks a run that has begun as cancelled while others hold the slots: 200 cancels at once are no queue behind the ends of runs', async () => {
    const { team } = await makeTeam(db, { maxConcurrentRuns: 4 });
    const { workflowId } = await makeWorkflow(db, team, { maxConcurrentRuns: 4 });
    const made = await createRun(db.sql, { blobKey }, { ...plain, team, workflowId });
    const run = 'run' in made ? made.run : '';
    await createRunStore(db.sql, { blobKey }).begin({ team, run, nodeId: 'one', nodeType: 'code', path: 'one', iteration: null, rows: [] });
    await asTeam(db.sql, team, async (tx) => {
      await tx`select hub_lock_slots(${team}::uuid, ${workflowId}::uuid)`;
      expect((await cancelRun(db.sql, team, run)).outcome).toBe('requested');
    });
    const end = { team, run, status: 'cancelled' as const, error: null, outputText: '{}', rows: [] };
    expect(await finishRun(db.sql, { blobKey }, end)).toMatchObject({ changed: true });
    expect((await cancelRun(db.sql, team, run)).outcome).toBe('ended');
  });

  it('holds under 500 operations by 4 clients that also die', async () => {
    const figures = await slotStorm(db, { operations: 500, clients: 4, seed: 4711 });
    expect(figures).toMatchObject({ queuedWithFreeSlot: 0, overLimit: 0, runTwice: 0, miscounted: 0, notDrained: 0, faults: [] });
    expect(figures.looks).toBeGreaterThan(20);
  });

  it('would not hold without its locks or its handing on: the judge sees both planted breaks', async () => {
    const breaks = [
      'create or replace function hub_lock_slots(p_team uuid, p_workflow uuid) returns void language plpgsql as $$ begin end $$',
      "create or replace function hub_fill(p_team uuid) returns uuid[] language plpgsql as $$ begin return '{}'; end $$",
    ];
    for (const planted of breaks) {
      const broken = await testDatabase();
      try {
        await broken.ownerSql.unsafe(planted);
        // A race is met by chance: more storms, until one meets it.
        let seen = 0;
        for (let seed = 99; seen === 0 && seed < 111; seed += 1) {
          const found = await slotStorm(broken, { operations: 400, clients: 8, seed });
          seen = found.queuedWithFreeSlot + found.overLimit + found.runTwice + found.miscounted + found.notDrained + found.faults.length;
        }
        expect(seen).toBeGreaterThan(0);
      } finally {
        await broken.close();
      }
    }
  });

  it('gives a repeated Idempotency-Key its first run, refuses another body, and makes one run of 20 at once', async () => {
    const { team } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team, { maxConcurrentRuns: 1 });
    const given = { ...plain, team, workflowId, idempotencyKey: 'k', bodyHash: Buffer.alloc(32, 1) };
    // Published anew in between, the same start counts as another trigger.
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => createRun(db.sql, { blobKey }, { ...given, triggerId: `t${n % 2}` })));
    expect(new Set(all.map((one) => ('run' in one ? one.run : one.outcome))).size).toBe(1);
    expect(all.filter((one) => one.outcome === 'created').length).toBe(1);
    expect((await createRun(db.sql, { blobKey }, { ...given, bodyHash: Buffer.alloc(32, 2) })).outcome).toBe('key-reused');
    expect((await createRun(db.sql, { blobKey }, { ...given, triggeredBy: 'webhook', triggerId: 'other' })).outcome).toBe('created');
  });

  it('lets the sweep name a start that nobody made, and not one of this moment', async () => {
    const { team } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    const made = await createRun(db.sql, { blobKey }, { ...plain, team, workflowId });
    const run = (made as { run: string }).run;
    expect((await sweep(db.sql)).some((ref) => ref.run === run)).toBe(false);
    await asTeam(db.sql, team, (tx) => tx`update workflow_executions set starting_at = now() - interval '6 seconds' where id = ${run}`);
    expect((await sweep(db.sql)).filter((ref) => ref.run === run)).toEqual([{ team, run }]);
    expect((await sweep(db.sql)).some((ref) => ref.run === run)).toBe(false);
  });

  it('refuses what cannot start, each with its word', async () => {
    const { team } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    const outcome = async (more: object) => (await createRun(db.sql, { blobKey }, { ...plain, team, workflowId, ...more })).outcome;
    expect(await outcome({ version: 9 })).toBe('no-such-version');
    expect(await outcome({ workflowId: team })).toBe('not-found');
    expect(await outcome({ workflowId: 'x' })).toBe('not-found');
    expect(await outcome({ team: (await makeTeam(db)).team })).toBe('not-found');
    await setWorkflowStatus(db.sql, { team, id: workflowId, status: 'paused' });
    expect(await outcome({})).toBe('paused');
    expect(await outcome({ test: true, snapshot: { definition: {}, hash: 's', plan: { nodes: [] } } })).toBe('created');
    expect(await outcome({ parentRun: team })).toBe('created');
    await setWorkflowStatus(db.sql, { team, id: workflowId, status: 'archived' });
    expect(await outcome({ test: true })).toBe('archived');
  });
});
