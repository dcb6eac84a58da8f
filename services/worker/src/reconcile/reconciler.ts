/**
 * Compares open runs of the database with Temporal, both ways, and repairs what disagrees (04, rule 20): by one process at a time, in bounded pages,
 * and so that doing it twice changes nothing. Figures: a pass every 25 s, so a disagreement lives for less than a minute.
 */
import type { Sql } from '@hub/db';
import { type ActiveRun, activeRuns } from '@hub/db/read';
import { cancelRun, endedAmong, noteOrphan, noteStuck, repairRun, stuckRuns, withReconcilerLock, type RunRef, type StuckAfter } from '@hub/db/write';
import type { Logger } from '@hub/kit';
import type { FarRuns } from './far-runs.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** Pause between two passes. */
export const reconcileEveryMs = 25_000;
const pageSize = 100;
/** Looks at single executions side by side. */
const lanes = 8;
/** A pass ends after this long and the next one goes on from there. */
const passMs = 50_000;
/** A run that ends writes its row first: its workflow closes within this time. */
const usualClosingMs = 10_000;
/** So many runs unknown at once, and most of all: that is another server, or an empty one. Believed only after this many passes (8 minutes). */
const usualMassLoss = { runs: 50, passes: 20 };

/** What was told a run is heard within 30 s, whatever the load; a quiet run may be between two decisions of a slow worker, so it is given longer. */
const usualStuckAfter: StuckAfter = { toldMs: 30_000, quietMs: 300_000, most: 3 };
const mostStuck = 50;

export interface ReconcilerOptions {
  sql: Sql;
  far: FarRuns;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Starts and cancels in Temporal; never throws. */
  carryOut: (start: RunRef[], cancel: RunRef[]) => Promise<void>;
  /** Told of runs that were ended here. */
  ended: (run: RunRef) => Promise<void>;
  massLoss?: { runs: number; passes: number };
  closingMs?: number;
  stuckAfter?: StuckAfter;
}

/** What a pass did; null: another process had the lock. */
export interface Pass {
  compared: number;
  repaired: Record<string, number>;
}

interface Found extends RunRef {
  verdict: Verdict;
}

/** A reconciler; call it every `reconcileEveryMs`. */
export function createReconciler(options: ReconcilerOptions): () => Promise<Pass | null> {
  const { sql, far, log, massLoss = usualMassLoss, closingMs = usualClosingMs } = options;
  let after: string | null = null;
  let lossesInARow = 0;
  /** Executions of ended runs that were about to decide something when they were last looked at, each with the workflow task it had. */
  let closing = new Map<string, string>();

  async function pass(): Promise<Pass> {
    const until = performance.now() + passMs;
    const done: Pass = { compared: 0, repaired: {} };
    const lost: Found[] = [];
    for (;;) {
      const page = await activeRuns(sql, { after, limit: pageSize });
      after = page.at(-1)?.run ?? null;
      if (page.length === 0) break;
      done.compared += page.length;
      for (const found of await compare(far, page)) {
        if (found.verdict.found === 'lost') lost.push(found);
        else await repair(options, found, done);
      }
      await tellCancels(page, done);
      if (page.length < pageSize) after = null;
      if (after === null || performance.now() > until) break;
    }
    await settleLost(lost, done);
    await closeOrphans(done, until);
    await wakeStuck(options, done, until);
    return done;
  }

  /** A cancel stands in the row before Temporal is told: whoever asked may have died in between, or Temporal was away. */
  async function tellCancels(page: ActiveRun[], done: Pass): Promise<void> {
    for (const { team, run, cancelDue } of page) {
      if (!cancelDue) continue;
      const { status, cancelAsked } = await far.look(run);
      if (status !== 'RUNNING' || cancelAsked === true) continue;
      await options.carryOut([], [{ team, run }]);
      log.warn({ team, run, found: 'cancel-untold' }, 'a run was repaired');
      count(done, 'cancel-untold');
    }
  }

  async function settleLost(lost: Found[], done: Pass): Promise<void> {
    const isMass = lost.length >= massLoss.runs && lost.length * 2 > done.compared;
    lossesInARow = isMass ? lossesInARow + 1 : 0;
    if (isMass && lossesInARow < massLoss.passes) {
      log.error(
        { lost: lost.length, compared: done.compared },
        'Temporal knows hardly any of the open runs: is TEMPORAL_ADDRESS the server they were started on? They are ended as lost only if it stays so',
      );
      return;
    }
    for (const found of lost) await repair(options, found, done);
  }

  /** One that is about to decide something mostly closes by itself, by whichever worker Temporal gives its task next: it is closed here only if the same task still stands in the next pass. */
  async function closeOrphans(done: Pass, until: number): Promise<void> {
    const before = closing;
    closing = new Map();
    for await (const open of far.openPages()) {
      for (const ref of await endedAmong(sql, open, closingMs)) {
        const { status, decides } = await far.look(ref.run);
        if (status !== 'RUNNING') continue;
        if (decides !== undefined && before.get(ref.run) !== decides) {
          closing.set(ref.run, decides);
          continue;
        }
        await far.terminate(ref.run, 'The run has ended in the hub; nothing waits for this execution.');
        await noteOrphan(sql, ref);
        log.warn({ ...ref, found: 'orphaned' }, 'a run was repaired');
        count(done, 'orphaned');
      }
      if (performance.now() > until) return;
    }
  }

  return async () => {
    let done: Pass | null = null;
    await withReconcilerLock(sql, async () => {
      done = await pass();
    });
    return done;
  };
}

/** Decision 023: a run whose worker did not apply its history whole is set back, and decides anew from what stands in its rows. */
async function wakeStuck({ sql, far, log, stuckAfter = usualStuckAfter }: ReconcilerOptions, done: Pass, until: number): Promise<void> {
  for (const { why, ...ref } of await stuckRuns(sql, stuckAfter, mostStuck)) {
    if (performance.now() > until) return;
    if ((await far.look(ref.run)).status !== 'RUNNING' || !(await far.rests(ref.run))) continue;
    await noteStuck(sql, ref);
    await far.setBack(ref.run, `The run had not heard what came for it (${why}).`);
    log.warn({ ...ref, why, found: 'stuck' }, 'a run was repaired');
    count(done, 'stuck');
  }
}

/** Runs of a page whose row and execution disagree. */
async function compare(far: FarRuns, page: ActiveRun[]): Promise<Found[]> {
  const open = await far.openAmong(page.map(({ run }) => run));
  const doubtful = page.filter(({ run }) => !open.has(run));
  const found: Found[] = [];
  for (let at = 0; at < doubtful.length; at += lanes) {
    const looks = doubtful.slice(at, at + lanes).map(async ({ team, run, status }) => {
      const truth = await far.look(run);
      const verdict = verdictOf(status, truth.status, truth.why);
      if (verdict !== null) found.push({ team, run, verdict });
    });
    await Promise.all(looks);
  }
  return found;
}

async function repair({ sql, log, carryOut, ended }: ReconcilerOptions, { team, run, verdict }: Found, done: Pass): Promise<void> {
  const { changed, start, children } = await repairRun(sql, { team, run, ...verdict });
  if (!changed) return;
  log.warn({ team, run, found: verdict.found }, 'a run was repaired');
  count(done, verdict.found);
  for (const child of children) {
    const { outcome, start: next } = await cancelRun(sql, child.team, child.run);
    await carryOut(next, outcome === 'requested' ? [child] : []);
  }
  await carryOut(start, []);
  await ended({ team, run });
}

function count(done: Pass, found: string): void {
  done.repaired[found] = (done.repaired[found] ?? 0) + 1;
}
