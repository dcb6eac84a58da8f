import type { SqlVendor } from '../sql/specs.ts';

export const mysqlVendor: SqlVendor = { title: 'MySQL and MariaDB', kind: 'mysql', placeholder: '?' };
