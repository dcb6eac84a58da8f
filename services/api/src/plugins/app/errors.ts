/** The error edge of the server: problem+json for all, details of our own faults only in the log. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { problemOf } from '../../http/problem.ts';

/** Answers every thrown thing. */
export const errorsPlugin = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler((error, request, reply) => {
      const problem = { ...problemOf(error), requestId: request.id };
      if (problem.status >= 500) request.log.error({ err: error, operation: request.routeOptions.config.operationId }, 'request failed');
      if (problem.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', 2);
      if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="hub"');
      return reply
        .code(problem.status)
        .type('application/problem+json')
        .serializer((text: unknown) => text as string)
        .send(JSON.stringify(problem));
    });
  },
  { name: 'errors' },
);
