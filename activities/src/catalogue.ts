/** What can be built with, pure: for the API, the builder and the check at publish. Connectors with their actions, models, error codes. */
import type { CodeHelp } from '@hub/kit/errors';

import { connectorErrorCodes } from './connectors/error-codes.ts';
import { modelErrorCodes } from './models/error-codes.ts';
import { stepErrorCodes } from './steps/error-codes.ts';

export { connectorManifests, findAction, findConnector } from './connectors/catalogue.ts';
export { checkDraftParams, isDraftIdempotent, isIdempotent } from './connectors/params.ts';
export type { ParamFault } from './connectors/params.ts';
export type { ActionSpec, ConnectorManifest } from './connectors/types.ts';
export { modelCatalogue } from './models/catalogue.ts';
export type { ModelEntry } from './models/catalogue.ts';

/** Codes of steps, expressions, connectors, prompts and models by code. */
// Marked, so that what a browser loads leaves them out.
export const errorCodes: Record<string, CodeHelp> = /* @__PURE__ */ Object.assign({}, stepErrorCodes, connectorErrorCodes, modelErrorCodes);
