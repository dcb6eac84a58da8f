/** Connectors' part of the check: their actions and what is wrong with params. */
import { checkDraftParams, connectorManifests, findAction, isDraftIdempotent } from '@hub/activities/catalogue';
import type { ConnectorPorts } from './check.ts';

export const connectorPorts: ConnectorPorts = {
  connectors: () => Object.keys(connectorManifests),
  action(connector, action) {
    const spec = findAction(connector, action);
    if (spec === null) return undefined;
    return {
      kind: spec.kind,
      idempotent: (params) => isDraftIdempotent(spec, params),
      literalParams: spec.literalParams,
      paramsFaults: (params) => checkDraftParams(spec, params).map(({ path, message }) => ({ path, message })),
    };
  },
};
