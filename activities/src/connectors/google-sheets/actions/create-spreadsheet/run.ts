import type { ActionRun } from '../../../types.ts';
import { withSheets } from '../../client.ts';
import type { createSpreadsheetSpec } from './spec.ts';

/** Answers `{ spreadsheet, url }`: the header goes along, so that nothing is half made. */
export const runCreateSpreadsheet: ActionRun<typeof createSpreadsheetSpec> = (context) =>
  withSheets(context, async (api) => {
    const { title, sheet, columns } = context.params;
    const header = { values: columns.map((name) => ({ userEnteredValue: { stringValue: name } })) };
    const { data } = await api.create({
      fields: 'spreadsheetId,spreadsheetUrl',
      requestBody: {
        properties: { title },
        sheets: [{ properties: { title: sheet }, ...(columns.length === 0 ? {} : { data: [{ startRow: 0, startColumn: 0, rowData: [header] }] }) }],
      },
    });
    return { output: { spreadsheet: data.spreadsheetId ?? '', url: data.spreadsheetUrl ?? '' } };
  });
