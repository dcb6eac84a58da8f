import type { RunsOf } from '../types.ts';
import { runDeleteRows } from './actions/delete-rows/run.ts';
import { runInsertRows } from './actions/insert-rows/run.ts';
import { runQuery } from './actions/query/run.ts';
import { runReadTable } from './actions/read-table/run.ts';
import { runUpsertRows } from './actions/upsert-rows/run.ts';
import type { mysqlManifest } from './manifest.ts';

export { mysqlServices as services } from './services.ts';
export const actions: RunsOf<typeof mysqlManifest> = {
  query: runQuery,
  'read-table': runReadTable,
  'insert-rows': runInsertRows,
  'upsert-rows': runUpsertRows,
  'delete-rows': runDeleteRows,
};
