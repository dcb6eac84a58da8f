import type { FinishedRun } from '@hub/activities/ports';
import { callAgain, one, type Sql } from '../database.ts';
import { type BlobKey, storeText } from '../stores/blobs.ts';
import { ofValue } from '../stores/values.ts';
import { cleanJson } from '../text.ts';
import type { RunRef } from './slots.ts';

/** Ends a run: guarded, so only one caller ends it; that one hands the slot on. The runs it answers must be started now. */
export async function finishRun(sql: Sql, { blobKey }: { blobKey: BlobKey }, end: FinishedRun): Promise<{ changed: boolean; start: RunRef[] }> {
  const { team, run, status, error, rows } = end;
  const output = await storeText(sql, blobKey, team, { kind: 'run', id: run }, end.outputText);
  const record = cleanJson({ status, error, rows, output: ofValue(output) });
  const row = one(
    await callAgain(
      () => sql<{ answer: { changed: boolean; start: string[] } }[]>`
    select hub_finish_run(${team}::uuid, ${run}::uuid, ${sql.json(record as never)}::jsonb) as answer`,
    ),
  );
  const { changed, start } = row.answer;
  return { changed, start: start.map((next) => ({ team, run: next })) };
}
