import type { RunsOf } from '../types.ts';
import { runCreateRecords } from './actions/create-records/run.ts';
import { runDeleteRecords } from './actions/delete-records/run.ts';
import { runGetRecord } from './actions/get-record/run.ts';
import { runListRecords } from './actions/list-records/run.ts';
import { runUpdateRecords } from './actions/update-records/run.ts';
import { runUpsertRecords } from './actions/upsert-records/run.ts';
import type { airtableManifest } from './manifest.ts';

export { airtableServices as services } from './services.ts';
export const actions: RunsOf<typeof airtableManifest> = {
  'list-records': runListRecords,
  'get-record': runGetRecord,
  'create-records': runCreateRecords,
  'update-records': runUpdateRecords,
  'upsert-records': runUpsertRecords,
  'delete-records': runDeleteRecords,
};
