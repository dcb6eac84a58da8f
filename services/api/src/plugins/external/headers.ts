/** Security headers of every answer of the API itself (pages set their own, with a nonce). */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

const nothing = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"], 'base-uri': ["'none'"], 'form-action': ["'none'"] };
/** The docs page is one bundle of another project that styles itself inline; it shows nothing users wrote but operation help. */
const docs = {
  'default-src': ["'none'"],
  'script-src': ["'self'", "'unsafe-inline'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'worker-src': ["'self'", 'blob:'],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
};

/** Installs helmet; routes below /docs get the wider policy. */
export const headersPlugin = fp(
  async (app: FastifyInstance, options: { https: boolean }) => {
    // Before helmet, whose own hook reads the route's setting.
    app.addHook('onRoute', (route) => {
      if (route.url.startsWith('/docs')) route.helmet = { contentSecurityPolicy: { useDefaults: false, directives: docs } };
    });
    await app.register(helmet, {
      global: true,
      contentSecurityPolicy: { useDefaults: false, directives: nothing },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: options.https ? { maxAge: 31_536_000 } : false,
    });
    app.addHook('onSend', async (_request, reply, payload) => {
      // Answers show a team's data: never kept by a shared cache or on a disk after sign-out.
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      return payload;
    });
  },
  { name: 'headers' },
);
