import { querySpec as specOf } from '../../../sql/specs.ts';
import { postgresVendor } from '../../vendor.ts';

export const querySpec = specOf(postgresVendor);
