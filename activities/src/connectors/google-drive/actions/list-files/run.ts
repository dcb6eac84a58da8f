import type { Json } from '@hub/dag/planner';

import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { allDrives, folderMime, quoted, withDrive } from '../../client.ts';
import type { listFilesSpec } from './spec.ts';

const pageSize = 100;

/** Answers `{ files, count, more }`. */
export const runListFiles: ActionRun<typeof listFilesSpec> = (context) =>
  withDrive(context, async (api) => {
    const { params } = context;
    const conditions = ['trashed = false'];
    if (params.folder !== undefined) conditions.push(`${quoted(params.folder)} in parents`);
    if (params.name !== undefined && params.name !== '') conditions.push(`name contains ${quoted(params.name)}`);
    if (params.text !== undefined && params.text !== '') conditions.push(`fullText contains ${quoted(params.text)}`);
    if (params.type !== undefined && params.type !== '') conditions.push(`mimeType = ${quoted(params.type)}`);
    if (params.createdAfter !== undefined && params.createdAfter !== '') conditions.push(`createdTime > ${quoted(params.createdAfter)}`);
    if (!params.folders) conditions.push(`mimeType != '${folderMime}'`);
    const { rows, more } = await collect(params.limit, async (cursor, wanted) => {
      const { data } = await api.files.list({
        q: conditions.join(' and '),
        fields: 'nextPageToken,files(id,name,mimeType,size,createdTime,modifiedTime,webViewLink,parents)',
        // Drive does not order a search in the content.
        ...(params.text === undefined || params.text === '' ? { orderBy: 'createdTime desc' } : {}),
        pageSize: Math.min(pageSize, wanted),
        ...allDrives,
        ...(cursor === null ? {} : { pageToken: cursor }),
      });
      const found = (data.files ?? []).map(
        ({ size, ...file }) => ({ ...file, size: size === undefined || size === null ? null : Number(size) }) as unknown as { [key: string]: Json },
      );
      return { rows: found, next: data.nextPageToken ?? null };
    });
    if (more) context.warn('connector.more-rows', `There are more than ${params.limit} files; the rest was not read.`);
    return { output: { files: rows, count: rows.length, more } };
  });
