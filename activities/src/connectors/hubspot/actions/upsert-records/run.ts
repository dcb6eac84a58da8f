import { UserError } from '@hub/kit/errors';

import type { ActionRun } from '../../../types.ts';
import { turns, withHubSpot } from '../../client.ts';
import type { HubSpot } from '../../client.ts';
import { toValues } from '../../records.ts';
import type { upsertRecordsSpec } from './spec.ts';

const batchSize = 100;
const mostDetails = 20;

interface Upserted extends Record<string, string | boolean | null> {
  key: string | null;
  id: string;
  created: boolean;
}
interface RefusedRecord extends Record<string, string> {
  message: string;
}
interface Batch {
  records: Upserted[];
  refused: RefusedRecord[];
}

/** Answers `{ updated, created, records, refused }`. */
export const runUpsertRecords: ActionRun<typeof upsertRecordsSpec> = async (context) => {
  const { object, key, rows, refused: whenRefused } = context.params;
  const inputs = inputsOf(key, Array.isArray(rows) ? rows : [rows]);
  const done: Batch[] = [];
  const turn = turns(context.signal);
  // With a renewed credential it goes on behind what was done: done again, what was created would count as updated.
  await withHubSpot(context, async ({ batches }) => {
    for (let at = done.length * batchSize; at < inputs.length; at += batchSize) {
      await turn();
      done.push(await upsertBatch(batches, object, key, inputs.slice(at, at + batchSize)));
    }
  });
  const records = done.flatMap((batch) => batch.records);
  const refused = done.flatMap((batch) => batch.refused);
  if (refused.length > 0 && whenRefused === 'fail')
    throw new UserError('connector.refused', `HubSpot refused some of the ${inputs.length} records: ${refused[0]?.message ?? ''}`.slice(0, 400), {
      status: 422,
      details: refused.slice(0, mostDetails),
      remedy: 'Correct them and run the step again (those that were taken do not change), or set Refused records to list them.',
    });
  const created = records.filter((one) => one.created).length;
  return { output: { updated: records.length - created, created, records, refused } };
};

type Input = { idProperty: string; id: string; properties: { [name: string]: string } };

/** One input per key: HubSpot refuses a batch that names one twice; of several the later values count. @throws UserError `step.invalid-params`. */
function inputsOf(key: string, rows: readonly Readonly<Record<string, string | number | boolean | null>>[]): Input[] {
  const inputs = new Map<string, Input>();
  for (const row of rows) {
    const { [key]: id = '', ...others } = toValues(row);
    if (id === '') throw new UserError('step.invalid-params', `A record has no value for its key ${key}.`, { status: 422 });
    inputs.set(id, { idProperty: key, id, properties: { ...inputs.get(id)?.properties, ...others, [key]: id } });
  }
  return [...inputs.values()];
}

async function upsertBatch(batches: HubSpot['batches'], object: string, key: string, inputs: Input[]): Promise<Batch> {
  const answer = await batches.upsert(object, { inputs });
  const records = answer.results.map((one) => ({ key: one.properties[key] ?? null, id: one.id, created: one._new }));
  // A 207 carries what was refused beside what was taken.
  const errors = 'errors' in answer ? (answer.errors ?? []) : [];
  const refused = errors.map(({ message, context }) => {
    const about = Object.values(context ?? {})
      .flat()
      .join(', ');
    return { message: about === '' ? message : `${message} (${about})` };
  });
  return { records, refused };
}
