import type { ActionRun } from '../../../types.ts';
import { withSheets } from '../../client.ts';
import { appendCells, openTab } from '../../table.ts';
import type { Row } from '../../table.ts';
import type { appendRowsSpec } from './spec.ts';

/** Answers `{ count }`. */
export const runAppendRows: ActionRun<typeof appendRowsSpec> = (context) =>
  withSheets(context, async (api) => {
    const { params } = context;
    const rows = (Array.isArray(params.rows) ? params.rows : [params.rows]) as Row[];
    const tab = await openTab(api, params.spreadsheet, params.sheet);
    await appendCells(api, tab, rows, params.input);
    return { output: { count: rows.length } };
  });
