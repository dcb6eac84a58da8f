import type { ConnectorManifest } from '../types.ts';
import { createRecordSpec } from './actions/create-record/spec.ts';
import { deleteRecordSpec } from './actions/delete-record/spec.ts';
import { getRecordSpec } from './actions/get-record/spec.ts';
import { listChangedRecordsSpec } from './actions/list-changed-records/spec.ts';
import { queryRecordsSpec } from './actions/query-records/spec.ts';
import { updateRecordSpec } from './actions/update-record/spec.ts';
import { upsertRecordsSpec } from './actions/upsert-records/spec.ts';

export const salesforceManifest = {
  id: 'salesforce',
  title: 'Salesforce',
  help: 'Queries records by SOQL, finds what was changed, and makes, changes, upserts and deletes records of any object.',
  version: '1.0.0',
  docsUrl: 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest.htm',
  actions: {
    'query-records': queryRecordsSpec,
    'list-changed-records': listChangedRecordsSpec,
    'get-record': getRecordSpec,
    'create-record': createRecordSpec,
    'update-record': updateRecordSpec,
    'upsert-records': upsertRecordsSpec,
    'delete-record': deleteRecordSpec,
  },
  resources: {
    objects: 'Objects of the organisation.',
    fields: 'Fields of the object.',
    externalIds: 'Fields of the object that tell records apart.',
  },
} as const satisfies ConnectorManifest;
