import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { turns, withHubSpot } from '../../client.ts';
import type { listAssociationsSpec } from './spec.ts';

const pageSize = 500;

/** Answers `{ rows, count, more }`. */
export const runListAssociations: ActionRun<typeof listAssociationsSpec> = (context) =>
  withHubSpot(context, async ({ associations }) => {
    const { object, id, to, limit } = context.params;
    const turn = turns(context.signal);
    const { rows, more } = await collect(limit, async (cursor, wanted) => {
      await turn();
      const page = await associations.getPage(object, id, to, cursor ?? undefined, Math.min(pageSize, wanted));
      const found = page.results.map(({ toObjectId, associationTypes }) => ({
        id: String(toObjectId),
        labels: [...new Set(associationTypes.map(({ label }) => label ?? ''))].filter((label) => label !== ''),
      }));
      return { rows: found, next: page.paging?.next?.after ?? null };
    });
    if (more) context.warn('connector.more-rows', `There are more than ${limit} associated records; the rest was not read.`);
    return { output: { rows, count: rows.length, more } };
  });
