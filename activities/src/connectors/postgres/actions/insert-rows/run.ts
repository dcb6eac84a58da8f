import { runInsertBy } from '../../../sql/runs.ts';
import type { ActionRun } from '../../../types.ts';
import { postgresDriver } from '../../connect.ts';
import type { insertRowsSpec } from './spec.ts';

export const runInsertRows: ActionRun<typeof insertRowsSpec> = runInsertBy(postgresDriver);
