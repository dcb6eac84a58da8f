import type { ActionRun } from '../../../types.ts';
import { withDrive } from '../../client.ts';
import type { deleteFileSpec } from './spec.ts';

/** Answers `{ deleted }`. */
export const runDeleteFile: ActionRun<typeof deleteFileSpec> = (context) =>
  withDrive(context, async (api) => {
    const deleted = await api.files
      .update({ fileId: context.params.file, requestBody: { trashed: true }, fields: 'id', supportsAllDrives: true })
      .then(
        () => true,
        (error: unknown) => {
          if ((error as { status?: number }).status === 404) return false;
          throw error;
        },
      );
    return { output: { deleted } };
  });
