import type { ActionRun } from '../../../types.ts';
import { allDrives, folderMime, quoted, withDrive } from '../../client.ts';
import type { createFolderSpec } from './spec.ts';

/** Answers `{ id, name, created }`. */
export const runCreateFolder: ActionRun<typeof createFolderSpec> = (context) =>
  withDrive(context, async (api) => {
    const { name, folder } = context.params;
    const parent = folder ?? 'root';
    const q = `mimeType = '${folderMime}' and name = ${quoted(name)} and ${quoted(parent)} in parents and trashed = false`;
    const before = await api.files.list({ q, fields: 'files(id,name)', pageSize: 1, ...allDrives });
    const there = before.data.files?.[0];
    if (there !== undefined) return { output: { id: there.id ?? '', name: there.name ?? '', created: false } };
    const { data } = await api.files.create({
      requestBody: { name, mimeType: folderMime, parents: [parent] },
      fields: 'id,name',
      supportsAllDrives: true,
    });
    return { output: { id: data.id ?? '', name: data.name ?? '', created: true } };
  });
