import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { queryPage, withSalesforce } from '../../client.ts';
import { toRow } from '../../records.ts';
import type { Row } from '../../records.ts';
import { bindSoql } from '../../soql.ts';
import type { queryRecordsSpec } from './spec.ts';

/** Answers `{ rows, count, more }`. */
export const runQueryRecords: ActionRun<typeof queryRecordsSpec> = (context) =>
  withSalesforce(context, async (connection) => {
    const { soql, values, deleted, limit } = context.params;
    const query = bindSoql(soql, values);
    let cut = false;
    const { rows, more } = await collect<Row>(limit, async (cursor) => {
      const { records, next } = await queryPage(connection, query, cursor, { batchSize: limit, deleted });
      return { rows: records.map((one) => toRow(one, () => (cut = true))), next };
    });
    if (more) context.warn('connector.more-rows', `There are more than ${limit} records; the rest was not read.`);
    if (cut) context.warn('connector.more-rows', 'Some record has more child records than Salesforce gives along; query these by themselves.');
    return { output: { rows, count: rows.length, more } };
  });
