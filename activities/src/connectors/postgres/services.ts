import { sqlServices } from '../sql/services.ts';
import { postgresDialect, postgresDriver } from './connect.ts';

export const postgresServices = sqlServices(postgresDriver, {
  whoAmI: `select current_user || '@' || current_database() as account, split_part(version(), ' on ', 1) as server`,
  ownSchemas: `table_schema not in ('pg_catalog', 'information_schema') and table_schema not like 'pg\\_toast%'`,
  usualSchema: 'current_schema()',
  generated: `(is_identity = 'YES' or is_generated <> 'NEVER')`,
  dialect: postgresDialect,
});
