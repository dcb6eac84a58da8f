import type { ConnectorManifest } from '../types.ts';
import { associateRecordsSpec } from './actions/associate-records/spec.ts';
import { createRecordSpec } from './actions/create-record/spec.ts';
import { deleteRecordSpec } from './actions/delete-record/spec.ts';
import { getRecordSpec } from './actions/get-record/spec.ts';
import { listAssociationsSpec } from './actions/list-associations/spec.ts';
import { removeAssociationSpec } from './actions/remove-association/spec.ts';
import { searchRecordsSpec } from './actions/search-records/spec.ts';
import { updateRecordSpec } from './actions/update-record/spec.ts';
import { upsertRecordsSpec } from './actions/upsert-records/spec.ts';

export const hubspotManifest = {
  id: 'hubspot',
  title: 'HubSpot',
  help: 'Finds, makes, changes and ties together contacts, companies, deals, tickets and records of your own.',
  version: '1.0.0',
  docsUrl: 'https://developers.hubspot.com/docs/guides/api/crm/understanding-the-crm',
  actions: {
    'search-records': searchRecordsSpec,
    'get-record': getRecordSpec,
    'create-record': createRecordSpec,
    'update-record': updateRecordSpec,
    'upsert-records': upsertRecordsSpec,
    'delete-record': deleteRecordSpec,
    'list-associations': listAssociationsSpec,
    'associate-records': associateRecordsSpec,
    'remove-association': removeAssociationSpec,
  },
  resources: {
    objects: 'Kinds of records: HubSpot’s own and those of the account.',
    properties: 'Properties of the kind of record.',
    uniqueProperties: 'Properties of the kind of record that tell records apart.',
    owners: 'People that records can belong to.',
  },
} as const satisfies ConnectorManifest;
