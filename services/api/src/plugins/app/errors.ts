/** The error edge of the server: problem+json for all, details of our own faults only in the log. */
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { brokenProblem, problemOf } from '../../http/problem.ts';

/** The answer to anything thrown. Also for what no route sees: a URL that is not well formed, a path part that is too long. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = { ...problemOf(error), requestId: request.id };
  if (problem.status >= 500) request.log.error({ err: error, operation: request.routeOptions.config.operationId }, 'request failed');
  if (problem.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', 2);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="hub"');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer((text: unknown) => text as string)
    .send(JSON.stringify(problem));
}

/** What is no HTTP, or no end of it in time, is answered before there is a request: straight to the socket. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem = brokenProblem(error.code ?? '');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** Answers every thrown thing. */
export const errorsPlugin = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler(answerProblem);
  },
  { name: 'errors' },
);
