import type { ConnectorManifest } from '../types.ts';
import { createFolderSpec } from './actions/create-folder/spec.ts';
import { deleteFileSpec } from './actions/delete-file/spec.ts';
import { downloadFileSpec } from './actions/download-file/spec.ts';
import { listFilesSpec } from './actions/list-files/spec.ts';
import { uploadFileSpec } from './actions/upload-file/spec.ts';
import { readNotification } from './notification.ts';

export const googleDriveManifest = {
  id: 'google-drive',
  title: 'Google Drive',
  help: 'Lists, searches, downloads and uploads files and makes folders. A poll trigger finds new files: at once where the hub has a public https address, because Drive then tells it of changes, and by its interval in any case.',
  version: '1.0.0',
  docsUrl: 'https://console.cloud.google.com/apis/library/drive.googleapis.com',
  actions: {
    'list-files': listFilesSpec,
    'download-file': downloadFileSpec,
    'upload-file': uploadFileSpec,
    'create-folder': createFolderSpec,
    'delete-file': deleteFileSpec,
  },
  push: {
    actions: ['list-files'],
    help: 'Google Drive tells the hub of changes, so a new file is found within seconds. The interval stays as the net: what Drive does not tell is found by it.',
    read: readNotification,
  },
  resources: { files: 'Files the account sees, the last changed first.', folders: 'Folders the account sees, the last changed first.' },
} as const satisfies ConnectorManifest;
