import { readTableSpec as specOf } from '../../../sql/specs.ts';
import { mysqlVendor } from '../../vendor.ts';

export const readTableSpec = specOf(mysqlVendor);
