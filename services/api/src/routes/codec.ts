/** The codec server of the Temporal Web UI. Its pages are of another origin, so the browser asks first; the answer names that one origin and no other. */
import { routes } from '@hub/contract';
import type { CodecPayloads } from '@hub/contract';
import type { TemporalCodec } from '@hub/kit/temporal';
import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';

type Payload = Parameters<TemporalCodec['codec']['decode']>[0][number];

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');

function toPayload({ metadata = {}, data }: CodecPayloads['payloads'][number]): Payload {
  return {
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, bytesOf(value)])),
    ...(data === undefined ? {} : { data: bytesOf(data) }),
  };
}

function toJson({ metadata, data }: Payload): CodecPayloads['payloads'][number] {
  return { metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, textOf(value)])), data: textOf(data) };
}

/** Registers them, and the browser's question before them. */
export function codecRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  const { codec, settings } = deps;
  const ui = settings.temporalUiUrl === null ? null : new URL(settings.temporalUiUrl).origin;
  const paths: string[] = [routes.decodePayloads.path, routes.encodePayloads.path];
  app.addHook('onSend', async (request, reply) => {
    if (ui === null || request.headers.origin !== ui || !paths.includes(request.routeOptions.url ?? '')) return;
    reply.header('access-control-allow-origin', ui).header('access-control-allow-credentials', 'true').header('vary', 'origin');
  });
  for (const url of paths)
    app.options(url, { config: { access: 'public' } }, async (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'authorization, authorization-extras, content-type, x-namespace')
        .header('access-control-max-age', '600')
        .code(204)
        .send(),
    );
  handle(app, 'decodePayloads', routes.decodePayloads, async ({ body }) => ({
    payloads: (await codec.decode(body.payloads.map(toPayload))).map(toJson),
  }));
  handle(app, 'encodePayloads', routes.encodePayloads, async ({ body }) => ({
    payloads: (await codec.encode(body.payloads.map(toPayload))).map(toJson),
  }));
}
