import type { ConnectorManifest } from '../types.ts';
import { deleteRowsSpec } from './actions/delete-rows/spec.ts';
import { insertRowsSpec } from './actions/insert-rows/spec.ts';
import { querySpec } from './actions/query/spec.ts';
import { readTableSpec } from './actions/read-table/spec.ts';
import { upsertRowsSpec } from './actions/upsert-rows/spec.ts';

export const mysqlManifest = {
  id: 'mysql',
  title: 'MySQL and MariaDB',
  help: 'Reads and writes tables of MySQL and MariaDB. Values never stand in the SQL; reading is refused any change by the database itself.',
  version: '1.0.0',
  actions: {
    query: querySpec,
    'read-table': readTableSpec,
    'insert-rows': insertRowsSpec,
    'upsert-rows': upsertRowsSpec,
    'delete-rows': deleteRowsSpec,
  },
  resources: {
    schemas: 'Schemas or databases that are not the system’s.',
    tables: 'Tables and views of the schema.',
    columns: 'Columns of the table.',
  },
} as const satisfies ConnectorManifest;
