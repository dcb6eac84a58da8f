import { z } from 'zod';

import { driveScope, googleKinds } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { folderId } from '../../params.ts';

const params = z.strictObject({
  file: z.looseObject({ $file: z.string().min(1) }).describe('The file, at most 50 MB.'),
  folder: folderId.optional(),
  name: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Its name in Drive; its own when left out.')
    .meta({ ui: { width: 'half' } }),
});

export const uploadFileSpec = {
  id: 'upload-file',
  version: 1,
  kind: 'write',
  title: 'Upload a file',
  help: 'Puts a file into Drive. Repeated attempts of a step make one file: each carries the same mark.',
  example: {
    params: { file: '{{ nodes.report.output.file }}', folder: '0AbCdEfGhIjKlMn' },
    output: { id: '1aBcDeFgHi', name: 'report.csv', url: 'https://drive.google.com/file/d/1aBcDeFgHi/view' },
  },
  params,
  literalParams: [],
  // The mark is looked for before anything is uploaded.
  idempotent: true,
  output: {
    help: 'Id, name and address of the file.',
    schema: {
      type: 'object',
      required: ['id', 'name', 'url'],
      properties: { id: { type: 'string' }, name: { type: 'string' }, url: { type: 'string' } },
    },
  },
  credentialKinds: googleKinds,
  scopes: [driveScope],
  compensation: { action: 'delete-file', help: 'Moves the file to the bin.', from: (_params, output) => ({ file: (output as { id: string }).id }) },
} as const satisfies ActionSpec<typeof params>;
