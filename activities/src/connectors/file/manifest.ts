import type { ConnectorManifest } from '../types.ts';
import { readRowsSpec } from './actions/read-rows/spec.ts';
import { writeFileSpec } from './actions/write-file/spec.ts';

export const fileManifest = {
  id: 'file',
  version: '1.0.0',
  title: 'Files',
  help: 'Reads tables from uploaded files (CSV, JSON, JSON lines) and writes new files. Needs no credential.',
  actions: { 'read-rows': readRowsSpec, 'write-file': writeFileSpec },
} as const satisfies ConnectorManifest;
