import { UserError } from '@hub/kit/errors';

import { batchesOf, inParts } from '../../../sdk/batches.ts';
import type { ActionRun } from '../../../types.ts';
import { withAirtable } from '../../client.ts';
import { writeScope } from '../../params.ts';
import { batchSize, listOf } from '../../records.ts';
import type { Values } from '../../records.ts';
import type { upsertRecordsSpec } from './spec.ts';

interface Upserted {
  createdRecords?: string[];
  updatedRecords?: string[];
}

/** Answers `{ created, updated, count }`. Of several records with the same key the last counts. */
export const runUpsertRecords: ActionRun<typeof upsertRecordsSpec> = async (context) => {
  const { base, table, keys, records, typecast } = context.params;
  const given = lastOfEach(keys, listOf<Values>(records));
  const batches = batchesOf(given, batchSize);
  const done: Upserted[] = [];
  await inParts(done, batches.length, () =>
    withAirtable(context, writeScope, async (open) => {
      const into = open(base);
      for (const batch of batches.slice(done.length)) {
        const body = { performUpsert: { fieldsToMergeOn: keys }, typecast, records: batch.map((fields) => ({ fields })) };
        done.push((await into.makeRequest({ method: 'PATCH', path: `/${encodeURIComponent(table)}`, body })).body as Upserted);
      }
    }),
  );
  return {
    output: {
      created: done.flatMap(({ createdRecords = [] }) => createdRecords),
      updated: done.flatMap(({ updatedRecords = [] }) => updatedRecords),
      count: given.length,
    },
  };
};

/** @throws UserError `step.invalid-params` for a record without a value of its key. */
function lastOfEach(keys: readonly string[], records: readonly Values[]): Values[] {
  const latest = new Map<string, Values>();
  for (const record of records) {
    const values = keys.map((key) => record[key] ?? null);
    const empty = keys[values.findIndex((value) => value === null || value === '')];
    if (empty !== undefined) throw new UserError('step.invalid-params', `A record has no value for its key ${empty}.`, { status: 422 });
    const key = JSON.stringify(values);
    latest.set(key, { ...latest.get(key), ...record });
  }
  return [...latest.values()];
}
