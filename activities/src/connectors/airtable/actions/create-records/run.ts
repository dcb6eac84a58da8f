import { batchesOf, inParts } from '../../../sdk/batches.ts';
import type { ActionRun } from '../../../types.ts';
import { withAirtable } from '../../client.ts';
import { writeScope } from '../../params.ts';
import { batchSize, listOf, rowOf } from '../../records.ts';
import type { Fields, Row, Values } from '../../records.ts';
import type { createRecordsSpec } from './spec.ts';

/** Answers `{ records, ids, count }`. */
export const runCreateRecords: ActionRun<typeof createRecordsSpec> = async (context) => {
  const { base, table, records, typecast } = context.params;
  const batches = batchesOf(
    listOf<Values>(records).map((fields) => ({ fields: fields as Fields })),
    batchSize,
  );
  const done: Row[][] = [];
  await inParts(done, batches.length, () =>
    withAirtable(context, writeScope, async (open) => {
      const into = open(base).table(table);
      for (const batch of batches.slice(done.length)) done.push((await into.create(batch, { typecast })).map(rowOf));
    }),
  );
  const made = done.flat();
  return { output: { records: made, ids: made.map(({ id }) => id), count: made.length } };
};
