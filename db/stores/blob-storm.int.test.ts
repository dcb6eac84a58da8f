/**
 * Values, files, kept rows and cached steps come and go in random order while two sweepers remove whatever is past its time, and all of it is made old at
 * once: what a row names must be there, byte for byte. The same storm is red where the rules of blobs are broken.
 */
import { createHash, randomInt } from 'node:crypto';
import { errorCode } from '@hub/kit/errors';
import { afterEach, expect, it } from 'vitest';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import { createRun, deleteFile, finishRun, pruneRuns, retryRun } from '../write/index.ts';
import { readBlob } from './blobs.ts';
import { createFileStore } from './file-store.ts';
import { createRunStore } from './run-store.ts';
import { createStepCache } from './step-cache.ts';

const blobKey = Buffer.alloc(32, 7);
let db: TestDatabase | undefined;
afterEach(async () => {
  await db?.close();
  db = undefined;
});

/** A few contents only, so that everybody puts the same ones; some are larger than one row of a blob. */
const contents = Array.from({ length: 6 }, (_, n) => JSON.stringify(`${n}`.repeat(n < 4 ? 40_000 : 1_200_000)));
const some = <T>(list: readonly T[]): T | undefined => list[randomInt(Math.max(1, list.length))];

interface Storm {
  /** What went wrong while it raged. */
  broken: string[];
  /** Blobs that rows name, and those of them that nobody holds, or whose content is not what was put. */
  named: number;
  lost: number;
  /** Blobs that are left when all owners are gone. */
  left: number;
}

async function storm(actions: number, plant?: { from: string; to: string; in: string }): Promise<Storm> {
  const { sql, ownerSql } = (db = await testDatabase());
  if (plant !== undefined) {
    const [found] = await ownerSql<{ text: string }[]>`select pg_get_functiondef(${plant.in}::regproc) as text`;
    const text = found?.text ?? '';
    expect(text).toContain(plant.from);
    await ownerSql.unsafe(text.replaceAll(plant.from, plant.to));
  }
  const { team } = await makeTeam(db);
  const { workflowId } = await makeWorkflow(db, team);
  const runs = createRunStore(sql, { blobKey });
  const files = createFileStore(sql, { blobKey });
  const cache = createStepCache(sql);
  const result: Storm = { broken: [], named: 0, lost: 0, left: 0 };
  const ended: string[] = [];
  const made: string[] = [];
  const owned = async (statement: string): Promise<void> => {
    await ownerSql.begin(async (tx) => {
      await tx`select set_config('app.team', ${team}, true)`;
      await tx.unsafe(statement);
    });
  };
  const given = (inputText: string) => ({ team, workflowId, triggeredBy: 'api' as const, triggerId: 'manual', trigger: {}, inputText });
  const begun = async (run: string): Promise<void> => {
    for (const path of ['a', 'b']) {
      const row = { team, run, nodeId: path, nodeType: 'code' as const, path, iteration: null };
      const { attempt, done } = await runs.begin({ ...row, rows: [] });
      if (done !== undefined) continue;
      const spent = { error: null, warnings: [], tokens: null, costUsd: null, model: null, modelCalls: [] };
      await runs.end({ ...row, attempt, status: 'completed', port: 'out', inputText: null, outputText: some(contents) ?? '', ...spent });
    }
    await cache.keep({ team, run, path: 'a', key: `${randomInt(4)}`, workflowId, nodeId: 'a', ttlMs: 60_000 });
    await finishRun(sql, { blobKey }, { team, run, status: 'completed', error: null, outputText: some(contents) ?? '', rows: [] });
    ended.push(run);
  };
  const acts: (() => Promise<void>)[] = [
    async () => {
      const run = await createRun(sql, { blobKey }, given(some(contents) ?? ''));
      if ('run' in run) await begun(run.run);
    },
    async () => {
      const from = some(ended);
      const kept = { from: from ?? '', paths: ['a'], items: [], byHand: [], unsure: [] };
      if (from === undefined) return;
      const run = await retryRun(sql, { blobKey }, given('{}'), kept).catch((error: unknown) => {
        // Another lane aged it and a sweep took it, since it was chosen.
        if (errorCode(error) === 'run.gone') return null;
        throw error;
      });
      if (run !== null && 'run' in run) await begun(run.run);
    },
    async () => {
      const content = (async function* () {
        yield Buffer.from(some(contents) ?? '');
      })();
      const { $file } = await files.create(team, { name: 'a', mime: 'application/json', run: '00000000-0000-7000-8000-000000000000' }, content);
      made.push($file);
    },
    async () => void (await deleteFile(sql, team, made.splice(randomInt(made.length + 1), 1)[0] ?? '')),
    async () =>
      owned(
        `update workflow_executions set completed_at = completed_at - interval '400 days' where id = '${ended.splice(randomInt(ended.length + 1), 1)[0] ?? '00000000-0000-7000-8000-000000000000'}'`,
      ),
    async () => owned(`update step_cache set expires_at = now() - interval '1 day' where key = '${randomInt(4)}'`),
  ];
  let left = actions;
  let raging = true;
  const tried = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      result.broken.push(error instanceof Error ? error.message : String(error));
    }
  };
  const lane = async (): Promise<void> => {
    for (; left > 0; left -= 1) await tried(some(acts) ?? (async () => undefined));
  };
  const sweeper = async (): Promise<void> => {
    while (raging)
      await tried(async () => {
        // A day goes by in a moment for all that is not being put together right now; so a reference may be older than the row that it was made for.
        await owned(
          `update blobs set last_put_at = last_put_at - interval '2 days' where hash is not null and last_put_at > now() - interval '1 day'`,
        );
        await sql`select hub_prune_cached()`;
        await pruneRuns(sql, { sizes: { runs: 3, snapshots: 3, references: 0, blobs: 2 } });
      });
  };
  const sweeping = Promise.all([sweeper(), sweeper()]);
  await Promise.all(Array.from({ length: 4 }, lane));
  raging = false;
  await sweeping;
  await countLost(result, sql, team, ownerSql);
  await owned(`delete from step_cache; delete from files; update workflow_executions set completed_at = completed_at - interval '400 days'`);
  await owned(`update blobs set last_put_at = last_put_at - interval '2 days'; delete from blob_refs where owner_kind = 'cache'`);
  for (let n = 0; n < 3; n += 1) await pruneRuns(sql);
  result.left = (
    await ownerSql.begin(async (tx) => {
      await tx`select set_config('app.team', ${team}, true)`;
      return tx`select id from blobs`;
    })
  ).length;
  return result;
}

