import { isHubError } from '@hub/kit/errors';

import { batchesOf, inParts } from '../../../sdk/batches.ts';
import type { ActionRun } from '../../../types.ts';
import { withAirtable } from '../../client.ts';
import type { AirtableBase } from '../../client.ts';
import { writeScope } from '../../params.ts';
import { batchSize, listOf } from '../../records.ts';
import type { deleteRecordsSpec } from './spec.ts';

type Table = ReturnType<AirtableBase['table']>;

/** Answers `{ deleted, missing }`. */
export const runDeleteRecords: ActionRun<typeof deleteRecordsSpec> = async (context) => {
  const { base, table, ids } = context.params;
  const batches = batchesOf([...new Set(listOf<string>(ids))], batchSize);
  const done: string[][] = [];
  await inParts(done, batches.length, () =>
    withAirtable(context, writeScope, async (open) => {
      const from = open(base).table(table);
      for (const batch of batches.slice(done.length)) done.push(await destroy(from, batch));
    }),
  );
  const deleted = done.flat();
  const gone = new Set(deleted);
  return { output: { deleted, missing: batches.flat().filter((id) => !gone.has(id)) } };
};

/** Ids that were there. Airtable refuses a whole batch for one that is gone; then each goes alone. */
async function destroy(from: Table, ids: readonly string[]): Promise<string[]> {
  try {
    return (await from.destroy([...ids])).map(({ id }) => id);
  } catch (error) {
    if (!isGone(error)) throw error;
    if (ids.length === 1) return [];
  }
  const deleted: string[] = [];
  for (const id of ids) deleted.push(...(await destroy(from, [id])));
  return deleted;
}

function isGone(error: unknown): boolean {
  if (!isHubError(error)) return false;
  const { vendorCode } = (error.details ?? {}) as { vendorCode?: string };
  return error.code === 'connector.not-found' || vendorCode === 'ROW_DOES_NOT_EXIST';
}
