import type { ConnectorManifest } from '../types.ts';
import { createRecordsSpec } from './actions/create-records/spec.ts';
import { deleteRecordsSpec } from './actions/delete-records/spec.ts';
import { getRecordSpec } from './actions/get-record/spec.ts';
import { listRecordsSpec } from './actions/list-records/spec.ts';
import { updateRecordsSpec } from './actions/update-records/spec.ts';
import { upsertRecordsSpec } from './actions/upsert-records/spec.ts';
import { schemaScope } from './params.ts';

export const airtableManifest = {
  id: 'airtable',
  title: 'Airtable',
  help: 'Lists, finds, creates, changes, upserts and deletes the records of a base.',
  version: '1.0.0',
  docsUrl: 'https://airtable.com/create/tokens',
  scopes: [schemaScope],
  actions: {
    'list-records': listRecordsSpec,
    'get-record': getRecordSpec,
    'create-records': createRecordsSpec,
    'update-records': updateRecordsSpec,
    'upsert-records': upsertRecordsSpec,
    'delete-records': deleteRecordsSpec,
  },
  resources: {
    bases: 'Bases that the token has access to.',
    tables: 'Tables of the base.',
    views: 'Views of the table.',
    fields: 'Fields of the table.',
  },
} as const satisfies ConnectorManifest;
