import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeItems, storeText, textOf } from '../stores/blobs.ts';
import { makeTeam, makeWorkflow, type TestDatabase, testDatabase } from '../testing/index.ts';
import { createFileStore } from '../stores/file-store.ts';
import { createWaitStore } from '../stores/wait-store.ts';
import { adoptFiles, createRun, deliverSignal, finishRun, noteRun, pruneRuns, readRetention, retryRun, setRetention, setVariable } from './index.ts';

const blobKey = Buffer.alloc(32, 9);
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => db.close());

/** As the owner, in the team: tests turn the clock back. */
async function age(team: string, statement: string): Promise<void> {
  await db.ownerSql.begin(async (tx) => {
    await tx`select set_config('app.team', ${team}, true)`;
    await tx.unsafe(statement);
  });
}

async function start(team: string, workflowId: string, more: object = {}): Promise<string> {
  const given = {
    team,
    workflowId,
    triggeredBy: 'api' as const,
    triggerId: 'manual',
    trigger: {},
    inputText: JSON.stringify('x'.repeat(40_000)),
    ...more,
  };
  const made = await createRun(db.sql, { blobKey }, given);
  if (!('run' in made)) throw new Error(made.outcome);
  await db.sql`select hub_write_rows(${team}::uuid, ${made.run}::uuid, '[]'::jsonb)`;
  return made.run;
}
const end = (team: string, run: string) =>
  finishRun(db.sql, { blobKey }, { team, run, status: 'completed', error: null, outputText: '{}', rows: [] });
const there = async (team: string): Promise<Set<string>> => {
  const rows = await db.ownerSql.begin(async (tx) => {
    await tx`select set_config('app.team', ${team}, true)`;
    return tx<{ id: string }[]>`select id from workflow_executions where team_id = ${team}`;
  });
  return new Set(rows.map(({ id }) => id));
};
const old = (run: string, days: number) => `update workflow_executions set completed_at = completed_at - interval '${days} days' where id = '${run}'`;

