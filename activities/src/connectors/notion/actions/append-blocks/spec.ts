import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { insertContent, markdown, notionKinds, page } from '../../params.ts';

const params = z.strictObject({ page, markdown: markdown.min(1) });

export const appendBlocksSpec = {
  id: 'append-blocks',
  version: 1,
  kind: 'write',
  title: 'Add to a page',
  help: 'Adds markdown at the end of a page, or below a block. When it is not known whether it was added, the run asks instead of adding it again.',
  example: {
    params: { page: '59833787-2cf9-4fdf-8782-e53db20768a5', markdown: '## {{ input.day }}\n\n- {{ input.note }}' },
    output: { ids: ['c02fc1d3-db8b-45c5-a222-27595b15aea7'], count: 1 },
  },
  params,
  literalParams: [],
  idempotent: false,
  output: {
    help: 'Ids of the new blocks at the top, and how many blocks were added in all.',
    schema: {
      type: 'object',
      required: ['ids', 'count'],
      properties: { ids: { type: 'array', items: { type: 'string' } }, count: { type: 'integer' } },
    },
  },
  credentialKinds: notionKinds,
  scopes: [insertContent],
} as const satisfies ActionSpec<typeof params>;
