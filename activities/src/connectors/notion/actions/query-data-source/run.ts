import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { withNotion } from '../../client.ts';
import { openDataSource, pageOf, pageSize } from '../../pages.ts';
import type { DataSource, Page } from '../../pages.ts';
import { idOf, readContent } from '../../params.ts';
import { toFilter } from '../../properties.ts';
import type { queryDataSourceSpec } from './spec.ts';

const stamps = new Set(['created_time', 'last_edited_time']);
type Params = Parameters<ActionRun<typeof queryDataSourceSpec>>[0]['params'];

/** Answers `{ rows, count, more }`. */
export const runQueryDataSource: ActionRun<typeof queryDataSourceSpec> = (context) =>
  withNotion(context, readContent, async (client) => {
    const { params } = context;
    const source = await openDataSource(client, idOf(params.dataSource));
    const filter = filterOf(params, source);
    const sorts = (params.sort ?? []).map(({ property, direction }) =>
      stamps.has(property) && !Object.hasOwn(source.properties, property) ? { timestamp: property, direction } : { property, direction },
    );
    let cut = false;
    const { rows, more } = await collect<Page>(params.limit, async (cursor, wanted) => {
      const page = await client.dataSources.query({
        data_source_id: source.id,
        result_type: 'page',
        page_size: Math.min(pageSize, wanted),
        ...(cursor === null ? {} : { start_cursor: cursor }),
        ...(filter === null ? {} : { filter: filter as never }),
        ...(sorts.length === 0 ? {} : { sorts: sorts as never }),
      });
      cut = page.request_status?.type === 'incomplete';
      return { rows: page.results.map(pageOf), next: page.next_cursor };
    });
    if (more || cut) context.warn('connector.more-rows', `There are more than ${rows.length} rows; the rest was not read.`);
    return { output: { rows, count: rows.length, more: more || cut } };
  });

function filterOf({ match, filter }: Params, { properties }: DataSource): object | null {
  const equal = match === undefined || Object.keys(match).length === 0 ? null : toFilter(match, properties);
  if (filter === undefined) return equal;
  return equal === null ? filter : { and: [...equal.and, filter] };
}
