/** Builds the HTTP server from plain values and ports. Reads no environment, listens nowhere, starts no timer but the live feed's. */
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import underPressure from '@fastify/under-pressure';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { v7 } from 'uuid';
import { createAuth } from './auth/auth.ts';
import { createInbox } from '@hub/db/write';
import { createRunNotifier } from '@hub/db';
import { openVault } from './credentials/vault.ts';
import { createAudit } from './http/audit.ts';
import type { RouteContext } from './http/context.ts';
import { createNotify } from './http/notify.ts';
import { createLiveFeed } from './live/feed.ts';
import { accessPlugin } from './plugins/app/access.ts';
import { bodiesPlugin } from './plugins/app/bodies.ts';
import { answerBroken, answerProblem, errorsPlugin } from './plugins/app/errors.ts';
import { idempotencyPlugin } from './plugins/app/idempotency.ts';
import { requestMetricsPlugin } from './plugins/app/request-metrics.ts';
import { docsPlugin } from './plugins/external/docs.ts';
import { headersPlugin } from './plugins/external/headers.ts';
import { pagesPlugin } from './plugins/external/pages.ts';
import { registerRoutes } from './routes/index.ts';
import type { ApiDeps } from './settings.ts';
import { nudgeAfterChanges } from './triggers/dispatcher.ts';

export type { ApiDeps, ApiSettings, RateSettings, TemporalPort } from './settings.ts';
export { defaultRates } from './settings.ts';

const requestTimeoutMs = 120_000;
const maxEventLoopDelayMs = 2_000;

function createApp(deps: ApiDeps): FastifyInstance {
  const app = Fastify({
    loggerInstance: deps.log as unknown as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: deps.settings.bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    // Nobody's word about who they are: the address is the socket's (05, rule 11).
    trustProxy: false,
    // These stand at the root; who reads the format finds them among the routes below /api/v1, so they answer there too.
    rewriteUrl: ({ url = '/' }) => (/^\/api\/v1\/(hooks\/|(healthz|readyz|metrics)(\?|$))/.test(url) ? url.slice('/api/v1'.length) : url),
    routerOptions: { maxParamLength: 600, ignoreTrailingSlash: false },
    genReqId: () => v7(),
    requestIdHeader: false,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => void answerProblem(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: answerBroken,
  }) as unknown as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  return app;
}

async function registerExternal(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  await app.register(headersPlugin, { https: deps.settings.url.startsWith('https:') });
  await app.register(cookie);
  await app.register(underPressure, { maxEventLoopDelay: maxEventLoopDelayMs, retryAfter: 5, exposeStatusRoute: false });
  // The parser cuts a longer file silently: one byte more than allowed lets the store see that it is too long and refuse it.
  await app.register(multipart, {
    limits: { fileSize: deps.settings.uploadLimitBytes + 1, files: 1, fields: 0, parts: 1, headerPairs: 50, fieldNameSize: 100 },
    throwFileSizeLimit: true,
  });
  await app.register(websocket, { options: { maxPayload: 4_096 } });
  await app.register(docsPlugin, { url: deps.settings.url });
}

/**
 * The server, ready for `listen` or `inject`. `close()` ends its live feed and sockets, not the pools it was given.
 * @throws BugError `server.undeclared-route` where a route declares no access.
 */
export async function buildServer(deps: ApiDeps): Promise<FastifyInstance> {
  const app = createApp(deps);
  const { settings } = deps;
  const auth = createAuth({ authSql: deps.authSql, url: settings.url, sessionKey: settings.sessionKey, mailer: deps.mailer });
  await app.register(errorsPlugin);
  await app.register(accessPlugin, { deps, identify: { auth, sql: deps.sql } });
  await app.register(bodiesPlugin);
  await registerExternal(app, deps);
  await app.register(idempotencyPlugin, { sql: deps.sql });
  if (deps.triggers !== undefined) nudgeAfterChanges(app, deps.triggers);
  await app.register(requestMetricsPlugin, { metrics: deps.metrics });
  const feed = await createLiveFeed(deps.sql, deps.log);
  const notifier = createRunNotifier(deps.sql);
  app.addHook('onClose', async () => {
    await Promise.all([feed.close(), notifier.close()]);
  });
  const context: RouteContext = {
    deps,
    auth,
    feed,
    notifier,
    inbox: createInbox(deps.sql, {
      send: (run, messages) => deps.temporal.tell(run, messages),
      onError: (err) => deps.log.warn({ err }, 'a message to a run was not delivered at once; the sweep tries again'),
    }),
    ...openVault(deps),
    audit: createAudit(deps.sql),
    notify: createNotify(deps.sql, deps.mailer, settings.url),
  };
  registerRoutes(app, context);
  await app.register(pagesPlugin, { webDist: settings.webDist, url: settings.url });
  await app.ready();
  return app;
}
