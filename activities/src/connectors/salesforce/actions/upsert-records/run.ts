import { UserError } from '@hub/kit/errors';
import type { Connection } from '@jsforce/jsforce-node';

import type { ActionRun } from '../../../types.ts';
import { withSalesforce } from '../../client.ts';
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
export const runUpsertRecords: ActionRun<typeof upsertRecordsSpec> = (context) =>
  withSalesforce(context, async (connection) => {
    const { object, key, rows, refused: whenRefused } = context.params;
    const inputs = [...byKey(key, Array.isArray(rows) ? rows : [rows])];
    const records: Upserted[] = [];
    const refused: RefusedRecord[] = [];
    for (let at = 0; at < inputs.length; at += batchSize) {
      const batch = inputs.slice(at, at + batchSize);
      const saved = await upsertBatch(connection, object, key, batch);
      for (const [index, [value]] of batch.entries()) {
        const one = saved[index];
        if (one?.success === true) records.push({ key: value, id: one.id ?? '', created: one.created ?? false });
        else refused.push({ key: value, code: one?.errors[0]?.statusCode ?? '', message: one?.errors.map(({ message }) => message ?? '').join('; ') ?? '' });
      }
    }
    if (refused.length > 0 && whenRefused === 'fail')
      throw new UserError('connector.refused', `Salesforce refused ${refused.length} of ${inputs.length} records: ${refused[0]?.message ?? ''}`.slice(0, 400), {
        status: 422,
        details: refused.slice(0, mostDetails),
        remedy: 'Correct them and run the step again (those that were taken do not change), or set Refused records to list them.',
      });
    const created = records.filter((one) => one.created).length;
    return { output: { updated: records.length - created, created, records, refused } };
  });

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
function upsertBatch(connection: Connection, object: string, key: string, batch: readonly [string, Given][]): Promise<Saved[]> {
  const records = batch.map(([, values]) => ({ ...values, attributes: { type: object } }));
  return connection.requestPatch<Saved[]>(`/composite/sobjects/${object}/${key}`, { allOrNone: false, records });
}
