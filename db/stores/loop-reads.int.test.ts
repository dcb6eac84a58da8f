import { afterAll, beforeAll, expect, it } from 'vitest';
import { asTeam, openDatabase, type Sql, type TeamSql } from '../database.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import { createRun } from '../write/create-run.ts';

const items = 10_000;
const page = 250;
/** PL/pgSQL may change to a plan for any arguments from the sixth call on. */
const calls = 8;

let db: TestDatabase;
let session: Sql;
beforeAll(async () => {
  db = await testDatabase();
  session = openDatabase({ url: db.appUrl, max: 1, applicationName: 'test' });
});
afterAll(async () => {
  await session.end();
  await db.close();
});

async function runOfManyItems(team: string): Promise<string> {
  const { workflowId } = await makeWorkflow(db, team);
  const made = await createRun(
    db.sql,
    { blobKey: Buffer.alloc(32, 1) },
    { team, workflowId, triggeredBy: 'api', triggerId: 'manual', trigger: { type: 'api' }, inputText: '{}' },
  );
  if (!('run' in made)) throw new Error(made.outcome);
  await asTeam(
    db.sql,
    team,
    (tx) => tx`
      insert into node_executions (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, port, output_text)
      select ${team}, ${made.run}, 'call', 'http', 'each[' || i || '].call', i, 'completed', 'out', i::text from generate_series(0, ${items - 1}) i`,
  );
  return made.run;
}

/** A page of what `reads` gives, and how many rows of node_executions PostgreSQL read for it. */
const readPage = (team: string, reads: (tx: TeamSql) => Promise<{ length: number }>) =>
  asTeam(session, team, async (tx) => {
    const rowsRead = async () => {
      const [row] = await tx<{ n: number }[]>`
        select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as n from pg_stat_xact_user_tables where relname = 'node_executions'`;
      return row?.n ?? 0;
    };
    const before = await rowsRead();
    const { length } = await reads(tx);
    return { length, read: (await rowsRead()) - before };
  });

it.each([
  [
    'results',
    (team: string, run: string) => (tx: TeamSql) =>
      tx`select index from hub_loop_results(${team}::uuid, ${run}::uuid, 'each', 'call', true, false, 0, ${page})`,
  ],
  [
    'items that are over',
    (team: string, run: string) => (tx: TeamSql) => tx`select index from hub_items_over(${team}::uuid, ${run}::uuid, 'each', 'call', 0, ${page})`,
  ],
])('a page of %s reads its own rows only, on tables of which PostgreSQL knows nothing yet', async (_, reads) => {
  const { team } = await makeTeam(db);
  const run = await runOfManyItems(team);
  for (let n = 0; n < calls; n += 1) expect(await readPage(team, reads(team, run))).toEqual({ length: page, read: page });
});
