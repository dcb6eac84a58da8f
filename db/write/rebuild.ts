import { callOnce, one, type Sql } from '../database.ts';
import { cleanJson } from '../text.ts';
import { refs, type RunRef } from './slots.ts';

export interface RebuildOutcome {
  outcome: 'rebuilt' | 'not-found';
  /** Rows that said something else. */
  mended: number;
  /** Rows that were missing. */
  added: number;
  /** The run's own row said something else. */
  run: boolean;
  /** Runs that have a slot now and must be started. */
  start: RunRef[];
}

/** Writes a projection as a history tells it (`Rebuilt` of the worker's fold), in one transaction; done twice it changes nothing more. */
export async function rebuildRun(sql: Sql, team: string, run: string, rebuilt: object): Promise<RebuildOutcome> {
  const record = cleanJson(rebuilt as never);
  const row = one(
    await callOnce(
      () => sql<{ answer: Omit<RebuildOutcome, 'start'> & { start: string[] } }[]>`
      select hub_rebuild_run(${team}::uuid, ${run}::uuid, ${sql.json(record as never)}::jsonb) as answer`,
    ),
  );
  return { ...row.answer, start: refs(team, row.answer.start) };
}