/** Every blob that a row names, read as the product reads it, and whether its owner refers to it. */
async function countLost(result: Storm, sql: TestDatabase['sql'], team: string, ownerSql: TestDatabase['ownerSql']): Promise<void> {
  const known = new Set(contents.map((text) => createHash('sha256').update(text).digest('hex')));
  const named = await ownerSql.begin(async (tx) => {
    await tx`select set_config('app.team', ${team}, true)`;
    return tx<{ blob: string; held: boolean }[]>`
      select n.blob, bool_and(exists (select from blob_refs f where f.blob_id = n.blob and f.owner_kind = n.kind and f.owner_id = n.owner)) as held from (
        select 'run' as kind, r.id as owner, b.blob from workflow_executions r cross join lateral (values (r.input_blob), (r.output_blob)) b(blob)
        union all select 'run', s.workflow_execution_id, s.output_blob from node_executions s
        union all select 'file', id, blob_id from files union all select 'cache', id, output_blob from step_cache) n
      where n.blob is not null group by n.blob`;
  });
  result.named = named.length;
  for (const { blob, held } of named) {
    const content = await readBlob(sql, team, blob);
    if (!held || !known.has(createHash('sha256').update(content).digest('hex'))) result.lost += 1;
  }
}

it('a storm of puts, references and sweeps loses nothing that a row names, and leaves nothing when all rows are gone', {}, async () => {
  const { broken, lost, named, left } = await storm(90);
  expect(broken).toEqual([]);
  expect(lost).toBe(0);
  expect(named).toBeGreaterThan(0);
  expect(left).toBe(0);
});

it.each([
  {
    rule: 'a put leaves no reference',
    plant: { in: 'hub_put_blob', from: 'values (p_team, v_id, p_kind, p_owner)', to: 'select p_team, v_id, p_kind, p_owner where false' },
  },
  {
    rule: 'a run that continues another does not refer to what it keeps',
    plant: { in: 'hub_keep_rows', from: 'and n.seeded and b.id is not null', to: 'and false' },
  },
])('the storm is red where $rule', async ({ plant }) => {
  const { broken, lost } = await storm(240, plant);
  expect(broken.length + lost).toBeGreaterThan(0);
});
