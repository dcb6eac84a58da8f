import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { notionKinds, page, pageSchema, properties, updateContent } from '../../params.ts';

const params = z.strictObject({ page, properties });

export const updatePageSpec = {
  id: 'update-page',
  version: 1,
  kind: 'write',
  title: 'Update a page',
  help: 'Changes properties of a page; only those that are named. Null empties one.',
  example: {
    params: { page: '59833787-2cf9-4fdf-8782-e53db20768a5', properties: { Status: 'Done', Tags: ['a', 'b'] } },
    output: {
      id: '59833787-2cf9-4fdf-8782-e53db20768a5',
      url: 'https://www.notion.so/…',
      title: 'Ada',
      createdTime: '2026-01-02T03:04:00.000Z',
      editedTime: '2026-01-02T03:04:00.000Z',
      properties: { Name: 'Ada', Status: 'Done', Tags: ['a', 'b'] },
    },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: { help: 'The page as it is now.', schema: pageSchema },
  credentialKinds: notionKinds,
  scopes: [updateContent, 'Read content'],
} as const satisfies ActionSpec<typeof params>;
