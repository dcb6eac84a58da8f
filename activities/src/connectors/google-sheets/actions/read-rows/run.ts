import type { Json } from '@hub/dag/planner';

import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { withSheets } from '../../client.ts';
import { openTab, rangeOf } from '../../table.ts';
import type { Row } from '../../table.ts';
import type { readRowsSpec } from './spec.ts';

const windowRows = 5_000;

/** Answers `{ rows, count, columns, next }`. Read window after window, so that no answer is larger than the guard lets through. */
export const runReadRows: ActionRun<typeof readRowsSpec> = (context) =>
  withSheets(context, async (api) => {
    const { params } = context;
    const tab = await openTab(api, params.spreadsheet, params.sheet);
    let behind = params.from;
    const { rows, more } = await collect<Row>(
      params.limit,
      async (cursor, wanted) => {
        const first = Number(cursor);
        const last = Math.min(first + Math.min(windowRows, wanted) - 1, Math.max(tab.rowCount, first));
        const { data } = await api.values.get({
          spreadsheetId: tab.spreadsheetId,
          range: rangeOf(tab.title, `${first}:${last}`),
          valueRenderOption: params.formatted ? 'FORMATTED_VALUE' : 'UNFORMATTED_VALUE',
          dateTimeRenderOption: 'FORMATTED_STRING',
        });
        behind = last + 1;
        const found = ((data.values ?? []) as Json[][])
          .filter((cells) => cells.some((cell) => cell !== '' && cell !== null))
          .map((cells) => toRow(tab.columns, cells));
        return { rows: found, next: last >= tab.rowCount ? null : String(last + 1) };
      },
      String(params.from),
    );
    if (more) context.warn('connector.more-rows', `There may be more rows from row ${behind} on.`);
    return { output: { rows, count: rows.length, columns: tab.columns, next: more ? behind : null } };
  });

function toRow(columns: readonly string[], cells: readonly Json[]): Row {
  return Object.fromEntries(columns.map((name, at) => [name, cells[at] === '' || cells[at] === undefined ? null : cells[at]]));
}
