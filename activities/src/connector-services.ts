/** Door for the API: what a connector's vendor says to forms, and whether a connection works. Loads a vendor's SDK at its first use only. */
export { servicesFor } from './connectors/registry.ts';
export type { Choice, Connection, ConnectorServices, ServiceContext } from './connectors/types.ts';
export { missingScopes } from './connectors/scopes.ts';
