import type { ActionRun } from '../../../types.ts';
import { withHubSpot } from '../../client.ts';
import type { removeAssociationSpec } from './spec.ts';

/** Answers `{ removed }`. */
export const runRemoveAssociation: ActionRun<typeof removeAssociationSpec> = (context) =>
  withHubSpot(context, async ({ associations }) => {
    const { object, id, to, toId } = context.params;
    await associations.archive(object, id, to, toId);
    return { output: { removed: true } };
  });
