import { upsertRowsSpec as specOf } from '../../../sql/specs.ts';
import { postgresVendor } from '../../vendor.ts';

export const upsertRowsSpec = specOf(postgresVendor);
