import { runQueryBy } from '../../../sql/runs.ts';
import type { ActionRun } from '../../../types.ts';
import { postgresDriver } from '../../connect.ts';
import type { querySpec } from './spec.ts';

export const runQuery: ActionRun<typeof querySpec> = runQueryBy(postgresDriver);
