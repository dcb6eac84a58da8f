/** One fire of a trigger: run, event, cursor in one transaction (hub_fire). The dedupe key decides that there is one run per fire. */
import type { Json } from '@hub/dag/planner';
import { asTeam, callOnce, one, type Sql } from '../database.ts';
import type { BlobKey } from '../stores/blobs.ts';
import { cleanJson } from '../text.ts';
import { type NewRun, type RowStatus, runRecord } from './create-run.ts';
import { refs, type RunRef } from './slots.ts';
import { monthlyRuns } from './plan-runs.ts';
import type { TriggerRef } from './triggers.ts';

export interface Fire extends TriggerRef {
  /** The version whose config and inputs the caller read; another one in between answers `changed`. */
  version: number;
  triggeredBy: NewRun['triggeredBy'];
  /** Unique for this trigger: a second fire with it is `repeated`. */
  key: string;
  /** What expressions see as `trigger`. */
  trigger: Json;
  inputText: string;
  /** When it was due. */
  scheduledAt?: Date;
  /** The input does not fit: the run is made, failed, and takes no slot. */
  failed?: { code: string; message: string };
  overlap?: NewRun['overlap'];
  priority?: number;
  userId?: string | null;
  /** Made by a person for the past: a paused trigger does it too. */
  backfill?: boolean;
  /** A poll's place after this fire; only the holder of `seq` moves it. */
  cursor?: { seq: number; value: Json };
  seriesId?: string;
  /** Workflows whose ends led here. */
  chain?: string[];
}

export type FireOutcome = 'started' | 'repeated' | 'skipped' | 'held' | 'failed' | 'changed' | 'gone';
export interface Fired {
  outcome: FireOutcome;
  run: string | null;
  status: RowStatus | null;
  start: RunRef[];
  cancel: RunRef[];
}

/** Fires. Afterwards the caller starts `start` in Temporal and cancels `cancel` there; a crash in between is the sweep's. */
export async function fireTrigger(sql: Sql, { blobKey }: { blobKey: BlobKey }, fire: Fire): Promise<Fired> {
  const { team, workflowId, triggerId, version, key, inputText, triggeredBy, trigger, overlap, priority, userId } = fire;
  const { record, input, id } = await runRecord(sql, blobKey, {
    team,
    workflowId,
    version,
    triggeredBy,
    triggerId,
    trigger,
    inputText,
    idempotencyKey: key,
    ...(overlap === undefined ? {} : { overlap }),
    ...(priority === undefined ? {} : { priority }),
    ...(userId === undefined ? {} : { userId }),
  });
  const about = cleanJson({
    workflowId,
    triggerId,
    version,
    scheduledAt: fire.scheduledAt?.toISOString(),
    backfill: fire.backfill,
    failed: fire.failed,
    cursor: fire.cursor,
    series: fire.seriesId,
    chain: fire.chain,
    monthlyRuns,
  });
  interface Answer {
    outcome: FireOutcome;
    run?: string | null;
    status?: RowStatus | null;
    start: string[];
    cancel: string[];
  }
  const row = one(
    await callOnce(
      () =>
        sql<{ answer: Answer }[]>`select hub_fire(${team}::uuid, ${sql.json(record as never)}::jsonb, ${sql.json(about as never)}::jsonb) as answer`,
    ),
  );
  const { answer } = row;
  if (answer.run !== id && input.blob !== null)
    await asTeam(sql, team, (tx) => tx`delete from blob_refs where team_id = ${team} and owner_kind = 'run' and owner_id = ${id}`);
  return {
    outcome: answer.outcome,
    run: answer.run ?? null,
    status: answer.status ?? null,
    start: refs(team, answer.start),
    cancel: refs(team, answer.cancel),
  };
}
