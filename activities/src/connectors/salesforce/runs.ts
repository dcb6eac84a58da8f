import type { RunsOf } from '../types.ts';
import { runCreateRecord } from './actions/create-record/run.ts';
import { runDeleteRecord } from './actions/delete-record/run.ts';
import { runGetRecord } from './actions/get-record/run.ts';
import { runListChangedRecords } from './actions/list-changed-records/run.ts';
import { runQueryRecords } from './actions/query-records/run.ts';
import { runUpdateRecord } from './actions/update-record/run.ts';
import { runUpsertRecords } from './actions/upsert-records/run.ts';
import type { salesforceManifest } from './manifest.ts';

export { salesforceServices as services } from './services.ts';
export const actions: RunsOf<typeof salesforceManifest> = {
  'query-records': runQueryRecords,
  'list-changed-records': runListChangedRecords,
  'get-record': runGetRecord,
  'create-record': runCreateRecord,
  'update-record': runUpdateRecord,
  'upsert-records': runUpsertRecords,
  'delete-record': runDeleteRecord,
};
