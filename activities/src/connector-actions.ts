/** Door for whoever runs one action by itself, without a worker around it. Loads a connector's code at its first use. */
export { parseParams } from './connectors/params.ts';
export { actionFor } from './connectors/registry.ts';
