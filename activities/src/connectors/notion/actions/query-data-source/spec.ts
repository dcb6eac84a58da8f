import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';
import { dataSource, limit, notionKinds, pageSchema, readContent } from '../../params.ts';

const params = z.strictObject({
  dataSource,
  match: z
    .record(z.string(), z.json())
    .optional()
    .describe('Only rows whose properties have these values; a choice among several counts when it is one of them.')
    .meta({ title: 'Properties equal', ui: { kind: 'any' } }),
  filter: z
    .record(z.string(), z.json())
    .optional()
    .describe('A filter as Notion’s API has it, e.g. { "property": "Total", "number": { "greater_than": 100 } }.')
    .meta({ ui: { more: true, kind: 'any' } }),
  sort: z
    .array(
      z.strictObject({
        property: z.string().min(1).max(255).describe('By which property, or created_time, or last_edited_time.'),
        direction: z.enum(['ascending', 'descending']).default('ascending').describe('Which way.'),
      }),
    )
    .max(10)
    .optional()
    .describe('In which order.')
    .meta({ title: 'Order', ui: { more: true, words: { one: 'property' } } }),
  limit: limit('rows'),
});

export const queryDataSourceSpec = {
  id: 'query-data-source',
  version: 1,
  kind: 'read',
  title: 'Query a database',
  help: 'Reads the rows of a database: all, or those that match. Each is a page, its properties as plain values.',
  example: {
    params: { dataSource: '1429989fe8ac4effbc8f57f56486db54', match: { Status: 'Open' }, limit: 100 },
    output: {
      rows: [
        {
          id: '59833787-2cf9-4fdf-8782-e53db20768a5',
          url: 'https://www.notion.so/…',
          title: 'Ada',
          createdTime: '2026-01-02T03:04:00.000Z',
          editedTime: '2026-01-02T03:04:00.000Z',
          properties: { Name: 'Ada', Status: 'Open' },
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
    help: 'Each row with its id, address and properties, how many they are, and whether there are more.',
    schema: {
      type: 'object',
      required: ['rows', 'count', 'more'],
      properties: { rows: { type: 'array', items: pageSchema }, count: { type: 'integer' }, more: { type: 'boolean' } },
    },
  },
  credentialKinds: notionKinds,
  scopes: [readContent],
} as const satisfies ActionSpec<typeof params>;