describe('retention', () => {
  it('is by plan until the team chooses', async () => {
    const { team } = await makeTeam(db, { plan: 'free' });
    expect(await readRetention(db.sql, team)).toEqual({ days: 30, chosen: null, byPlan: 30 });
    await setRetention(db.sql, team, 3);
    expect(await readRetention(db.sql, team)).toEqual({ days: 3, chosen: 3, byPlan: 30 });
  });

  it('removes what is past its time with all that is of it, and counts it for the month', async () => {
    const { team } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    const run = await start(team, workflowId);
    await end(team, run);
    await age(team, old(run, 366));
    await pruneRuns(db.sql);
    expect(await there(team)).toEqual(new Set());
    const left = await db.ownerSql.begin(async (tx) => {
      await tx`select set_config('app.team', ${team}, true)`;
      return tx`select (select count(*)::int from run_events where run_id = ${run}) as events, (select count(*)::int from blob_refs where owner_id = ${run}) as refs, (select runs from removed_runs) as runs`;
    });
    expect(left[0]).toMatchObject({ events: 0, refs: 0, runs: 1 });
  });

  it('leaves every run of a chain that an open run continues, also one that is continued at this very moment', async () => {
    const { team } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    const first = await start(team, workflowId);
    await end(team, first);
    const nothing = { paths: [], items: [], byHand: [], unsure: [] };
    const continues = async (from: string): Promise<string> => {
      const given = { team, workflowId, triggeredBy: 'api' as const, triggerId: 'manual', trigger: {}, inputText: '{}', rootRun: first };
      const made = await retryRun(db.sql, { blobKey }, given, { from, ...nothing });
      if (!('run' in made)) throw new Error(made.outcome);
      return made.run;
    };
    const second = await continues(first);
    await end(team, second);
    for (const run of [first, second]) await age(team, old(run, 400));
    const third = await db.sql.begin(async (tx) => {
      await tx`select set_config('app.team', ${team}, true)`;
      const made = await tx<
        { run: string }[]
      >`select hub_create_run(${team}::uuid, ${tx.json({ workflowId, triggeredBy: 'api', rootRun: first, input: { text: '{}', preview: {}, bytes: 2 } })}::jsonb) ->> 'run' as run`;
      const id = String(made[0]?.run);
      await tx`select hub_keep_rows(${team}::uuid, ${second}::uuid, ${id}::uuid, '{}', '[]', '[]', '{}')`;
      // Not committed yet, so retention cannot know of it.
      await pruneRuns(db.sql);
      return id;
    });
    await pruneRuns(db.sql);
    expect(await there(team)).toEqual(new Set([first, second, third]));
    await db.sql`select hub_write_rows(${team}::uuid, ${third}::uuid, '[]'::jsonb)`;
    await end(team, third);
    await pruneRuns(db.sql);
    expect(await there(team)).toEqual(new Set([third]));
    await expect(continues(second)).rejects.toMatchObject({ code: 'run.gone' });
    expect(await there(team)).toEqual(new Set([third]));
  });

  it('whatever the mix of ages, notes, ends and parents, never removes what is open, noted, young or waited for', async () => {
    const run = fc.record({
      days: fc.constantFrom(0, 29, 31, 400),
      noted: fc.boolean(),
      open: fc.boolean(),
      parent: fc.constantFrom('none', 'open', 'ended'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 3 }), async (runs, size) => {
        const { team, userId } = await makeTeam(db, { plan: 'free' });
        const { workflowId } = await makeWorkflow(db, team);
        const keep = new Set<string>();
        for (const { days, noted, open, parent } of runs) {
          const above = parent === 'none' ? undefined : await start(team, workflowId);
          const id = await start(team, workflowId, above === undefined ? {} : { parentRun: above });
          if (parent === 'ended' && above !== undefined) await end(team, above);
          if (above !== undefined) keep.add(above);
          if (!open) await end(team, id);
          if (noted) await noteRun(db.sql, team, id, 'kept', userId);
          if (!open) await age(team, old(id, days));
          if (open || noted || days < 30 || parent === 'open') keep.add(id);
        }
        const sizes = { runs: size, snapshots: size, blobs: size };
        await Promise.all([pruneRuns(db.sql, { sizes }), pruneRuns(db.sql, { sizes })]);
        await pruneRuns(db.sql, { sizes });
        expect(await there(team)).toEqual(keep);
      }),
      { numRuns: 12 },
    );
  });

  it('removes the files of a removed run a day later, but for what a run that stays, or a variable, still names', async () => {
    const { team, userId } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    const files = createFileStore(db.sql, { blobKey });
    async function* content() {
      yield Buffer.from('x');
    }
    const make = async (run: string): Promise<string> => (await files.create(team, { name: 'a', mime: 'text/plain', run }, content())).$file;
    const [alone, above] = [await start(team, workflowId), await start(team, workflowId)];
    const child = await start(team, workflowId, { parentRun: above });
    const [gone, named, ofChild] = [await make(alone), await make(alone), await make(child)];
    const sent = { name: 'b', mime: 'text/plain', userId: null, fromRequest: true };
    const [taken, unclaimed] = [
      await files.createUpload(team, sent, content(), { maxBytes: 9 }),
      await files.createUpload(team, sent, content(), { maxBytes: 9 }),
    ];
    await adoptFiles(db.sql, team, alone, [taken.$file]);
    const own = await files.createUpload(team, { ...sent, userId, fromRequest: false }, content(), { maxBytes: 9 });
    await setVariable(db.sql, { team, name: 'kept', value: { file: { $file: named } }, userId });
    for (const run of [alone, child, above]) await end(team, run);
    await noteRun(db.sql, team, above, 'kept', userId);
    for (const run of [alone, child]) await age(team, old(run, 400));
    await age(team, `update files set created_at = created_at - interval '3 days' where from_request`);
    const left = async (): Promise<string[]> => {
      const all = [gone, named, ofChild, taken.$file, unclaimed.$file, own.$file];
      const there = await Promise.all(
        all.map((id) =>
          files.open(team, id).then(
            () => true,
            () => false,
          ),
        ),
      );
      return ['gone', 'named', 'ofChild', 'taken', 'unclaimed', 'own'].filter((_, at) => there[at]);
    };
    await pruneRuns(db.sql);
    expect(await left()).toEqual(['gone', 'named', 'ofChild', 'taken', 'own']);
    await age(team, `update files set ended_at = ended_at - interval '2 days' where ended_at is not null`);
    await pruneRuns(db.sql);
    expect(await left()).toEqual(['named', 'ofChild', 'own']);
    // The run it belongs to goes, and with it what it was kept for.
    await noteRun(db.sql, team, above, null, null);
    await age(team, old(above, 400));
    await pruneRuns(db.sql);
    await age(team, `update files set ended_at = ended_at - interval '2 days' where ended_at is not null`);
    await pruneRuns(db.sql);
    expect(await left()).toEqual(['named', 'own']);
  });

  it('leaves files of a request that was a signal: held, taken by a run that goes on for long, or still to be sent again', async () => {
    const { team } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    const files = createFileStore(db.sql, { blobKey });
    const send = async (messageId: string): Promise<string> => {
      async function* content() {
        yield Buffer.from(messageId);
      }
      const { $file } = await files.createUpload(team, { name: 'a', mime: 'text/plain', userId: null, fromRequest: true }, content(), {
        maxBytes: 99,
      });
      const payloadText = JSON.stringify({ file: { $file } });
      expect(await deliverSignal(db.sql, { blobKey }, { team, name: messageId, payloadText, messageId, files: [$file] })).toEqual({
        outcome: 'held',
      });
      return $file;
    };
    const [taken, kept, lost] = [await send('taken'), await send('kept'), await send('lost')];
    await age(
      team,
      `insert into hook_deliveries (team_id, workflow_id, trigger_id, method, outcome, status, input_text) values ('${team}', '${workflowId}', 'hook', 'POST', 'held', 202, '{"file":{"$file":"${kept}"}}')`,
    );
    const run = await start(team, workflowId);
    const facts = { reason: 'signal' as const, signal: { name: 'taken', key: null } };
    const waits = createWaitStore(db.sql, { blobKey, tell: async () => Promise.resolve() });
    const wait = { nodeId: 'a', nodeType: 'wait' as const, path: 'a', iteration: null, attempt: 1, rows: [], inputText: '{}', warnings: [], facts };
    expect(await waits.open({ team, run, ...wait })).toMatchObject({ facts });
    await age(team, `update files set created_at = created_at - interval '6 days'`);
    await age(team, `delete from held_signals where name <> 'taken'`);
    await pruneRuns(db.sql);
    await files.open(team, taken);
    await files.open(team, kept);
    await expect(files.open(team, lost)).rejects.toMatchObject({ code: 'file.not-found' });
  });

  it('leaves files that a value of more than 32 KB names: the input of a run that goes on, a cached output of one value or of many', async () => {
    const { team } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    const files = createFileStore(db.sql, { blobKey });
    const maker = await start(team, workflowId);
    async function* content() {
      yield Buffer.from('x');
    }
    const make = async (): Promise<string> => (await files.create(team, { name: 'a', mime: 'text/plain', run: maker }, content())).$file;
    const [inInput, inOutput, inItems, lost] = [await make(), await make(), await make(), await make()];
    const long = 'x'.repeat(40_000);
    const goesOn = await start(team, workflowId, { inputText: JSON.stringify([long, { $file: inInput }]) });
    await start(team, workflowId, { inputText: JSON.stringify([long, { $file: '-'.repeat(36) }]) });
    const cached = await start(team, workflowId);
    const owner = { kind: 'run' as const, id: cached };
    async function* items() {
      yield JSON.stringify(long);
      yield JSON.stringify({ deep: [{ $file: inItems }] });
    }
    const outputs = [
      await storeText(db.sql, blobKey, team, owner, JSON.stringify({ long, file: { $file: inOutput } })),
      await storeItems(db.sql, blobKey, team, owner, items()),
    ];
    for (const [n, { blob, bytes }] of outputs.entries()) {
      await age(
        team,
        `insert into step_cache (team_id, key, workflow_id, node_id, run_id, output_blob, output_bytes, expires_at)
         values ('${team}', 'k${n}', '${workflowId}', 'a', '${cached}', '${blob}', ${bytes}, now() + interval '9 days')`,
      );
    }
    const present = async (): Promise<string[]> => {
      const left: string[] = [];
      for (const [name, id] of Object.entries({ inInput, inOutput, inItems, lost }))
        if (
          await files.open(team, id).then(
            () => true,
            () => false,
          )
        )
          left.push(name);
      return left;
    };
    const dayLater = async (): Promise<void> => {
      await age(team, `update files set ended_at = ended_at - interval '2 days' where ended_at is not null`);
      await pruneRuns(db.sql);
    };
    await end(team, maker);
    await age(team, old(maker, 400));
    await pruneRuns(db.sql);
    await dayLater();
    expect(await present()).toEqual(['inInput', 'inOutput', 'inItems']);
    await end(team, goesOn);
    await dayLater();
    expect(await present()).toEqual(['inOutput', 'inItems']);
    await age(team, `delete from step_cache where key = 'k0'`);
    await dayLater();
    expect(await present()).toEqual(['inItems']);
  });

  it('sweeps blobs under writers who put the same content again and again, and never takes a live one', async () => {
    const { team } = await makeTeam(db);
    const { workflowId } = await makeWorkflow(db, team);
    const contents = Array.from({ length: 4 }, (_, n) => JSON.stringify(`${n}`.repeat(40_000)));
    let writing = true;
    let swept = 0;
    const sweeper = async (): Promise<void> => {
      while (writing) {
        // All of it is old, and what no run names is up for removal.
        await age(team, `update blobs set last_put_at = last_put_at - interval '2 days' where last_put_at > now() - interval '1 day'`);
        swept += (await pruneRuns(db.sql, { sizes: { runs: 5, snapshots: 5, blobs: 2 } })).blobs;
      }
    };
    const writer = async (lane: number): Promise<number> => {
      let read = 0;
      for (let n = 0; n < 15; n += 1) {
        const run = await start(team, workflowId, { inputText: '{}' });
        const text = contents[(lane + n) % contents.length] ?? '';
        const stored = await storeText(db.sql, blobKey, team, { kind: 'run', id: run }, text);
        await end(team, run);
        if ((await textOf(db.sql, team, stored.text, stored.blob)) === text) read += 1;
        await age(team, old(run, 400));
      }
      return read;
    };
    const sweeping = Promise.all([sweeper(), sweeper()]);
    const read = await Promise.all([writer(0), writer(1), writer(2)]).finally(() => (writing = false));
    await sweeping;
    // A run that was removed in between took its reference with it: only then its content may be gone.
    expect(read.reduce((a, b) => a + b, 0)).toBe(45);
    expect(swept).toBeGreaterThan(0);
  });
});
