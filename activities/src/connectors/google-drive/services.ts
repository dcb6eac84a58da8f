import type { ConnectorServices, ServiceContext } from '../types.ts';
import { allDrives, folderMime, quoted, withDrive } from './client.ts';
import { drivePush } from './push.ts';

const list = (context: ServiceContext, condition: string) =>
  withDrive(context, async (api) => {
    const named = context.search ? ` and name contains ${quoted(context.search)}` : '';
    const { data } = await api.files.list({
      q: `${condition} and trashed = false${named}`,
      fields: 'nextPageToken,files(id,name,modifiedTime)',
      orderBy: 'modifiedTime desc',
      pageSize: 50,
      ...allDrives,
      ...(context.cursor === undefined ? {} : { pageToken: context.cursor }),
    });
    return { items: (data.files ?? []).map(({ id, name }) => ({ value: id ?? '', label: name ?? '' })), nextCursor: data.nextPageToken ?? null };
  });

export const driveServices: ConnectorServices = {
  test: (context) =>
    withDrive(context, async (api) => {
      const { data } = await api.about.get({ fields: 'user(displayName,emailAddress)' });
      return { message: 'Connected to Google Drive.', account: data.user?.emailAddress ?? data.user?.displayName ?? null, scopes: null };
    }),
  push: drivePush,
  resources: { folders: (context) => list(context, `mimeType = '${folderMime}'`), files: (context) => list(context, `mimeType != '${folderMime}'`) },
};
