import { createHash } from 'node:crypto';

import { UserError } from '@hub/kit/errors';
import type { Json } from '@hub/dag/planner';

import type { ActionRun } from '../../../types.ts';
import { keyOf } from '../../keys.ts';
import { writeRows } from '../../sink.ts';
import { readSource } from '../../source.ts';
import type { Row } from '../../source.ts';
import type { dedupeRowsSpec } from './spec.ts';

/** 16 bytes and a slot of a set each: about 500 MB at the most. */
const maxFingerprints = 5_000_000;
const maxHeld = 500_000;

/** Answers `{ rows | file, count, removed }`. */
export const runDedupeRows: ActionRun<typeof dedupeRowsSpec> = async (context) => {
  const { params } = context;
  let seen = 0;
  const print = (row: Row): string =>
    createHash('sha256')
      .update(keyOf(row, params.by, params.ignoreCase))
      .digest('base64')
      .slice(0, 22);
  async function* firsts(): AsyncGenerator<Row[], void, undefined> {
    const prints = new Set<string>();
    for await (const batch of readSource(params.source as Json, context)) {
      seen += batch.length;
      yield batch.filter((row) => {
        const one = print(row);
        if (prints.has(one)) return false;
        if (prints.size >= maxFingerprints) throw tooMany(maxFingerprints);
        prints.add(one);
        return true;
      });
    }
  }
  async function* lasts(): AsyncGenerator<Row[], void, undefined> {
    const rows = new Map<string, Row>();
    for await (const batch of readSource(params.source as Json, context)) {
      seen += batch.length;
      for (const row of batch) rows.set(print(row), row);
      if (rows.size > maxHeld) throw tooMany(maxHeld);
    }
    yield [...rows.values()];
  }
  const written = await writeRows(params.keep === 'first' ? firsts() : lasts(), params.into, 'unique', context);
  return { output: { ...written, removed: seen - Number(written['count']) } };
};

function tooMany(most: number): UserError {
  return new UserError('data.too-many-keys', `There are more than ${most} different rows.`, { status: 422, remedy: 'Split the file first.' });
}
