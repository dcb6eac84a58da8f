import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { notionKinds, page, updateContent } from '../../params.ts';

const params = z.strictObject({
  page,
  restore: z
    .boolean()
    .default(false)
    .describe('Take it out of the trash instead.')
    .meta({ title: 'Restore it', ui: { more: true } }),
});

export const trashPageSpec = {
  id: 'trash-page',
  version: 1,
  kind: 'write',
  title: 'Move a page to the trash',
  help: 'Moves a page to the trash, or takes it out again. Notion keeps it there for 30 days.',
  example: { params: { page: '59833787-2cf9-4fdf-8782-e53db20768a5' }, output: { id: '59833787-2cf9-4fdf-8782-e53db20768a5', trashed: true } },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Whether it is in the trash now.',
    schema: { type: 'object', required: ['id', 'trashed'], properties: { id: { type: 'string' }, trashed: { type: 'boolean' } } },
  },
  credentialKinds: notionKinds,
  scopes: [updateContent],
} as const satisfies ActionSpec<typeof params>;
