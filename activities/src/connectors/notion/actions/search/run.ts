import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { withNotion } from '../../client.ts';
import { pageSize } from '../../pages.ts';
import { readContent } from '../../params.ts';
import { searchPage } from '../../services.ts';
import type { searchSpec } from './spec.ts';

/** Answers `{ results, count, more }`. */
export const runSearch: ActionRun<typeof searchSpec> = (context) =>
  withNotion(context, readContent, async (client) => {
    const { query, kind, limit } = context.params;
    const { rows, more } = await collect(limit, (cursor, wanted) => searchPage(client, { query, kind, cursor, size: Math.min(pageSize, wanted) }));
    if (more) context.warn('connector.more-rows', `There are more than ${limit} results; the rest was not read.`);
    return { output: { results: rows, count: rows.length, more } };
  });
