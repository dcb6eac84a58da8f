import { drive } from '@googleapis/drive';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { googleOptions } from '../google/vendor.ts';
import type { ConnectorServices, ServiceContext } from '../types.ts';
import { withSheets } from './client.ts';
import { openTab, tabsOf } from './table.ts';

const mime = 'application/vnd.google-apps.spreadsheet';
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function chosen(context: ServiceContext, name: string): string {
  const value = context.params[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UserError('connector.refused', `Choose the ${name} first.`, { status: 422 });
}

export const sheetsServices: ConnectorServices = {
  test: (context) =>
    withSheets(context, async (_api, access) => {
      const { data } = await drive({ version: 'v3', ...googleOptions(access) }).about.get({ fields: 'user(displayName,emailAddress)' });
      return { message: 'Connected to Google.', account: data.user?.emailAddress ?? data.user?.displayName ?? null, scopes: null };
    }),
  resources: {
    spreadsheets: (context) =>
      withSheets(context, async (_api, access) => {
        const named = context.search ? ` and name contains ${quoted(context.search)}` : '';
        const { data } = await drive({ version: 'v3', ...googleOptions(access) }).files.list({
          q: `mimeType = '${mime}' and trashed = false${named}`,
          fields: 'nextPageToken,files(id,name,modifiedTime)',
          orderBy: 'modifiedTime desc',
          pageSize: 50,
          supportsAllDrives: true,
          includeItemsFromAllDrives: true,
          ...(context.cursor === undefined ? {} : { pageToken: context.cursor }),
        });
        const items = (data.files ?? []).map(({ id, name, modifiedTime }) => ({
          value: id ?? '',
          label: name ?? '',
          ...(modifiedTime ? { help: `changed ${modifiedTime.slice(0, 10)}` } : {}),
        }));
        return { items, nextCursor: data.nextPageToken ?? null };
      }),
    sheets: (context) =>
      withSheets(context, async (api) => ({
        items: (await tabsOf(api, chosen(context, 'spreadsheet'))).map(({ title }) => ({ value: title, label: title })),
        nextCursor: null,
      })),
    columns: (context) =>
      withSheets(context, async (api) => {
        const { columns } = await openTab(api, chosen(context, 'spreadsheet'), chosen(context, 'sheet'));
        return { items: columns.map((name) => ({ value: name, label: name })), nextCursor: null };
      }),
  },
  fields: (context) =>
    withSheets(context, async (api) => {
      const { columns } = await openTab(api, chosen(context, 'spreadsheet'), chosen(context, 'sheet'));
      return { type: 'object', properties: Object.fromEntries(columns.map((name): [string, { [key: string]: Json }] => [name, {}])) };
    }),
};
