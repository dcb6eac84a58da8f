import type { ConnectorManifest } from '../types.ts';
import { createFolderSpec } from './actions/create-folder/spec.ts';
import { deleteFileSpec } from './actions/delete-file/spec.ts';
import { downloadFileSpec } from './actions/download-file/spec.ts';
import { listFilesSpec } from './actions/list-files/spec.ts';
import { uploadFileSpec } from './actions/upload-file/spec.ts';

export const googleDriveManifest = {
  id: 'google-drive',
  title: 'Google Drive',
  help: 'Lists, searches, downloads and uploads files and makes folders. In a poll trigger it finds new files.',
  version: '1.0.0',
  docsUrl: 'https://console.cloud.google.com/apis/library/drive.googleapis.com',
  actions: {
    'list-files': listFilesSpec,
    'download-file': downloadFileSpec,
    'upload-file': uploadFileSpec,
    'create-folder': createFolderSpec,
    'delete-file': deleteFileSpec,
  },
  resources: { files: 'Files the account sees, the last changed first.', folders: 'Folders the account sees, the last changed first.' },
} as const satisfies ConnectorManifest;
