import { sqlServices } from '../sql/services.ts';
import { mysqlDialect, mysqlDriver } from './connect.ts';

export const mysqlServices = sqlServices(mysqlDriver, {
  whoAmI: `select concat(current_user(), ' at ', coalesce(database(), '-')) as account, concat(if(version() like '%MariaDB%', '', 'MySQL '), version()) as server`,
  ownSchemas: `table_schema not in ('mysql', 'information_schema', 'performance_schema', 'sys')`,
  usualSchema: 'database()',
  generated: `(extra like '%auto_increment%' or extra like '%GENERATED%')`,
  dialect: mysqlDialect,
});
