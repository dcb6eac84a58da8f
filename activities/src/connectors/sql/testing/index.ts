/** The contract of the SQL connectors, for whoever brings a server. */
export { mysqlServer, postgresServer } from './servers.ts';
export { sqlCases } from './suite.ts';
