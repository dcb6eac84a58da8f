import { z } from 'zod';

import { driveScope, googleKinds } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { folderId } from '../../params.ts';

const params = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(200)
    .describe('Name of the folder.')
    .meta({ ui: { width: 'half' } }),
  folder: folderId.optional(),
});

export const createFolderSpec = {
  id: 'create-folder',
  version: 1,
  kind: 'write',
  title: 'Make a folder',
  help: 'Makes a folder, or gives the one of that name that is there.',
  example: { params: { name: 'Invoices' }, output: { id: '0AbCdEfGhI', name: 'Invoices', created: true } },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Id and name of the folder, and whether it is new.',
    schema: {
      type: 'object',
      required: ['id', 'name', 'created'],
      properties: { id: { type: 'string' }, name: { type: 'string' }, created: { type: 'boolean' } },
    },
  },
  credentialKinds: googleKinds,
  scopes: [driveScope],
  compensation: {
    action: 'delete-file',
    help: 'Moves the folder to the bin, where this step had made it.',
    from: (_params, output) => {
      const { id, created } = output as { id: string; created: boolean };
      return created ? { file: id } : 'nothing';
    },
  },
} as const satisfies ActionSpec<typeof params>;
