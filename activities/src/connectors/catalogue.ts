/** Every connector, pure: for the API, the builder and the check at publish. Adding one: its folder, one line here, one in registry.ts. */
import { fileManifest } from './file/manifest.ts';
import { httpManifest } from './http/manifest.ts';
import type { ActionSpec, ConnectorManifest } from './types.ts';

export const connectorManifests = {
  file: fileManifest,
  http: httpManifest,
} as const satisfies Record<string, ConnectorManifest>;

/** The spec of `connector`.`action`, or null. Own names only, so that no definition reaches a prototype. */
export function findAction(connector: string, action: string): ActionSpec | null {
  const manifests: Record<string, ConnectorManifest> = connectorManifests;
  const manifest = Object.hasOwn(manifests, connector) ? manifests[connector] : undefined;
  return manifest !== undefined && Object.hasOwn(manifest.actions, action) ? (manifest.actions[action] ?? null) : null;
}
