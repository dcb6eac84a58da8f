import type { ActionRun } from '../../../types.ts';
import { withSalesforce } from '../../client.ts';
import type { createRecordSpec } from './spec.ts';

/** Answers `{ id }`. */
export const runCreateRecord: ActionRun<typeof createRecordSpec> = (context) =>
  withSalesforce(context, async (connection) => {
    const { object, values } = context.params;
    const made = await connection.create(object, values);
    return { output: { id: made.id ?? '' } };
  });
