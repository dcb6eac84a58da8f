/** What is kept how long, and the removal of the rest in bounded batches. */
import { setImmediate as breathe } from 'node:timers/promises';
import { asTeam, callOnce, isUuid, one, type Sql } from '../database.ts';

/** Rows of one batch: each is a transaction of its own, so nobody waits long for its locks. */
const batch = { runs: 200, files: 500, snapshots: 200, references: 500, blobs: 500 };

export interface Pruned {
  runs: number;
  /** Of removed runs, and those from outside that no run took. */
  files: number;
  snapshots: number;
  references: number;
  blobs: number;
}

/**
 * Removes what is past its time, batch by batch, until nothing is due or `forMs` is over; the next call goes on. Any number of processes may.
 * Order: runs give up their blobs, then blobs that nothing names go (24 hours after they were last put).
 */
export async function pruneRuns(
  sql: Sql,
  { forMs = 60_000, sizes = batch }: { forMs?: number; sizes?: Partial<typeof batch> } = {},
): Promise<Pruned> {
  const until = performance.now() + forMs;
  const all = async (size: number, call: (size: number) => Promise<number>): Promise<number> => {
    let removed = 0;
    for (let rows = size; rows > 0 && performance.now() < until; ) {
      rows = await call(size);
      removed += rows;
      await breathe();
    }
    return removed;
  };
  const of = { ...batch, ...sizes };
  const count = async (call: () => Promise<{ rows: number }[]>): Promise<number> => one(await callOnce(call)).rows;
  const runs = await all(of.runs, (size) => count(() => sql<{ rows: number }[]>`select hub_prune_runs(${size}::int) as rows`));
  const files = await all(of.files, (size) => count(() => sql<{ rows: number }[]>`select hub_prune_files(${size}::int) as rows`));
  const snapshots = await all(of.snapshots, (size) => count(() => sql<{ rows: number }[]>`select hub_prune_snapshots(${size}::int) as rows`));
  const references = await all(of.references, (size) => count(() => sql<{ rows: number }[]>`select hub_prune_references(${size}::int) as rows`));
  const blobs = await all(of.blobs, (size) => count(() => sql<{ rows: number }[]>`select hub_sweep_blobs(${size}::int) as rows`));
  return { runs, files, snapshots, references, blobs };
}

/** How long the team's ended runs are kept: what it chose (null: nothing), and what holds. */
export async function readRetention(sql: Sql, team: string): Promise<{ days: number; chosen: number | null; byPlan: number }> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<{ days: number; chosen: number | null; byPlan: number }[]>`
    select hub_keep_days(plan, keep_runs_days) as days, keep_runs_days as chosen, hub_keep_days(plan, null) as "byPlan" from teams where id = ${team}`,
  );
  return one(rows);
}

/** null: as the plan says. */
export async function setRetention(sql: Sql, team: string, days: number | null): Promise<void> {
  await asTeam(sql, team, (tx) => tx`update teams set keep_runs_days = ${days}, updated_at = now() where id = ${team}`);
}

/** A note keeps a run for good; null takes it away. False: there is no such run. */
export async function noteRun(sql: Sql, team: string, run: string, note: string | null, userId: string | null): Promise<boolean> {
  if (!isUuid(run)) return false;
  const rows = await asTeam(
    sql,
    team,
    (tx) =>
      tx`update workflow_executions set note = ${note}, note_by = ${note === null ? null : userId} where team_id = ${team} and id = ${run} returning id`,
  );
  return rows.length > 0;
}
