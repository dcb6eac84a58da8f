import { runReadTableBy } from '../../../sql/runs.ts';
import type { ActionRun } from '../../../types.ts';
import { postgresDriver } from '../../connect.ts';
import type { readTableSpec } from './spec.ts';

export const runReadTable: ActionRun<typeof readTableSpec> = runReadTableBy(postgresDriver);
