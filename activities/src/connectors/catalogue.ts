/** Every connector, pure: for the API, the builder and the check at publish. Adding one: its folder, one line here, one in registry.ts. */
import { airtableManifest } from './airtable/manifest.ts';
import { dataManifest } from './data/manifest.ts';
import { emailManifest } from './email/manifest.ts';
import { fileManifest } from './file/manifest.ts';
import { googleDriveManifest } from './google-drive/manifest.ts';
import { googleSheetsManifest } from './google-sheets/manifest.ts';
import { httpManifest } from './http/manifest.ts';
import { hubspotManifest } from './hubspot/manifest.ts';
import { mysqlManifest } from './mysql/manifest.ts';
import { notionManifest } from './notion/manifest.ts';
import { postgresManifest } from './postgres/manifest.ts';
import { salesforceManifest } from './salesforce/manifest.ts';
import { slackManifest } from './slack/manifest.ts';
import type { ActionSpec, ConnectorManifest } from './types.ts';

export const connectorManifests = {
  airtable: airtableManifest,
  data: dataManifest,
  email: emailManifest,
  file: fileManifest,
  'google-drive': googleDriveManifest,
  'google-sheets': googleSheetsManifest,
  http: httpManifest,
  hubspot: hubspotManifest,
  mysql: mysqlManifest,
  notion: notionManifest,
  postgres: postgresManifest,
  salesforce: salesforceManifest,
  slack: slackManifest,
} as const satisfies Record<string, ConnectorManifest>;

/** The manifest of a connector, or null. Own names only, so that no definition reaches a prototype. */
export function findConnector(connector: string): ConnectorManifest | null {
  const manifests: Record<string, ConnectorManifest> = connectorManifests;
  return Object.hasOwn(manifests, connector) ? (manifests[connector] ?? null) : null;
}

/** The spec of `connector`.`action` in a version (absent: the newest), or null. */
export function findAction(connector: string, action: string, version?: number): ActionSpec | null {
  const manifest = findConnector(connector);
  return manifest === null ? null : specIn(manifest, action, version);
}

/** As `findAction`, in one manifest. */
export function specIn(manifest: ConnectorManifest, action: string, version?: number): ActionSpec | null {
  const newest = Object.hasOwn(manifest.actions, action) ? manifest.actions[action] : undefined;
  if (newest === undefined) return null;
  if (version === undefined || version === newest.version) return newest;
  const earlier = manifest.earlier !== undefined && Object.hasOwn(manifest.earlier, action) ? manifest.earlier[action] : undefined;
  return earlier?.[version] ?? null;
}
