import { upsertRowsSpec as specOf } from '../../../sql/specs.ts';
import { mysqlVendor } from '../../vendor.ts';

export const upsertRowsSpec = specOf(mysqlVendor);
