import { deleteRowsSpec as specOf } from '../../../sql/specs.ts';
import { mysqlVendor } from '../../vendor.ts';

export const deleteRowsSpec = specOf(mysqlVendor);
