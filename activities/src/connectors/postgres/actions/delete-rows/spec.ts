import { deleteRowsSpec as specOf } from '../../../sql/specs.ts';
import { postgresVendor } from '../../vendor.ts';

export const deleteRowsSpec = specOf(postgresVendor);
