import type { RunsOf } from '../types.ts';
import { runCreateFolder } from './actions/create-folder/run.ts';
import { runDeleteFile } from './actions/delete-file/run.ts';
import { runDownloadFile } from './actions/download-file/run.ts';
import { runListFiles } from './actions/list-files/run.ts';
import { runUploadFile } from './actions/upload-file/run.ts';
import type { googleDriveManifest } from './manifest.ts';

export { driveServices as services } from './services.ts';
export const actions: RunsOf<typeof googleDriveManifest> = {
  'list-files': runListFiles,
  'download-file': runDownloadFile,
  'upload-file': runUploadFile,
  'create-folder': runCreateFolder,
  'delete-file': runDeleteFile,
};
