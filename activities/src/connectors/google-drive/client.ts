/** Google Drive by its official SDK (the package of this one API), loaded with the first step that uses it. */
import { drive } from '@googleapis/drive';
import type { drive_v3 } from '@googleapis/drive';

import { driveScope } from '../google/kinds.ts';
import { googleOptions, googleVendor } from '../google/vendor.ts';
import { withVendor } from '../sdk/vendor.ts';
import type { Access, CallContext } from '../sdk/vendor.ts';

const vendor = googleVendor('Google Drive', driveScope);

/** @throws HubError `connector.*`, `http.*`. */
export function withDrive<T>(context: CallContext, use: (api: drive_v3.Drive, access: Access) => Promise<T>): Promise<T> {
  return withVendor(context, vendor, (access) => use(drive({ version: 'v3', ...googleOptions(access) }), access));
}

/** A text in Drive's query language. */
export const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
/** Files of shared drives count too. */
export const allDrives = { supportsAllDrives: true, includeItemsFromAllDrives: true };
export const folderMime = 'application/vnd.google-apps.folder';
