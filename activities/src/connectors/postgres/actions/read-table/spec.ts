import { readTableSpec as specOf } from '../../../sql/specs.ts';
import { postgresVendor } from '../../vendor.ts';

export const readTableSpec = specOf(postgresVendor);
