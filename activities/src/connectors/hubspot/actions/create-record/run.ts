import type { ActionRun } from '../../../types.ts';
import { withHubSpot } from '../../client.ts';
import { toRecord, toValues } from '../../records.ts';
import type { createRecordSpec } from './spec.ts';

/** Answers the record. */
export const runCreateRecord: ActionRun<typeof createRecordSpec> = (context) =>
  withHubSpot(context, async ({ records }) => {
    const { object, properties } = context.params;
    return { output: toRecord(await records.create(object, { properties: toValues(properties) })) };
  });
