import { runUpsertBy } from '../../../sql/runs.ts';
import type { ActionRun } from '../../../types.ts';
import { mysqlDriver } from '../../connect.ts';
import type { upsertRowsSpec } from './spec.ts';

export const runUpsertRows: ActionRun<typeof upsertRowsSpec> = runUpsertBy(mysqlDriver);
