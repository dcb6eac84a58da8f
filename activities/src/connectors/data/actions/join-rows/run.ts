import { UserError } from '@hub/kit/errors';
import type { Json } from '@hub/dag/planner';

import type { ActionRun } from '../../../types.ts';
import { keyOf } from '../../keys.ts';
import { writeRows } from '../../sink.ts';
import { readSource } from '../../source.ts';
import type { Row } from '../../source.ts';
import type { joinRowsSpec } from './spec.ts';
import { own } from '../../../../values/json.ts';

const maxOthers = 500_000;

/** Answers `{ rows | file, count, unmatched }`. A key that several others have gives a row for each. */
export const runJoinRows: ActionRun<typeof joinRowsSpec> = async (context) => {
  const { params } = context;
  const others = new Map<string, Row[]>();
  let held = 0;
  for await (const batch of readSource(params.other as Json, context)) {
    held += batch.length;
    if (held > maxOthers)
      throw new UserError('data.too-many-keys', `There are more than ${maxOthers} other rows.`, {
        status: 422,
        remedy: 'Swap the two, or filter the other rows.',
      });
    for (const row of batch) {
      const key = keyOf(row, params.on);
      const same = others.get(key);
      if (same === undefined) others.set(key, [row]);
      else same.push(row);
    }
  }
  let unmatched = 0;
  async function* joined(): AsyncGenerator<Row[], void, undefined> {
    for await (const batch of readSource(params.source as Json, context)) {
      yield batch.flatMap((row) => {
        // A missing key is equal to nothing.
        const complete = params.on.every((name) => (own(row, name) ?? null) !== null);
        const partners = complete ? others.get(keyOf(row, params.on)) : undefined;
        if (partners === undefined) {
          unmatched += 1;
          return params.keep === 'matching' ? [] : [row];
        }
        return params.keep === 'unmatched' ? [] : partners.map((partner) => beside(row, partner, params.on, params.prefix));
      });
    }
  }
  const written = await writeRows(joined(), params.into, 'joined', context);
  return { output: { ...written, unmatched } };
};

function beside(row: Row, partner: Row, on: readonly string[], prefix: string): Row {
  const added = Object.entries(partner).filter(([name]) => !on.includes(name));
  return { ...row, ...Object.fromEntries(added.map(([name, value]) => [`${prefix}${name}`, value])) };
}
