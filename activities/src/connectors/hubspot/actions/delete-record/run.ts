import type { ActionRun } from '../../../types.ts';
import { withHubSpot } from '../../client.ts';
import { isNotFound } from '../../faults.ts';
import type { deleteRecordSpec } from './spec.ts';

/** Answers `{ deleted }`. */
export const runDeleteRecord: ActionRun<typeof deleteRecordSpec> = (context) =>
  withHubSpot(context, async ({ records }) => {
    const { object, id } = context.params;
    const deleted = await records.archive(object, id).then(
      () => true,
      (error: unknown) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );
    return { output: { deleted } };
  });
