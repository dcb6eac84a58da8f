import type { ActionRun } from '../../../types.ts';
import { withAirtable } from '../../client.ts';
import { readScope } from '../../params.ts';
import { rowOf } from '../../records.ts';
import type { getRecordSpec } from './spec.ts';

/** Answers `{ id, createdTime, fields }`. */
export const runGetRecord: ActionRun<typeof getRecordSpec> = (context) =>
  withAirtable(context, readScope, async (open) => {
    const { base, table, record } = context.params;
    return { output: rowOf(await open(base).table(table).find(record)) };
  });
