/** The workflow list at 1,000 workflows and 100,000 runs: every order and filter within 500 ms, and none of them reads all runs. */
import { asTeam } from '@hub/db';
import { listWorkflows, type WorkflowFilter } from '@hub/db/read';
import { makeTeam, testDatabase, type TestDatabase } from '@hub/db/testing';
import { startTestStack } from '../bootstrap/test-stack.mjs';
import { closingLine, type Measured } from './lib/proof.ts';

const workflows = 1_000;
const runs = 100_000;
const rounds = 15;
const limitMs = 500;

const questions: Record<string, WorkflowFilter> = {
  'newest first': {},
  'last run first': { sort: 'last_run' },
  'by name': { sort: 'name' },
  words: { search: 'flow 99' },
  tag: { tag: 'tag7' },
  'failing ones': { health: 'failing' },
  'a trigger, 200 at once': { trigger: 'manual', limit: 200 },
};

/** A tenth of all runs is of one workflow; costs, failures and test runs are spread. */
async function fill(db: TestDatabase, team: string, userId: string): Promise<void> {
  await asTeam(db.ownerSql, team, async (tx) => {
    await tx`insert into workflows (team_id, user_id, name, definition, status, tags, definition_hash)
      select ${team}, ${userId}, 'Flow ' || n, '{"schemaVersion":1,"nodes":[]}', 'active', array['tag' || n % 20], 'h' || n from generate_series(1, ${workflows}::int) n`;
    await tx`insert into workflow_versions (team_id, workflow_id, version, definition, hash, plan) select team_id, id, 1, '{}', 'h', '{"nodes":[]}' from workflows where team_id = ${team}`;
    await tx`update workflows w set published_version = 1, published_version_id = v.id from workflow_versions v where v.team_id = w.team_id and v.workflow_id = w.id and w.team_id = ${team}`;
    await tx`insert into triggers (team_id, workflow_id, trigger_id, type, version) select team_id, id, 'manual', 'manual', 1 from workflows where team_id = ${team}`;
    await tx`
      insert into workflow_executions (team_id, workflow_id, workflow_version, version_id, root_run_id, triggered_by, status, is_test, slot, started_at, completed_at, execution_time_ms, total_cost_usd)
      select w.team_id, w.id, 1, w.published_version_id, uuidv7(), 'api', case when (n * 7919) % 10 < (w.at % 12) then 'failed' else 'completed' end, n % 50 = 0, case when n % 50 = 0 then 'team' else 'workflow' end, now(), now(), 120, 0.001
      from generate_series(1, ${runs}::int) n
      join (select *, row_number() over (order by id) as at from workflows where team_id = ${team}) w on w.at = case when n % 10 = 0 then 1 else 1 + (n % ${workflows}::int) end`;
  });
  await db.ownerSql`vacuum analyze workflow_executions`;
  await db.ownerSql`analyze workflows`;
}

/** Rows of workflow_executions that the statements since the last reset read one after another, not by an index. */
async function readInOrder(db: TestDatabase): Promise<number> {
  await db.ownerSql`select pg_stat_clear_snapshot()`;
  const [row] = await db.ownerSql<
    { n: number }[]
  >`select coalesce(seq_tup_read, 0)::float8 as n from pg_stat_user_tables where relname = 'workflow_executions'`;
  return row?.n ?? 0;
}

async function measure(db: TestDatabase, team: string, filter: WorkflowFilter): Promise<{ medianMs: number; worstMs: number; found: number }> {
  const times: number[] = [];
  let found = 0;
  for (let n = 0; n < rounds; n += 1) {
    const began = performance.now();
    found = (await listWorkflows(db.sql, team, filter)).items.length;
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { medianMs: times[Math.floor(rounds / 2)] ?? 0, worstMs: times.at(-1) ?? 0, found };
}

export async function run(log: (line: string) => void = () => {}): Promise<Measured[]> {
  const servers = await startTestStack({ postgres: true, temporal: false });
  try {
    Object.assign(process.env, servers.environment);
    const db = await testDatabase();
    const { team, userId } = await makeTeam(db);
    await fill(db, team, userId);
    const before = await readInOrder(db);
    const measured: Measured[] = [];
    for (const [name, filter] of Object.entries(questions)) {
      const { medianMs, worstMs, found } = await measure(db, team, filter);
      log(`${name}: ${found} rows, median ${medianMs.toFixed(0)} ms, worst ${worstMs.toFixed(0)} ms`);
      measured.push({ figure: `${name}: median ${medianMs.toFixed(0)} ms`, want: `<= ${limitMs} ms`, ok: medianMs <= limitMs && found > 0 });
    }
    // Counters of other connections arrive when these end.
    await db.sql.end();
    const read = (await readInOrder(db)) - before;
    await Promise.all([db.authSql.end(), db.ownerSql.end()]).then(() => db.close());
    return [...measured, { figure: `${read} rows of runs read without an index`, want: '0', ok: read === 0 }];
  } finally {
    await servers.stop();
  }
}

if (import.meta.main) {
  const measured = await run(console.log);
  for (const one of measured) console.log(closingLine('workflow-list', one));
  process.exitCode = measured.every((one) => one.ok) ? 0 : 1;
}
