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
  await asTeam(db.sql, team, async (tx) => {
    await tx`
      insert into node_executions (team_id, workflow_execution_id, node_id, node_type, path, iteration, status, port, output_text)
      select ${team}, ${made.run}, 'call', 'http', 'each[' || i || '].call', i, 'completed', 'out', i::text from generate_series(0, ${items - 1}) i`;
    await tx`
      insert into iteration_results (team_id, run_id, loop_path, index, value_text)
      select ${team}, ${made.run}, 'each', i, i::text from generate_series(0, ${items - 1}) i`;
  });
  return made.run;
}

type Reads = (tx: TeamSql, team: string, run: string, call: number) => Promise<{ length: number }>;

/** A page of what `reads` gives, and how many rows of a loop PostgreSQL read for it. */
const readPage = (team: string, reads: (tx: TeamSql) => Promise<{ length: number }>) =>
  asTeam(session, team, async (tx) => {
    const rowsRead = async () => {
      const [row] = await tx<{ n: number }[]>`
        select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables
        where relname in ('node_executions', 'iteration_results')`;
      return row?.n ?? 0;
    };
    const before = await rowsRead();
    const { length } = await reads(tx);
    return { length, read: (await rowsRead()) - before };
  });

const results: Reads = (tx, team, run) =>
  tx`select index from hub_loop_results(${team}::uuid, ${run}::uuid, 'each', 'call', true, false, 0, ${page})`;
const kept: Reads = (tx, team, run) => tx`select index from hub_loop_results(${team}::uuid, ${run}::uuid, 'each', 'call', false, true, 0, ${page})`;
const over: Reads = (tx, team, run) => tx`select index from hub_items_over(${team}::uuid, ${run}::uuid, 'each', 'call', 0, ${page})`;
const written: Reads = async (tx, team, run, call) => {
  const path = (n: number) => `more[${call * page + n}]`;
  const rows = Array.from({ length: page }, (_, n) => ({
    nodeId: 'more',
    nodeType: 'http',
    path: path(n),
    iteration: n,
    status: 'completed',
    port: 'out',
    elapsedMs: 1,
  }));
  const [row] = await tx<{ paths: string[] }[]>`select hub_whole_attempts(${team}::uuid, ${run}::uuid, ${tx.json(rows)}) as paths`;
  return row?.paths ?? [];
};

it.each([
  { what: 'results', reads: results, read: page },
  { what: 'kept results', reads: kept, read: page },
  { what: 'items that are over', reads: over, read: 2 * page },
  { what: 'items to be written', reads: written, read: 0 },
])('a page of $what reads its own rows only, on tables of which PostgreSQL knows nothing yet', async ({ reads, read }) => {
  const { team } = await makeTeam(db);
  const run = await runOfManyItems(team);
  for (let call = 0; call < calls; call += 1) expect(await readPage(team, (tx) => reads(tx, team, run, call))).toEqual({ length: page, read });
});
