import type { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { UserError } from '@hub/kit/errors';
import type { z } from 'zod';

import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { searchTurns, withHubSpot } from '../../client.ts';
import { changedProperty, toRecord, wholeMoments } from '../../records.ts';
import type { CrmRecord } from '../../records.ts';
import type { searchRecordsSpec } from './spec.ts';

/** The most HubSpot gives in one answer. */
const pageSize = 200;

type Params = z.output<(typeof searchRecordsSpec)['params']>;
interface Condition {
  propertyName: string;
  operator: FilterOperatorEnum;
  value?: string;
  highValue?: string;
  values?: string[];
}
interface Search {
  filterGroups?: { filters: Condition[] }[];
  query?: string;
  properties?: string[];
  sorts?: string[];
}

/** Answers `{ rows, count, total, more }`. */
export const runSearchRecords: ActionRun<typeof searchRecordsSpec> = (context) =>
  withHubSpot(context, async ({ search }) => {
    const { object, limit } = context.params;
    const asked = searchOf(context.params);
    const turn = searchTurns(context.signal);
    let total = 0;
    const { rows: read, more } = await collect<CrmRecord>(limit, async (cursor, wanted) => {
      await turn();
      const page = await search.doSearch(object, { ...asked, limit: Math.min(pageSize, wanted), ...(cursor === null ? {} : { after: cursor }) });
      ({ total } = page);
      return { rows: page.results.map(toRecord), next: page.paging?.next?.after ?? null };
    });
    const rows = more && asked.sorts?.[0] === changedProperty(object) ? wholeMoments(read) : read;
    if (more) context.warn('connector.more-rows', `There are ${total} records; ${rows.length} were read.`);
    return { output: { rows, count: rows.length, total, more } };
  });

function searchOf({ object, filters, query, changedAfter, properties, sort }: Params): Search {
  const conditions = filters.map(
    ({ property, operator, value, upTo, values }): Condition => ({
      propertyName: property,
      operator: operator as FilterOperatorEnum,
      ...(value === undefined ? {} : { value }),
      ...(upTo === undefined ? {} : { highValue: upTo }),
      ...(values === undefined ? {} : { values: [...values] }),
    }),
  );
  const changed = changedProperty(object);
  const since = changedAfter === undefined || changedAfter === '' ? null : timeOf(changedAfter);
  if (since !== null) conditions.push({ propertyName: changed, operator: 'GTE' as FilterOperatorEnum, value: String(since) });
  // An empty time is the first look of a poll trigger: the newest say where it begins.
  const order = sort ?? (since !== null ? changed : changedAfter === '' ? `-${changed}` : undefined);
  return {
    ...(conditions.length === 0 ? {} : { filterGroups: [{ filters: conditions }] }),
    ...(query === undefined || query === '' ? {} : { query }),
    ...(properties.length === 0 ? {} : { properties: [...properties] }),
    ...(order === undefined ? {} : { sorts: [order] }),
  };
}

/** Milliseconds of a time, also of one with the record's id behind it: the field `change` of a row is both. */
function timeOf(text: string): number {
  const time = Date.parse(text.trim().split(/ \d+$/)[0] ?? '');
  if (Number.isNaN(time))
    throw new UserError('step.invalid-params', `changedAfter is no time: ${text.slice(0, 60)}`, {
      status: 422,
      remedy: 'Give ISO 8601, such as 2026-01-02T03:04:05Z.',
    });
  return time;
}
