import type { SqlVendor } from '../sql/specs.ts';

export const postgresVendor: SqlVendor = { title: 'PostgreSQL', kind: 'postgres', placeholder: '$1' };
