import { z } from 'zod';

import { driveScope, googleKinds } from '../../../google/kinds.ts';
import type { ActionSpec } from '../../../types.ts';
import { fileId } from '../../params.ts';

const params = z.strictObject({ file: fileId });

export const deleteFileSpec = {
  id: 'delete-file',
  version: 1,
  kind: 'write',
  title: 'Move a file to the bin',
  help: 'Moves a file or folder to the bin, from where it can be restored for 30 days; one that is gone already is fine.',
  example: { params: { file: '1aBcDeFgHiJk' }, output: { deleted: true } },
  params,
  literalParams: [],
  idempotent: true,
  output: { help: 'Whether it was there.', schema: { type: 'object', required: ['deleted'], properties: { deleted: { type: 'boolean' } } } },
  credentialKinds: googleKinds,
  scopes: [driveScope],
} as const satisfies ActionSpec<typeof params>;
