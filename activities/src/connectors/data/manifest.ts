import type { ConnectorManifest } from '../types.ts';
import { aggregateRowsSpec } from './actions/aggregate-rows/spec.ts';
import { dedupeRowsSpec } from './actions/dedupe-rows/spec.ts';
import { joinRowsSpec } from './actions/join-rows/spec.ts';
import { splitRowsSpec } from './actions/split-rows/spec.ts';
import { validateRowsSpec } from './actions/validate-rows/spec.ts';

export const dataManifest = {
  id: 'data',
  title: 'Data hygiene',
  help: 'Validates, joins, groups, splits rows and removes repeats: of a list, or of a file of any size with flat memory. Needs no credential.',
  version: '1.0.0',
  actions: {
    'validate-rows': validateRowsSpec,
    'dedupe-rows': dedupeRowsSpec,
    'join-rows': joinRowsSpec,
    'aggregate-rows': aggregateRowsSpec,
    'split-rows': splitRowsSpec,
  },
} as const satisfies ConnectorManifest;
