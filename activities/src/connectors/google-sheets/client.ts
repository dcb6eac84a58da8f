/** Google Sheets by its official SDK (the package of this one API), loaded with the first step that uses it. */
import { sheets } from '@googleapis/sheets';
import type { sheets_v4 } from '@googleapis/sheets';

import { sheetsScope } from '../google/kinds.ts';
import { googleOptions, googleVendor } from '../google/vendor.ts';
import { withVendor } from '../sdk/vendor.ts';
import type { Access, CallContext } from '../sdk/vendor.ts';

const vendor = googleVendor('Google Sheets', sheetsScope);

/** @throws HubError `connector.*`, `http.*`. */
export function withSheets<T>(context: CallContext, use: (api: sheets_v4.Resource$Spreadsheets, access: Access) => Promise<T>): Promise<T> {
  return withVendor(context, vendor, (access) => use(sheets({ version: 'v4', ...googleOptions(access) }).spreadsheets, access));
}
