import { UserError } from '@hub/kit/errors';
import type { Connection } from '@jsforce/jsforce-node/lib/connection.js';

import { badAnswer } from '../../../sdk/faults.ts';
import type { ActionRun } from '../../../types.ts';
import { withSalesforce } from '../../client.ts';
import { salesforceName } from '../../faults.ts';
import type { upsertRecordsSpec } from './spec.ts';

const batchSize = 200;
const mostDetails = 20;

type Given = Readonly<Record<string, string | number | boolean | null>>;
interface Upserted extends Record<string, string | boolean> {
  key: string;
  id: string;
  created: boolean;
}
interface RefusedRecord extends Record<string, string> {
  key: string;
  code: string;
  message: string;
}
/** One record's part of the answer. */
interface Saved {
  id?: string;
  success: boolean;
  created?: boolean;
  errors: { statusCode?: string; message?: string; fields?: string[] }[];
}

/** Answers `{ updated, created, records, refused }`. */
export const runUpsertRecords: ActionRun<typeof upsertRecordsSpec> = async (context) => {
  const { object, key, rows, refused: whenRefused } = context.params;
  const inputs = [...byKey(key, Array.isArray(rows) ? rows : [rows])];
  const saved: Saved[] = [];
  // With a renewed credential it goes on behind what was done: done again, what was created would count as updated.
  await withSalesforce(context, async (connection) => {
    while (saved.length < inputs.length) {
      const batch = inputs.slice(saved.length, saved.length + batchSize);
      saved.push(...(await upsertBatch(connection, object, key, batch)));
    }
  });
  const records = inputs.flatMap(([value], at): Upserted[] =>
    saved[at]?.success === true ? [{ key: value, id: saved[at].id ?? '', created: saved[at].created ?? false }] : [],
  );
  const refused = inputs.flatMap(([value], at): RefusedRecord[] => (saved[at]?.success === true ? [] : [refusedOf(value, saved[at])]));
  if (refused.length > 0 && whenRefused === 'fail')
    throw new UserError(
      'connector.refused',
      `Salesforce refused ${refused.length} of ${inputs.length} records: ${refused[0]?.message ?? ''}`.slice(0, 400),
      {
        status: 422,
        details: refused.slice(0, mostDetails),
        remedy: 'Correct them and run the step again (those that were taken do not change), or set Refused records to list them.',
      },
    );
  const created = records.filter((one) => one.created).length;
  return { output: { updated: records.length - created, created, records, refused } };
};

function refusedOf(key: string, saved: Saved | undefined): RefusedRecord {
  const errors = saved?.errors ?? [];
  return { key, code: errors[0]?.statusCode ?? '', message: errors.map(({ message }) => message ?? '').join('; ') };
}

/** Records by their key; of several with one key the later values count. @throws UserError `step.invalid-params`. */
function byKey(key: string, rows: readonly Given[]): Map<string, Given> {
  const found = new Map<string, Given>();
  for (const row of rows) {
    const value = row[key] ?? '';
    if (value === '') throw new UserError('step.invalid-params', `A record has no value for its key ${key}.`, { status: 422 });
    found.set(String(value), { ...found.get(String(value)), ...row });
  }
  return found;
}

/** One call for up to 200 records: each counts for itself. The SDK's own upsert makes a call of each record, and the day's calls are few. */
async function upsertBatch(connection: Connection, object: string, key: string, batch: readonly [string, Given][]): Promise<Saved[]> {
  const records = batch.map(([, values]) => ({ ...values, attributes: { type: object } }));
  const saved = await connection.requestPatch<Saved[]>(`/composite/sobjects/${object}/${key}`, { allOrNone: false, records });
  if (!Array.isArray(saved) || saved.length !== batch.length) throw badAnswer(salesforceName, new Error('It answers for another number of records.'));
  return saved;
}
