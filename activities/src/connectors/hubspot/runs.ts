import type { RunsOf } from '../types.ts';
import { runAssociateRecords } from './actions/associate-records/run.ts';
import { runCreateRecord } from './actions/create-record/run.ts';
import { runDeleteRecord } from './actions/delete-record/run.ts';
import { runGetRecord } from './actions/get-record/run.ts';
import { runListAssociations } from './actions/list-associations/run.ts';
import { runRemoveAssociation } from './actions/remove-association/run.ts';
import { runSearchRecords } from './actions/search-records/run.ts';
import { runUpdateRecord } from './actions/update-record/run.ts';
import { runUpsertRecords } from './actions/upsert-records/run.ts';
import type { hubspotManifest } from './manifest.ts';

export { hubspotServices as services } from './services.ts';
export const actions: RunsOf<typeof hubspotManifest> = {
  'search-records': runSearchRecords,
  'get-record': runGetRecord,
  'create-record': runCreateRecord,
  'update-record': runUpdateRecord,
  'upsert-records': runUpsertRecords,
  'delete-record': runDeleteRecord,
  'list-associations': runListAssociations,
  'associate-records': runAssociateRecords,
  'remove-association': runRemoveAssociation,
};
