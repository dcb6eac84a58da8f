import { z } from 'zod';

const id = z
  .string()
  .min(5)
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/, 'wants an id: the long part of the address');
export const fileId = id.describe('The file: choose it, or give the long part of its address.').meta({ title: 'File', ui: { options: 'files' } });
export const folderId = id
  .describe('The folder; all of what the account sees when left out.')
  .meta({ title: 'Folder', ui: { width: 'half', options: 'folders' } });
