import type { ActionRun } from '../../../types.ts';
import { withHubSpot } from '../../client.ts';
import type { associateRecordsSpec } from './spec.ts';

/** Answers `{ object, id, to, toId }`. */
export const runAssociateRecords: ActionRun<typeof associateRecordsSpec> = (context) =>
  withHubSpot(context, async ({ associations }) => {
    const { object, id, to, toId } = context.params;
    await associations.createDefault(object, id, to, toId);
    return { output: { object, id, to, toId } };
  });
