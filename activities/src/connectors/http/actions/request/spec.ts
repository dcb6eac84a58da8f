import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const path = z.string().min(1).max(200);

const paging = z
  .discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('page'),
      param: z.string().min(1).max(100).default('page').describe('Query parameter that counts pages.'),
      start: z.int().min(0).default(1),
      pageSize: z.int().min(1).max(10_000).optional().describe('A page with fewer items is the last; without it an empty one is.'),
      items: path.optional().describe('Where the items are in each answer, e.g. data.items; absent: the answer is the list.'),
      maxPages: z.int().min(1).max(100).default(10),
    }),
    z.strictObject({
      mode: z.literal('cursor'),
      param: z.string().min(1).max(100).default('cursor').describe('Query parameter that takes the cursor.'),
      next: path.describe('Where the next cursor is in each answer, e.g. meta.next_cursor; empty or absent there means the end.'),
      items: path.optional(),
      maxPages: z.int().min(1).max(100).default(10),
    }),
    z.strictObject({
      mode: z.literal('link'),
      next: path.optional().describe('Where the URL of the next page is in each answer; absent: the Link header with rel="next".'),
      items: path.optional(),
      maxPages: z.int().min(1).max(100).default(10),
    }),
  ])
  .describe('Reads page after page and gives all items.');

const params = z.strictObject({
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .default('GET')
    .describe('GET reads; the others may change something.')
    .meta({ ui: { labels: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] } }),
  url: z
    .string()
    .min(1)
    .max(16_384)
    .describe('The whole address, https.')
    .meta({ title: 'URL', ui: { multiline: false, placeholder: 'https://api.example.com/v1/items' } }),
  query: z
    .record(z.string(), z.union([scalar, z.null(), z.array(scalar)]))
    .default({})
    .describe('Added to the URL; null is left out, a list is repeated.')
    .meta({ ui: { words: { one: 'parameter' } } }),
  headers: z
    .record(z.string(), z.union([scalar, z.null()]))
    .default({})
    .describe('No secrets here: choose a credential.')
    .meta({ ui: { words: { one: 'header' } } }),
  body: z
    .json()
    .optional()
    .describe('What is sent with POST, PUT, PATCH, DELETE; a file handle sends the file.')
    .meta({ ui: { multiline: true, when: { field: 'method', is: ['POST', 'PUT', 'PATCH', 'DELETE'] } } }),
  bodyType: z
    .enum(['auto', 'json', 'text', 'form'])
    .default('auto')
    .describe('auto: text as text, a file as it is, anything else as JSON. form: one field per key.')
    .meta({
      title: 'Sent as',
      ui: { when: { field: 'method', is: ['POST', 'PUT', 'PATCH', 'DELETE'] }, labels: ['As it is', 'JSON', 'Text', 'Form'] },
    }),
  response: z
    .enum(['auto', 'json', 'text', 'file'])
    .default('auto')
    .describe('auto goes by the content type; what is neither JSON nor text becomes a file.')
    .meta({ title: 'Answer read as', ui: { more: true, labels: ['By its type', 'JSON', 'Text', 'File'] } }),
  paging: paging
    .optional()
    .describe('Reads page after page and gives all items.')
    .meta({ ui: { more: true } }),
  expect: z
    .strictObject({
      status: z.array(z.int().min(200).max(599)).min(1).max(20).optional().describe('Statuses that are fine; any other fails. Absent: 200 to 299.'),
      fields: z.array(path).max(50).default([]).describe('Places that must be there in the answer, e.g. data.id.'),
    })
    .optional()
    .describe('What the answer must be like; absent: any status from 200 to 299.')
    .meta({ title: 'Expected answer', ui: { more: true } }),
  idempotent: z
    .boolean()
    .optional()
    .describe('Is repeating the call harmless? Absent: yes for GET, HEAD, PUT, DELETE; no for POST and PATCH.')
    .meta({ title: 'Safe to repeat', ui: { more: true } }),
});

const harmlessMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

export const requestSpec = {
  id: 'request',
  version: 1,
  kind: 'either',
  title: 'HTTP request',
  help: 'Calls an HTTP API and gives its answer. 429 and 5xx are tried again as the step says; other errors fail with http.status-<code>.',
  example: {
    params: {
      method: 'GET',
      url: 'https://api.example.com/v1/items',
      query: { limit: 50 },
      paging: { mode: 'cursor', param: 'after', next: 'meta.next', items: 'data' },
    },
    output: { status: 200, headers: { 'content-type': 'application/json' }, body: [{ id: 1 }], pages: 1 },
  },
  params,
  literalParams: [],
  idempotent: (given) => given.idempotent ?? harmlessMethods.has(given.method),
  output: {
    help: 'Status, headers and the parsed body; with paging the body is the list of all items and pages their number.',
    schema: {
      type: 'object',
      required: ['status', 'headers', 'body'],
      properties: { status: { type: 'integer' }, headers: { type: 'object' }, body: {}, pages: { type: 'integer' } },
    },
  },
  credentialKinds: ['api-key', 'bearer', 'basic', 'header', 'oauth2', 'oauth2-client-credentials'],
} as const satisfies ActionSpec<typeof params>;
