/** The database's side of the reconciler: who may work, what has ended, and the one guarded repair (04, rule 20). */
import { callOnce, isUuid, one, translate, type Sql } from '../database.ts';
import { refs, type RunRef } from './slots.ts';

/** What the reconciler found of a run that Temporal and its row disagree about. */
export type Disagreement = 'terminated' | 'timed-out' | 'lost' | 'ended-unrecorded' | 'orphaned' | 'stuck';

export interface RunRepair extends RunRef {
  found: Disagreement;
  status: 'completed' | 'failed' | 'cancelled' | 'timed_out';
  error: { code: string; message: string } | null;
}

/** Number of the advisory lock under which one process at a time reconciles. */
const lockNumber = 7_246_213_020;

/**
 * Does `work` where no other process does it at this moment; false: another one does. The lock is a transaction's, so it goes with the process
 * that holds it; the transaction reads nothing and writes nothing.
 */
export async function withReconcilerLock(sql: Sql, work: () => Promise<void>): Promise<boolean> {
  try {
    return (await sql.begin(async (tx) => {
      const row = one(await tx<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(${lockNumber}) as mine`);
      if (row.mine) await work();
      return row.mine;
    })) as boolean;
  } catch (error) {
    throw translate(error);
  }
}

/** Ends a run as found, with an event and an audit line; nothing where it has ended since. `start` must be started now, `children` be cancelled. */
export async function repairRun(
  sql: Sql,
  { team, run, found, status, error }: RunRepair,
): Promise<{ changed: boolean; start: RunRef[]; children: RunRef[] }> {
  interface Answer {
    changed: boolean;
    start: string[];
    children: string[];
  }
  const p = { found, status, error: error && { ...error, nodeId: null, path: null } };
  const row = one(
    await callOnce(() => sql<{ answer: Answer }[]>`select hub_repair_run(${team}::uuid, ${run}::uuid, ${sql.json(p)}::jsonb) as answer`),
  );
  const { changed, start, children } = row.answer;
  return { changed, start: refs(team, start), children: refs(team, children) };
}

/** Of runs that Temporal shows as open, those whose row ended more than `sinceMs` ago. What is no run of this hub is left out. */
export async function endedAmong(sql: Sql, runs: RunRef[], sinceMs: number): Promise<RunRef[]> {
  const known = runs.filter(({ team, run }) => isUuid(team) && isUuid(run));
  if (known.length === 0) return [];
  const [teams, ids] = [known.map(({ team }) => team), known.map(({ run }) => run)];
  return callOnce(async () => [
    ...(await sql<RunRef[]>`select team, run from hub_ended_among(${teams}::uuid[], ${ids}::uuid[], make_interval(secs => ${sinceMs / 1000}))`),
  ]);
}

/** Notes that a run's leftover in Temporal was closed. */
export async function noteOrphan(sql: Sql, { team, run }: RunRef): Promise<void> {
  await callOnce(() => sql`select hub_note_reconciled(${team}::uuid, ${run}::uuid, 'orphaned', 'run.orphaned')`);
}

/** Times at which a run counts as stuck, in ms. */
export interface StuckAfter {
  /** Since something was told it, or was due. */
  toldMs: number;
  /** Since anything happened in a run that says it runs, with nothing of it open; and since it was last set back. */
  quietMs: number;
  /** Set back so often within a day, a run has a fault that this does not mend. */
  most: number;
}

/** Open runs that seem not to have heard what came for them, over all teams; at most `limit`. */
export async function stuckRuns(sql: Sql, { toldMs, quietMs, most }: StuckAfter, limit: number): Promise<(RunRef & { why: string })[]> {
  return callOnce(async () => [
    ...(await sql<(RunRef & { why: string })[]>`
      select team, run, why from hub_stuck_runs(make_interval(secs => ${toldMs / 1000}::float8), make_interval(secs => ${quietMs / 1000}::float8), ${most}::int, ${limit}::int)`),
  ]);
}

/** Notes that a run will be set back, with an event and an audit line. */
export async function noteStuck(sql: Sql, { team, run }: RunRef): Promise<void> {
  await callOnce(() => sql`select hub_note_stuck(${team}::uuid, ${run}::uuid)`);
}
