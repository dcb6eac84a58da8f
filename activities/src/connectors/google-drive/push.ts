/** Channels by which Drive tells of changes: `changes.watch`, `channels.stop`. What changed is not read here: the poll looks. */
import { isHubError } from '@hub/kit/errors';

import { badAnswer } from '../sdk/faults.ts';
import type { ConnectorServices } from '../types.ts';
import { allDrives, withDrive } from './client.ts';

export const drivePush: NonNullable<ConnectorServices['push']> = {
  open: (context, { id, token, address, expiresAt }) =>
    withDrive(context, async (api) => {
      const { data: start } = await api.changes.getStartPageToken({ supportsAllDrives: true });
      const { data } = await api.changes.watch({
        pageToken: start.startPageToken ?? '',
        ...allDrives,
        requestBody: { id, token, address, type: 'web_hook', expiration: String(Date.parse(expiresAt)) },
      });
      const { resourceId, expiration } = data;
      if (!resourceId) throw badAnswer('Google Drive', new TypeError('changes.watch answered without resourceId'));
      // Drive may give less time than was asked for.
      return { resource: resourceId, expiresAt: expiration ? new Date(Number(expiration)).toISOString() : expiresAt };
    }),
  close: (context, { id, resource }) =>
    withDrive(context, async (api) => {
      await api.channels.stop({ requestBody: { id, resourceId: resource } });
      return { closed: true };
    }).catch((error: unknown) => {
      if (isHubError(error) && error.code === 'connector.not-found') return { closed: false };
      throw error;
    }),
};
