import type { RunsOf } from '../types.ts';
import { runAppendRows } from './actions/append-rows/run.ts';
import { runCreateSpreadsheet } from './actions/create-spreadsheet/run.ts';
import { runReadRows } from './actions/read-rows/run.ts';
import { runUpdateRows } from './actions/update-rows/run.ts';
import { runUpsertRows } from './actions/upsert-rows/run.ts';
import type { googleSheetsManifest } from './manifest.ts';

export { sheetsServices as services } from './services.ts';
export const actions: RunsOf<typeof googleSheetsManifest> = {
  'read-rows': runReadRows,
  'append-rows': runAppendRows,
  'update-rows': runUpdateRows,
  'upsert-rows': runUpsertRows,
  'create-spreadsheet': runCreateSpreadsheet,
};
