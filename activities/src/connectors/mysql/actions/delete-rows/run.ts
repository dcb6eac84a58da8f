import { runDeleteBy } from '../../../sql/runs.ts';
import type { ActionRun } from '../../../types.ts';
import { mysqlDriver } from '../../connect.ts';
import type { deleteRowsSpec } from './spec.ts';

export const runDeleteRows: ActionRun<typeof deleteRowsSpec> = runDeleteBy(mysqlDriver);
