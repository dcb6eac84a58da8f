import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { limit, notionKinds, readContent } from '../../params.ts';

const params = z.strictObject({
  query: z.string().max(500).default('').describe('Words of the title; empty: everything that the integration sees.').meta({ title: 'Title' }),
  kind: z
    .enum(['any', 'page', 'data_source'])
    .default('any')
    .describe('What to look for.')
    .meta({ title: 'Look for', ui: { labels: ['Pages and databases', 'Pages', 'Databases'] } }),
  limit: limit('results'),
});

export const searchSpec = {
  id: 'search',
  version: 1,
  kind: 'read',
  title: 'Search',
  help: 'Finds pages and databases by their title, the last edited first. Notion finds only what is connected to the integration.',
  example: {
    params: { query: 'Notes', kind: 'page' },
    output: {
      results: [
        {
          id: '59833787-2cf9-4fdf-8782-e53db20768a5',
          kind: 'page',
          title: 'Notes',
          url: 'https://www.notion.so/…',
          editedTime: '2026-01-02T03:04:00.000Z',
        },
      ],
      count: 1,
      more: false,
    },
  },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'Each page or database with its id, kind, title and address, how many they are, and whether there are more.',
    schema: {
      type: 'object',
      required: ['results', 'count', 'more'],
      properties: {
        results: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: { type: 'string' },
              kind: { type: 'string' },
              title: { type: 'string' },
              url: { type: 'string' },
              editedTime: { type: 'string' },
            },
          },
        },
        count: { type: 'integer' },
        more: { type: 'boolean' },
      },
    },
  },
  credentialKinds: notionKinds,
  scopes: [readContent],
} as const satisfies ActionSpec<typeof params>;
