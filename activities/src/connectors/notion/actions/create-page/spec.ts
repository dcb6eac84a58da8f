import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { dataSource, insertContent, markdown, notionKinds, page, pageSchema, properties } from '../../params.ts';

const params = z.strictObject({
  dataSource: dataSource.optional().describe('Into which database, as a row: choose it, or give its address. Or leave it empty and give a page.'),
  page: page
    .optional()
    .describe('Under which page: choose it, or give its address. Or leave it empty and give a database.')
    .meta({ title: 'Under page' }),
  title: z.string().max(2_000).optional().describe('Title of the new page.'),
  properties: properties.optional(),
  markdown: markdown.optional(),
});

export const createPageSpec = {
  id: 'create-page',
  version: 1,
  kind: 'write',
  title: 'Create a page',
  help: 'Makes a page: a row of a database, or under another page. When it is not known whether it was made, the run asks instead of making another.',
  example: {
    params: { dataSource: '1429989fe8ac4effbc8f57f56486db54', title: 'Ada', properties: { Status: 'Open' }, markdown: '# Notes\n\n- first' },
    output: {
      id: '59833787-2cf9-4fdf-8782-e53db20768a5',
      url: 'https://www.notion.so/…',
      title: 'Ada',
      createdTime: '2026-01-02T03:04:00.000Z',
      editedTime: '2026-01-02T03:04:00.000Z',
      properties: { Name: 'Ada', Status: 'Open' },
    },
  },
  params,
  literalParams: [],
  idempotent: false,
  output: { help: 'The new page with its id and address.', schema: pageSchema },
  credentialKinds: notionKinds,
  scopes: [insertContent, 'Read content'],
  compensation: { action: 'trash-page', help: 'Moves the page to the trash.', from: (_params, output) => ({ page: (output as { id: string }).id }) },
} as const satisfies ActionSpec<typeof params>;
