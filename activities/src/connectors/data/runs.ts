import type { RunsOf } from '../types.ts';
import { runAggregateRows } from './actions/aggregate-rows/run.ts';
import { runDedupeRows } from './actions/dedupe-rows/run.ts';
import { runJoinRows } from './actions/join-rows/run.ts';
import { runSplitRows } from './actions/split-rows/run.ts';
import { runValidateRows } from './actions/validate-rows/run.ts';
import type { dataManifest } from './manifest.ts';

export const actions: RunsOf<typeof dataManifest> = {
  'validate-rows': runValidateRows,
  'dedupe-rows': runDedupeRows,
  'join-rows': runJoinRows,
  'aggregate-rows': runAggregateRows,
  'split-rows': runSplitRows,
};
