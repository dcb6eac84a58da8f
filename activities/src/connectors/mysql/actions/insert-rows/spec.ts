import { insertOnlySpec as specOf } from '../../../sql/specs.ts';
import { mysqlVendor } from '../../vendor.ts';

export const insertRowsSpec = specOf(mysqlVendor);
