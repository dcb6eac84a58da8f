import type { ActionRun } from '../../../types.ts';
import { withHubSpot } from '../../client.ts';
import { toRecord, toValues } from '../../records.ts';
import type { updateRecordSpec } from './spec.ts';

/** Answers the record. */
export const runUpdateRecord: ActionRun<typeof updateRecordSpec> = (context) =>
  withHubSpot(context, async ({ records }) => {
    const { object, id, properties } = context.params;
    return { output: toRecord(await records.update(object, id, { properties: toValues(properties) })) };
  });
