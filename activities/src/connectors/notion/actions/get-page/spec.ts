import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { notionKinds, page, pageSchemaWith, readContent } from '../../params.ts';

const params = z.strictObject({
  page,
  content: z.boolean().default(true).describe('Also read what stands on it, as markdown.').meta({ title: 'With its content' }),
  blocks: z
    .int()
    .min(1)
    .max(5_000)
    .default(1_000)
    .describe('At most this many blocks of it.')
    .meta({ title: 'At most', ui: { unit: 'blocks', more: true } }),
});

export const getPageSpec = {
  id: 'get-page',
  version: 1,
  kind: 'read',
  title: 'Get a page',
  help: 'Reads a page: its properties as plain values, and what stands on it as markdown.',
  example: {
    params: { page: '59833787-2cf9-4fdf-8782-e53db20768a5' },
    output: {
      id: '59833787-2cf9-4fdf-8782-e53db20768a5',
      url: 'https://www.notion.so/…',
      title: 'Notes',
      createdTime: '2026-01-02T03:04:00.000Z',
      editedTime: '2026-01-02T03:04:00.000Z',
      properties: { title: 'Notes' },
      markdown: '# Agenda\n\n- [ ] Budget',
      more: false,
    },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The page, its content as markdown (null where it was not asked for), and whether there is more of it.',
    schema: pageSchemaWith({ markdown: { type: ['string', 'null'] }, more: { type: 'boolean' } }),
  },
  credentialKinds: notionKinds,
  scopes: [readContent],
} as const satisfies ActionSpec<typeof params>;
