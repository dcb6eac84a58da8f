import type { ActionRun } from '../../../types.ts';
import { withSalesforce } from '../../client.ts';
import type { updateRecordSpec } from './spec.ts';

/** Answers `{ id }`. */
export const runUpdateRecord: ActionRun<typeof updateRecordSpec> = (context) =>
  withSalesforce(context, async (connection) => {
    const { object, id, values } = context.params;
    await connection.update(object, { ...values, Id: id });
    return { output: { id } };
  });
