import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asTeam, openDatabase } from '../database.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import { createRun } from '../write/index.ts';
import { createRunStore } from './run-store.ts';

const blobKey = Buffer.alloc(32, 5);
const lanes = 5;
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

it('steps go on although all connections of the worker are cut 20 times, each ends once, and the numbers have no gap', async () => {
  const { team } = await makeTeam(db);
  const { workflowId } = await makeWorkflow(db, team);
  const made = await createRun(db.sql, { blobKey }, { team, workflowId, triggeredBy: 'api', triggerId: null, trigger: {}, inputText: '{}' });
  const run = (made as { run: string }).run;
  const worker = openDatabase({ url: db.appUrl, max: lanes, applicationName: 'cut-worker' });
  const store = createRunStore(worker, { blobKey });
  let cuts = 0;
  let ended = 0;
  let over = false;
  const cutting = (async () => {
    while (!over) {
      // Each lane gets a step done in between, however slow the machine is.
      const before = ended;
      await delay(250);
      while (!over && ended < before + lanes) await delay(10);
      const cut = await db.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut-worker'`;
      if (cut.length > 0) cuts += 1;
    }
  })();
  try {
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        for (let n = 0; cuts < 20 || n < 5; n += 1) {
          const path = `s${lane}_${n}`;
          const at = { team, run, nodeId: path, nodeType: 'code' as const, path, iteration: null };
          const { attempt, done } = await store.begin({ ...at, rows: [] });
          expect(done).toBeUndefined();
          await store.end({
            ...at,
            attempt,
            status: 'completed',
            port: 'out',
            inputText: null,
            outputText: `"${path}"`,
            error: null,
            warnings: [],
            tokens: null,
            costUsd: null,
            model: null,
            modelCalls: [],
          });
          ended += 1;
          expect((await store.outputs(team, run, [path])).get(path)?.outputText).toBe(`"${path}"`);
        }
      }),
    );
  } finally {
    over = true;
    await cutting;
    await worker.end();
  }
  const [counted] = await asTeam(
    db.sql,
    team,
    (tx) => tx<{ events: number; last: number; twice: number; open: number }[]>`
    select (select count(*)::int from run_events where run_id = ${run}) as events, (select seq::int from workflow_executions where id = ${run}) as last,
      (select count(*)::int from (select path from node_executions where workflow_execution_id = ${run} and status = 'completed' group by path having count(*) > 1) t) as twice,
      (select count(*)::int from node_executions where workflow_execution_id = ${run} and status = 'running') as open`,
  );
  expect(counted).toMatchObject({ last: counted!.events, twice: 0, open: 0 });
  expect(cuts).toBeGreaterThanOrEqual(20);
});
