/** The web app in this server: one origin, one port, one cookie. Pages reach the API in process, on the same footing as from outside. */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fastifyStatic from '@fastify/static';
import { UserError } from '@hub/kit/errors';
import { createWebHandler } from '@hub/web/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { problemOf } from '../../http/problem.ts';

/** Asks the server as a page does. The visitor's address is the page request's socket, handed over out of band: no header is believed. */
export async function askInProcess(app: FastifyInstance, request: Request, clientIp: string | undefined): Promise<Response> {
  const url = new URL(request.url);
  const body = request.body === null ? undefined : Readable.fromWeb(request.body as never);
  const answer = await app.inject({
    method: request.method as 'GET',
    url: url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    payloadAsStream: true,
    ...(body ? { payload: body } : {}),
    ...(clientIp === undefined ? {} : { remoteAddress: clientIp }),
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, String(one));
  const empty = answer.statusCode === 204 || answer.statusCode === 304 || request.method === 'HEAD';
  return new Response(empty ? null : (Readable.toWeb(answer.stream()) as unknown as ReadableStream), { status: answer.statusCode, headers });
}

/** Methods that this server takes at a path; pages and assets (`/*`) aside. */
function takenAt({ accessTable }: FastifyInstance, path: string): string[] {
  const parts = path.split('/');
  const isAt = (url: string): boolean => {
    const pattern = url.split('/');
    return pattern.length === parts.length && pattern.every((part, at) => (part.startsWith(':') ? parts[at] !== '' : part === parts[at]));
  };
  return [...new Set(accessTable.filter(({ url }) => !url.includes('*') && isAt(url)).map(({ method }) => method))].sort();
}

/** Nothing is there (404), or not by this method (405, with those it takes). */
function answerMissing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0] ?? '';
  const allow = takenAt(request.server, path).join(', ');
  const error =
    allow === ''
      ? new UserError('route.not-found', `There is nothing at ${path.slice(0, 200)}.`, { status: 404, remedy: 'See /docs.' })
      : new UserError('request.method', `This address takes ${allow}, not ${request.method}.`, { status: 405 });
  if (allow !== '') reply.header('allow', allow);
  return reply
    .code(error.status)
    .type('application/problem+json')
    .serializer((text: unknown) => text as string)
    .send(JSON.stringify(problemOf(error)));
}

/** Mounts the pages, or only an answer for what is missing where `webDist` is null. Register last. */
export const pagesPlugin = fp(
  async (app: FastifyInstance, options: { webDist: string | null; url: string }) => {
    app.setNotFoundHandler(answerMissing);
    if (options.webDist === null) return;
    const web = await createWebHandler({
      dist: options.webDist,
      // The web names the page request's socket address in this header; the header is taken out before the request counts as one from outside.
      api: (request) => {
        const headers = new Headers(request.headers);
        const clientIp = headers.get('x-hub-client-ip') ?? undefined;
        headers.delete('x-hub-client-ip');
        return askInProcess(app, new Request(request, { headers }), clientIp);
      },
    });
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      await scope.register(fastifyStatic, {
        root: join(web.assetsDir, 'assets'),
        prefix: '/assets/',
        immutable: true,
        maxAge: '1y',
        decorateReply: false,
      });
      scope.all('/*', { config: { access: 'public' } }, (request, reply) => {
        // The API's own name space never falls through to a page.
        if (/^\/(api|hooks|push)\//.test(request.url)) return answerMissing(request, reply);
        reply.hijack();
        web.listener(request.raw, reply.raw);
        return reply;
      });
    });
  },
  { name: 'pages' },
);
