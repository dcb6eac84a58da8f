import type { ConnectorManifest } from '../types.ts';
import { requestSpec } from './actions/request/spec.ts';

export const httpManifest = {
  id: 'http',
  version: '1.0.0',
  title: 'HTTP',
  help: 'Calls any public HTTP API. Secrets come from a credential, which is sent to its allowed hosts only.',
  actions: { request: requestSpec },
} as const satisfies ConnectorManifest;
