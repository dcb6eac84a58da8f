import type { ConnectorManifest } from '../types.ts';
import { convertFileSpec } from './actions/convert-file/spec.ts';
import { readRowsSpec } from './actions/read-rows/spec.ts';
import { writeFileSpec } from './actions/write-file/spec.ts';

export const fileManifest = {
  id: 'file',
  version: '1.0.0',
  title: 'Files',
  help: 'Reads tables from uploaded files (CSV, JSON, JSON lines, Excel), writes new files, and converts documents. Needs no credential.',
  actions: { 'read-rows': readRowsSpec, 'write-file': writeFileSpec, 'convert-file': convertFileSpec },
} as const satisfies ConnectorManifest;
