import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { withAirtable } from '../../client.ts';
import { readScope } from '../../params.ts';
import { formulaOf, pageSize, plain } from '../../records.ts';
import type { Row, Values } from '../../records.ts';
import type { listRecordsSpec } from './spec.ts';

/** Answers `{ records, count, more }`. Asked by POST: a formula is as long as it likes then, and stands in no address. */
export const runListRecords: ActionRun<typeof listRecordsSpec> = (context) =>
  withAirtable(context, readScope, async (open) => {
    const { params } = context;
    const base = open(params.base);
    const asked = {
      ...(params.view === undefined ? {} : { view: params.view }),
      ...(params.fields === undefined || params.fields.length === 0 ? {} : { fields: params.fields }),
      ...(params.sort === undefined || params.sort.length === 0 ? {} : { sort: params.sort }),
      ...filterOf(params),
    };
    const { rows, more } = await collect<Row>(params.limit, async (cursor, wanted) => {
      const { body } = await base.makeRequest({
        method: 'POST',
        path: `/${encodeURIComponent(params.table)}/listRecords`,
        body: { ...asked, pageSize: Math.min(pageSize, wanted), ...(cursor === null ? {} : { offset: cursor }) },
      });
      const { records, offset } = body as { records: unknown[]; offset?: string };
      return { rows: records.map(plain), next: offset ?? null };
    });
    if (more) context.warn('connector.more-rows', `There are more than ${params.limit} records; the rest was not read.`);
    return { output: { records: rows, count: rows.length, more } };
  });

function filterOf({ match, filter }: { match?: Values | undefined; filter?: string | undefined }): { filterByFormula?: string } {
  const all = [...(match === undefined || Object.keys(match).length === 0 ? [] : [formulaOf(match)]), ...(filter === undefined ? [] : [filter])];
  if (all.length === 0) return {};
  return { filterByFormula: all.length === 1 ? (all[0] ?? '') : `AND(${all.join(', ')})` };
}
