import type { ConnectorManifest } from '../types.ts';
import { appendRowsSpec } from './actions/append-rows/spec.ts';
import { createSpreadsheetSpec } from './actions/create-spreadsheet/spec.ts';
import { readRowsSpec } from './actions/read-rows/spec.ts';
import { updateRowsSpec } from './actions/update-rows/spec.ts';
import { upsertRowsSpec } from './actions/upsert-rows/spec.ts';

export const googleSheetsManifest = {
  id: 'google-sheets',
  title: 'Google Sheets',
  help: 'Reads rows of a tab as records, adds, changes and upserts them, and makes spreadsheets.',
  version: '1.0.0',
  docsUrl: 'https://console.cloud.google.com/apis/library/sheets.googleapis.com',
  actions: {
    'read-rows': readRowsSpec,
    'append-rows': appendRowsSpec,
    'update-rows': updateRowsSpec,
    'upsert-rows': upsertRowsSpec,
    'create-spreadsheet': createSpreadsheetSpec,
  },
  resources: {
    spreadsheets: 'Spreadsheets the account sees, the last changed first.',
    sheets: 'Tabs of the spreadsheet.',
    columns: 'Columns of the tab.',
  },
} as const satisfies ConnectorManifest;
