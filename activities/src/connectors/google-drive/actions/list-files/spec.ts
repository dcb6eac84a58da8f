import { z } from 'zod';

import { driveScope, googleKinds } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { folderId } from '../../params.ts';

const params = z.strictObject({
  folder: folderId.optional(),
  name: z
    .string()
    .max(200)
    .optional()
    .describe('Part of the name.')
    .meta({ title: 'Name has', ui: { width: 'half' } }),
  text: z
    .string()
    .max(200)
    .optional()
    .describe('Words that stand in it.')
    .meta({ title: 'Content has', ui: { more: true, width: 'half' } }),
  type: z
    .string()
    .max(150)
    .optional()
    .describe('Mime type, such as application/pdf.')
    .meta({ ui: { more: true, width: 'half' } }),
  createdAfter: z
    .string()
    .max(40)
    .optional()
    .describe('Only newer ones (ISO 8601): {{ cursor }} in a poll trigger with the cursor createdTime.')
    .meta({ ui: { more: true, width: 'half' } }),
  folders: z
    .boolean()
    .default(false)
    .describe('Also folders.')
    .meta({ ui: { more: true } }),
  limit: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('At most this many, the newest first.')
    .meta({ title: 'At most', ui: { unit: 'files' } }),
});

export const listFilesSpec = {
  id: 'list-files',
  version: 1,
  kind: 'read',
  title: 'List files',
  help: 'Lists or searches files, the newest first; what is in the bin does not count. In a poll trigger it finds new files.',
  example: {
    params: { folder: '0AbCdEfGhIjKlMn', name: 'invoice' },
    output: {
      files: [{ id: '1aBc', name: 'Invoice 7.pdf', mimeType: 'application/pdf', size: 1024, createdTime: '2026-01-02T03:04:05.000Z' }],
      count: 1,
      more: false,
    },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Id, name, type, size and times of each file, their number, and whether there are more.',
    schema: {
      type: 'object',
      required: ['files', 'count', 'more'],
      properties: { files: { type: 'array', items: { type: 'object' } }, count: { type: 'integer' }, more: { type: 'boolean' } },
    },
  },
  credentialKinds: googleKinds,
  scopes: [driveScope],
} as const satisfies ActionSpec<typeof params>;
