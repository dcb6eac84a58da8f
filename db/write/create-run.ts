import type { Json, RunStatus, StartOptions } from '@hub/dag/planner';
import { v7 as uuidv7 } from 'uuid';
import { asTeam, callOnce, isUuid, one, readAsTeam, type Sql } from '../database.ts';
import { type BlobKey, type StoredText, storeText } from '../stores/blobs.ts';
import { ofValue } from '../stores/values.ts';
import { cleanJson } from '../text.ts';
import { refs, type RunRef } from './slots.ts';

export interface NewRun {
  team: string;
  workflowId: string;
  /** null or absent: the published one. */
  version?: number | null;
  /** A test run's frozen draft, instead of a version. Equal hashes share one row. */
  snapshot?: { definition: Json; hash: string; plan: Json };
  triggeredBy: 'manual' | 'api' | 'schedule' | 'webhook' | 'form' | 'continuous' | 'poll' | 'event' | 'subworkflow';
  triggerId: string | null;
  /** `{ type, id, at, ... }` as expressions see it. */
  trigger: Json;
  userId?: string | null;
  /** JSON text, kept exactly. */
  inputText: string;
  /** Unique per workflow and trigger: a repeat answers the first run. */
  idempotencyKey?: string | null;
  /** Hash of what was asked: the same key with another one is `key-reused`. */
  bodyHash?: Uint8Array | null;
  priority?: number;
  /** Wins over the workflow's own. */
  overlap?: 'queue' | 'skip' | 'cancel_older';
  /** A test run takes a slot of the team, not of the workflow. */
  test?: boolean;
  /** See the port `RunFacts`; a generation of 0 gets the next number of its chain. */
  start?: StartOptions & { generations?: { nodeId: string; within: string | null; n: number }[]; sameAs?: { run: string; nodes: string[] }[] };
  pinned?: Record<string, Json>;
  /** A child run takes no slot. */
  parentRun?: string;
  /** Runs a month by plan, held in the transaction that makes the run; absent: no limit (child runs are part of their parent). */
  monthlyRuns?: Readonly<Record<string, number>>;
  rootRun?: string;
}

export type RowStatus = RunStatus | 'starting';
export type CreateRunResult =
  | { outcome: 'created' | 'repeated'; run: string; status: RowStatus; start: RunRef[]; cancel: RunRef[] }
  | { outcome: 'not-found' | 'not-published' | 'no-such-version' | 'paused' | 'archived' | 'busy' | 'key-reused' | 'month-full' };

/** Accepts a run in one transaction. Afterwards the caller starts `start` in Temporal and cancels `cancel` there; a crash in between is the sweep's. */
export async function createRun(sql: Sql, { blobKey }: { blobKey: BlobKey }, given: NewRun): Promise<CreateRunResult> {
  const { team } = given;
  if (!isUuid(given.workflowId)) return { outcome: 'not-found' };
  const { record, input, id } = await runRecord(sql, blobKey, given);
  const row = one(
    await callOnce(() => sql<{ answer: CreateRunAnswer }[]>`select hub_create_run(${team}::uuid, ${sql.json(record as never)}::jsonb) as answer`),
  );
  return createdRun(sql, team, { answer: row.answer, input, id });
}

interface StartedRun {
  run: string;
  status: RowStatus;
  bodyHash: Buffer | null;
}

/** The run that a person or a program started under an Idempotency-Key, whatever trigger it counted as; null where there is none. */
export async function readStarted(sql: Sql, team: string, workflowId: string, key: string): Promise<StartedRun | null> {
  if (!isUuid(workflowId)) return null;
  const [row] = await readAsTeam<StartedRun>(
    sql,
    team,
    sql`select id as run, status, idempotency_hash as "bodyHash" from workflow_executions
      where team_id = acting.team and workflow_id = ${workflowId}::uuid and idempotency_key = ${key} and triggered_by in ('manual', 'api') order by id limit 1`,
  );
  return row ?? null;
}

/** What hub_create_run answers. */
export interface CreateRunAnswer {
  outcome: CreateRunResult['outcome'];
  run: string;
  status: RowStatus;
  start: string[];
  cancel: string[];
}

/** Its answer in the caller's words; the input that was stored for a run that was not made is let go. */
export async function createdRun(
  sql: Sql,
  team: string,
  { answer, input, id }: { answer: CreateRunAnswer; input: StoredText; id: string },
): Promise<CreateRunResult> {
  if (answer.outcome !== 'created' && input.blob !== null) {
    await asTeam(sql, team, (tx) => tx`delete from blob_refs where team_id = ${team} and owner_kind = 'run' and owner_id = ${id}`);
  }
  if (answer.outcome !== 'created' && answer.outcome !== 'repeated') return { outcome: answer.outcome };
  return { outcome: answer.outcome, run: answer.run, status: answer.status, start: refs(team, answer.start), cancel: refs(team, answer.cancel) };
}

/** What hub_create_run takes, its input stored already: under the id that the run will have. */
export async function runRecord(sql: Sql, blobKey: BlobKey, given: NewRun): Promise<{ record: object; input: StoredText; id: string }> {
  const { team, inputText, bodyHash, ...rest } = given;
  const id = uuidv7();
  const input = await storeText(sql, blobKey, team, { kind: 'run', id }, inputText);
  // The planner finds the edges that start at this trigger live; whoever forgets it here would start a run of skipped nodes.
  const start: StartOptions = { ...given.start, trigger: given.start?.trigger ?? given.triggerId };
  // A snapshot's definition goes as text: its keys keep their order.
  const snapshot = given.snapshot && { ...given.snapshot, definition: JSON.stringify(cleanJson(given.snapshot.definition)) };
  const record = cleanJson({
    ...rest,
    ...(snapshot && { snapshot }),
    start,
    id,
    input: ofValue(input),
    cleaned: input.changed,
    bodyHash: bodyHash ? Buffer.from(bodyHash).toString('hex') : null,
  });
  return { record, input, id };
}
