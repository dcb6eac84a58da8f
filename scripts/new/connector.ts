/** `pnpm new connector <name> [--action <verb-noun>]`: a connector with one reading action against an HTTP API, in the style of `file` and `http`. */
import { addEntry, addImport } from './edit.ts';
import { type Names, type Plan, namesOf } from './plan.ts';

/** Fills the plan. */
export function newConnector(plan: Plan, names: Names, options: { action?: string | undefined }): void {
  const action = namesOf(options.action ?? 'list-items');
  const folder = `activities/src/connectors/${names.kebab}`;
  plan.make(`${folder}/manifest.ts`, manifest(names, action));
  plan.make(`${folder}/runs.ts`, runs(names, action));
  plan.make(`${folder}/actions/${action.kebab}/spec.ts`, spec(names, action));
  plan.make(`${folder}/actions/${action.kebab}/run.ts`, run(names, action));
  plan.make(`${folder}/actions/${action.kebab}/run.test.ts`, test(names, action));
  plan.edit('activities/src/connectors/catalogue.ts', (text) =>
    addEntry(
      addImport(text, `import { ${names.camel}Manifest } from './${names.kebab}/manifest.ts';`),
      'connectorManifests = {',
      `'${names.kebab}': ${names.camel}Manifest`,
    ),
  );
  plan.edit('activities/src/connectors/registry.ts', (text) =>
    addEntry(text, 'services?: ConnectorServices }> } = {', `'${names.kebab}': () => import('./${names.kebab}/runs.ts')`),
  );
  plan.next.push(
    `Say what it is and does in ${folder}/manifest.ts and actions/${action.kebab}/spec.ts: title, help, params, output, example.`,
    `Call the vendor in actions/${action.kebab}/run.ts, by its official SDK where there is one (add it to activities/package.json, retries off, its base URL a param).`,
    `pnpm vitest run --project unit ${folder}; then node scripts/docs/main.ts`,
  );
}

function manifest(names: Names, action: Names): string {
  return `import type { ConnectorManifest } from '../types.ts';
import { ${action.camel}Spec } from './actions/${action.kebab}/spec.ts';

export const ${names.camel}Manifest = {
  id: '${names.kebab}',
  title: '${names.title}',
  help: 'Reads from the API of ${names.title}.',
  version: '1.0.0',
  actions: { '${action.kebab}': ${action.camel}Spec },
} as const satisfies ConnectorManifest;
`;
}

function runs(names: Names, action: Names): string {
  return `import type { RunsOf } from '../types.ts';
import { run${action.pascal} } from './actions/${action.kebab}/run.ts';
import type { ${names.camel}Manifest } from './manifest.ts';

export const actions: RunsOf<typeof ${names.camel}Manifest> = { '${action.kebab}': run${action.pascal} };
`;
}

function spec(names: Names, action: Names): string {
  return `import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';

const params = z.strictObject({
  baseUrl: z.url().describe('Where the API is, e.g. https://api.example.com/v1.'),
  limit: z.int().min(1).max(1_000).default(100).describe('At most this many items.'),
});

export const ${action.camel}Spec = {
  id: '${action.kebab}',
  version: 1,
  kind: 'read',
  title: '${action.title}',
  help: 'Reads items of ${names.title}, the newest first.',
  example: { params: { baseUrl: 'https://api.example.com/v1', limit: 10 }, output: { items: [{ id: 1 }], count: 1 } },
  params,
  literalParams: [],
  idempotent: true,
  output: {
    help: 'The items and their number.',
    schema: { type: 'object', required: ['items', 'count'], properties: { items: { type: 'array' }, count: { type: 'integer' } } },
  },
  credentialKinds: ['api-key', 'bearer', 'header'],
} as const satisfies ActionSpec<typeof params>;
`;
}

function run(names: Names, action: Names): string {
  return `import type { Json } from '@hub/dag/planner';
import { createRedactor } from '@hub/kit/redact';

import { secretsOf, toOutboundCredential } from '../../../credentials.ts';
import { readAnswer } from '../../../http/actions/request/answer.ts';
import { statusError } from '../../../http/actions/request/status.ts';
import type { ActionRun } from '../../../types.ts';
import type { ${action.camel}Spec } from './spec.ts';

/** Answers \`{ items, count }\`. Faults of ${names.title} are \`http.*\`, as the status says. */
export const run${action.pascal}: ActionRun<typeof ${action.camel}Spec> = async ({ params, credential, http, files, signal, team, run, warn }) => {
  const url = new URL(\`\${params.baseUrl}/items\`);
  url.searchParams.set('limit', String(params.limit));
  const auth = credential === null ? {} : { credential: toOutboundCredential(credential) };
  const response = await http.request({ url, method: 'GET', headers: { accept: 'application/json' }, signal, ...auth });
  if (response.status !== 200) throw statusError(response, new TextDecoder().decode(await response.bytes()), createRedactor(secretsOf(credential)));
  const saveFile = (name: string, mime: string, content: AsyncIterable<Uint8Array>) => files.create(team, { name, mime, run }, content);
  const { body } = await readAnswer(response, { as: 'json', idempotent: true, warn, saveFile });
  const items: Json[] = Array.isArray(body) ? body.slice(0, params.limit) : [];
  return { output: { items, count: items.length } };
};
`;
}

function test(names: Names, action: Names): string {
  return `import { errorCode } from '@hub/kit/errors';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { contextFor } from '../../../testing/context.ts';
import { run${action.pascal} } from './run.ts';
import { ${action.camel}Spec } from './spec.ts';

// A stand-in of ${names.title} at the HTTP wire.
const vendor = fastify({ forceCloseConnections: true });
let baseUrl = '';
let http: ReturnType<typeof createOutbound>;

beforeAll(async () => {
  vendor.get('/items', (request) => Array.from({ length: Number((request.query as { limit: string }).limit) + 1 }, (_, id) => ({ id })));
  vendor.get('/broken/items', (_request, reply) => reply.code(503).send('down'));
  baseUrl = await vendor.listen({ port: 0, host: '127.0.0.1' });
  http = createOutbound({ allow: parseAllowList(new URL(baseUrl).host) });
});
afterAll(async () => {
  await http.close();
  await vendor.close();
});

it('gives the items and their number, never more than the limit', async () => {
  const { output } = await run${action.pascal}(contextFor(${action.camel}Spec, { baseUrl, limit: 2 }, { http }));
  expect(output).toEqual({ items: [{ id: 0 }, { id: 1 }], count: 2 });
});

it('says by its code what the vendor answered', async () => {
  const fault = await run${action.pascal}(contextFor(${action.camel}Spec, { baseUrl: \`\${baseUrl}/broken\` }, { http })).catch(errorCode);
  expect(fault).toBe('http.status-503');
});
`;
}
