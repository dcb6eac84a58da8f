/** OpenAPI 3.1 from the route table, and the page that shows it. */
import swagger from '@fastify/swagger';
import { problem, routes } from '@hub/contract';
import type { RouteSpec } from '@hub/contract';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';

interface Operation {
  requestBody?: { content?: Record<string, { example?: unknown; schema?: unknown }> };
  responses?: Record<string, { description?: string; content?: Record<string, { example?: unknown; schema?: unknown }> }>;
  security?: Record<string, string[]>[];
  [extension: string]: unknown;
}

function describe(operation: Operation, spec: RouteSpec): void {
  operation['x-access'] = spec.access;
  operation.security = spec.access === 'public' ? [] : spec.personOnly ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }];
  if (spec.bodyType === 'form') {
    operation.requestBody = {
      content: {
        'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } } },
      },
    };
  } else {
    for (const media of Object.values(operation.requestBody?.content ?? {})) media.example = spec.example.body;
  }
  operation.responses ??= {};
  const good = (operation.responses[String(spec.status)] ??= {});
  good.description ||= spec.summary;
  if (spec.example.answer !== undefined) for (const media of Object.values(good.content ?? {})) media.example = spec.example.answer;
  if (spec.answerType === 'bytes' && spec.status === 200) good.content = { 'application/octet-stream': {} };
  if (String(spec.status) !== '200') delete operation.responses['200'];
  operation.responses['default'] = {
    description: 'A problem',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** Puts examples, access and the problem answer into the document: what zod schemas alone cannot say. */
function enrich(document: {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
}): typeof document {
  for (const spec of Object.values(routes) as RouteSpec[]) {
    const path = spec.path.replace(/:([a-zA-Z]+)/g, '{$1}');
    const operation = document.paths?.[path]?.[spec.method.toLowerCase()];
    if (operation) describe(operation, spec);
  }
  const schemas = ((document.components ??= {}).schemas ??= {});
  schemas['Problem'] ??= z.toJSONSchema(problem, { target: 'draft-2020-12' });
  return document;
}

/** Serves `GET /api/openapi.json` and `/docs`. Register before the routes. */
export const docsPlugin = fp(
  async (app: FastifyInstance, options: { url: string }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Workflow Hub',
          version: '1.0.0',
          description:
            'Durable AI workflows. Every error is application/problem+json with a stable `code`; lists are `{ items, nextCursor }`; edits take `If-Match`; POST takes `Idempotency-Key`.',
        },
        servers: [{ url: options.url }],
        components: {
          securitySchemes: {
            apiKey: { type: 'http', scheme: 'bearer', description: 'hub_...' },
            session: { type: 'apiKey', in: 'cookie', name: 'hub_session' },
          },
        },
      },
      transform: jsonSchemaTransform,
      transformObject: (input) => enrich(jsonSchemaTransformObject(input) as never) as never,
    });
    app.get('/api/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => app.swagger());
    await app.register(scalar, {
      routePrefix: '/docs',
      configuration: { url: '/api/openapi.json', title: 'Workflow Hub API', withDefaultFonts: false, telemetry: false } as never,
    });
  },
  { name: 'docs' },
);
