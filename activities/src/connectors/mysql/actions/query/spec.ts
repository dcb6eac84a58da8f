import { querySpec as specOf } from '../../../sql/specs.ts';
import { mysqlVendor } from '../../vendor.ts';

export const querySpec = specOf(mysqlVendor);
