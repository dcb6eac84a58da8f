/** Takes the projection of one run anew from its Temporal history. */
import type { Sql } from '@hub/db';
import { rebuildRun, type RebuildOutcome } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { TemporalCodec } from '@hub/kit/temporal';
import type { Client } from '@temporalio/client';
import type { WorkflowBundle } from '@temporalio/worker';
import { foldTurns } from './fold.ts';
import { attemptsOf, readHistories } from './history.ts';
import { replayRun } from './replay.ts';

export { bundleRebuild } from './replay.ts';
export { foldTurns, type Rebuilt, type RebuiltRow } from './fold.ts';

export interface RebuildOptions {
  sql: Sql;
  client: Client;
  bundle: WorkflowBundle;
  codec?: TemporalCodec;
}

/**
 * Rebuilds one run: statuses, ports, errors and the run's end as the history tells them. Rows of items that ran in chunks, and values, are not in a
 * history and stay.
 * @throws UserError `run.no-history`, `run.not-found`
 */
export async function rebuild({ sql, client, bundle, codec }: RebuildOptions, run: string): Promise<RebuildOutcome> {
  const histories = await readHistories(client, run);
  const { team, plan, turns } = await replayRun(bundle, histories, codec === undefined ? {} : { dataConverter: codec.converter });
  if (team === '') throw new UserError('run.no-history', `The history of ${run} is not one of a run; nothing was changed.`, { status: 404 });
  const outcome = await rebuildRun(sql, team, run, foldTurns(plan, turns, await attemptsOf(histories, codec?.codec)));
  if (outcome.outcome === 'not-found') throw new UserError('run.not-found', `The database has no run ${run}; nothing was changed.`, { status: 404 });
  return outcome;
}
