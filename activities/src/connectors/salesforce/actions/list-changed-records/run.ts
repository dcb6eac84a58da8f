import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { queryPage, withSalesforce } from '../../client.ts';
import { instant, toRow } from '../../records.ts';
import type { Row } from '../../records.ts';
import { textLiteral, timeLiteral } from '../../soql.ts';
import type { listChangedRecordsSpec } from './spec.ts';

/** Answers `{ rows, count, more }`. */
export const runListChangedRecords: ActionRun<typeof listChangedRecordsSpec> = (context) =>
  withSalesforce(context, async (connection) => {
    const { object, fields, changedAfter, limit } = context.params;
    const wanted = [...new Set(['Id', 'SystemModstamp', ...fields])].join(', ');
    const { since, where } = behind(changedAfter);
    // Without a time it is the first look of a poll trigger: the newest say where it begins.
    const order = since === '' ? 'SystemModstamp DESC, Id DESC' : 'SystemModstamp, Id';
    const soql = `SELECT ${wanted} FROM ${object}${where} ORDER BY ${order} LIMIT ${limit + 1}`;
    const { rows, more } = await collect<Row>(limit, async (cursor) => {
      const { records, next } = await queryPage(connection, soql, cursor, { batchSize: limit });
      return { rows: records.map(toChanged), next };
    });
    if (more) context.warn('connector.more-rows', `More than ${limit} records were changed; the rest was not read.`);
    return { output: { rows, count: rows.length, more } };
  });

/** The field `change` of a row is a time with the record's id behind it: one change of many records at a time may be cut anywhere. */
function behind(changedAfter: string): { since: string; where: string } {
  const [since = '', id = ''] = changedAfter.trim().split(' ');
  if (since === '') return { since, where: '' };
  const time = timeLiteral(since, 'datetime', 'changedAfter');
  if (id === '') return { since, where: ` WHERE SystemModstamp >= ${time}` };
  return { since, where: ` WHERE SystemModstamp > ${time} OR (SystemModstamp = ${time} AND Id > ${textLiteral(id)})` };
}

function toChanged(record: Readonly<Record<string, Row[string]>>): Row {
  const row = toRow(record, () => undefined);
  return { ...row, change: `${instant(row['SystemModstamp'])} ${String(row['Id'])}` };
}
