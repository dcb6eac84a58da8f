import { insertRowsSpec as specOf } from '../../../sql/specs.ts';
import { postgresVendor } from '../../vendor.ts';

export const insertRowsSpec = specOf(postgresVendor);
