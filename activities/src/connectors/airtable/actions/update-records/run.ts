import { batchesOf, inParts } from '../../../sdk/batches.ts';
import type { ActionRun } from '../../../types.ts';
import { withAirtable } from '../../client.ts';
import { writeScope } from '../../params.ts';
import { batchSize, listOf, rowOf } from '../../records.ts';
import type { Fields, Row, Values } from '../../records.ts';
import type { updateRecordsSpec } from './spec.ts';

/** Answers `{ records, count }`. */
export const runUpdateRecords: ActionRun<typeof updateRecordsSpec> = async (context) => {
  const { base, table, records, replace, typecast } = context.params;
  const batches = batchesOf(
    listOf<{ id: string; fields: Values }>(records).map(({ id, fields }) => ({ id, fields: fields as Fields })),
    batchSize,
  );
  const done: Row[][] = [];
  await inParts(done, batches.length, () =>
    withAirtable(context, writeScope, async (open) => {
      const into = open(base).table(table);
      for (const batch of batches.slice(done.length))
        done.push((await (replace ? into.replace(batch, { typecast }) : into.update(batch, { typecast }))).map(rowOf));
    }),
  );
  const changed = done.flat();
  return { output: { records: changed, count: changed.length } };
};
