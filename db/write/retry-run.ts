/** A retry: a new run that starts with what an earlier one has done, in one transaction with its start (03). */
import type { Json } from '@hub/dag/planner';
import { asTeam, callOnce, one, type Sql } from '../database.ts';
import { type BlobKey, storeText } from '../stores/blobs.ts';
import { cleanJson } from '../text.ts';
import { type CreateRunAnswer, createdRun, type CreateRunResult, type NewRun, runRecord } from './create-run.ts';

export interface KeptRows {
  /** The earlier run, of the same team. */
  from: string;
  /** Paths of nodes kept whole. */
  paths: string[];
  /** Nodes whose completed items are kept; `except` is the path of an iteration left out. */
  items: { nodeId: string; except: string | null }[];
  /** Outputs a person set. */
  byHand: { nodeId: string; nodeType: string; port: string; value: Json }[];
  /** Nodes whose calls must not be repeated unseen where nobody knows how one went: they ask a person first. */
  unsure: string[];
}

/** As `createRun`; the rows are there before the run can begin. A repeated Idempotency-Key keeps nothing twice. */
export async function retryRun(sql: Sql, { blobKey }: { blobKey: BlobKey }, given: NewRun, kept: KeptRows): Promise<CreateRunResult> {
  const { team } = given;
  const { record, input, id } = await runRecord(sql, blobKey, given);
  const byHand: object[] = [];
  for (const { value, ...node } of kept.byHand) {
    const { text, blob, preview, bytes } = await storeText(sql, blobKey, team, { kind: 'run', id }, JSON.stringify(cleanJson(value)));
    byHand.push({ ...node, text, blob, preview, bytes });
  }
  const items = kept.items.map(({ nodeId, except }) => ({ nodeId, except_path: except }));
  const answer = await callOnce(() =>
    asTeam(sql, team, async (tx) => {
      const made = one(
        await tx<{ answer: CreateRunAnswer }[]>`select hub_create_run(${team}::uuid, ${tx.json(record as never)}::jsonb) as answer`,
      ).answer;
      if (made.outcome === 'created')
        await tx`select hub_keep_rows(${team}::uuid, ${kept.from}::uuid, ${made.run}::uuid, ${kept.paths}::text[], ${tx.json(items as never)}::jsonb, ${tx.json(byHand as never)}::jsonb, ${kept.unsure}::text[])`;
      return made;
    }),
  );
  return createdRun(sql, team, { answer, input, id });
}
