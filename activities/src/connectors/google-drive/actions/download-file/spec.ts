import { z } from 'zod';

import { driveScope, googleKinds } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { fileId } from '../../params.ts';

const params = z.strictObject({
  file: fileId,
  as: z
    .enum(['auto', 'pdf', 'docx', 'xlsx', 'csv', 'text', 'html'])
    .default('auto')
    .describe('What a Google document becomes; other files come as they are.')
    .meta({ title: 'Google documents as', ui: { more: true, labels: ['Word, Excel or PDF', 'PDF', 'Word', 'Excel', 'CSV', 'Text', 'HTML'] } }),
});

export const downloadFileSpec = {
  id: 'download-file',
  version: 1,
  kind: 'read',
  title: 'Download a file',
  help: 'Gives a file of Drive, up to 50 MB. Google documents, sheets and slides are exported.',
  example: { params: { file: '1aBcDeFgHiJk' }, output: { file: { $file: '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f', name: 'Invoice 7.pdf' } } },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The file’s handle.',
    schema: {
      type: 'object',
      required: ['file'],
      properties: { file: { type: 'object', properties: { $file: { type: 'string' }, name: { type: 'string' } } } },
    },
  },
  credentialKinds: googleKinds,
  scopes: [driveScope],
} as const satisfies ActionSpec<typeof params>;
