import type { ActionRun } from '../../../types.ts';
import { withSalesforce } from '../../client.ts';
import { isNoRecord } from '../../faults.ts';
import type { deleteRecordSpec } from './spec.ts';

/** Answers `{ deleted }`. */
export const runDeleteRecord: ActionRun<typeof deleteRecordSpec> = (context) =>
  withSalesforce(context, async (connection) => {
    const { object, id } = context.params;
    const deleted = await connection.destroy(object, id).then(
      () => true,
      (error: unknown) => {
        if (isNoRecord(error)) return false;
        throw error;
      },
    );
    return { output: { deleted } };
  });
