/** One histogram over all operations: count, errors and time in one. */
import type { Metrics } from '@hub/kit';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Observes every answered request by operation and status class. */
export const requestMetricsPlugin = fp(
  async (app: FastifyInstance, options: { metrics: Metrics }) => {
    const seconds = options.metrics.histogram('http_request_seconds', 'Time of HTTP requests.', ['operation', 'status'] as const);
    app.addHook('onResponse', async (request, reply) => {
      const operation = request.routeOptions.config.operationId ?? 'other';
      seconds.observe({ operation, status: `${Math.floor(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1000);
    });
  },
  { name: 'request-metrics' },
);
