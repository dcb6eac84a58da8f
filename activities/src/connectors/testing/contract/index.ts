/** Door for `npm run proof -- connectors` and `live`: contracts of all connectors, and what they are held to. */
export { connectorManifests } from '../../catalogue.ts';
export { contractKits, ownKits } from './kits.ts';
export { runLive, standInOnly } from './live.ts';
export { ownCases } from './own-suite.ts';
export { contractCases } from './suite.ts';
export type { ContractKit } from './suite.ts';
