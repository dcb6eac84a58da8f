/** Health, readiness, metrics, and the one-time sign-in link. */
import { routes } from '@hub/contract';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import ipaddr from 'ipaddr.js';
import { copyCookies } from '../http/cookies.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { safePath } from '../http/safe-path.ts';

function isLoopback(ip: string): boolean {
  return ipaddr.isValid(ip) && ipaddr.process(ip).range() === 'loopback';
}

async function databaseAnswers({ deps }: RouteContext): Promise<boolean> {
  const answers = await Promise.all(
    [deps.sql, deps.authSql].map((sql) =>
      sql`select 1`.then(
        () => true,
        () => false,
      ),
    ),
  );
  return answers.every(Boolean);
}

function signInLinkRoutes(app: FastifyInstance, { deps, auth }: RouteContext): void {
  const { settings } = deps;
  handle(app, 'useSignInLink', routes.useSignInLink, async ({ query, request, reply }) => {
    const answer = await auth.api.useSignInLink({
      body: { token: query.token },
      headers: new Headers({ 'user-agent': request.headers['user-agent'] ?? '' }),
      asResponse: true,
    });
    if (!answer.ok)
      throw new UserError('auth.link-used', 'This sign-in link was used already or is too old.', {
        status: 410,
        remedy: '`npm start` prints a fresh one.',
      });
    copyCookies(answer, reply);
    return reply.header('referrer-policy', 'no-referrer').redirect(safePath(query.to), 302);
  });
  if (settings.launcherToken === null) return;
  handle(app, 'createSignInLink', routes.createSignInLink, async ({ body }) => {
    const email = body.email ?? settings.demoEmail;
    if (email === null)
      throw new UserError('auth.no-such-person', 'Name an email: there is no demo person here.', {
        details: [{ path: '/email', code: 'auth.no-such-person', message: 'is needed' }],
      });
    const { token } = await auth.api.makeSignInLink({ body: { email } });
    return { url: `${settings.url}/sign-in/link?token=${token}&to=${encodeURIComponent(safePath(body.next))}` };
  });
}

/** Registers them. */
export function systemRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  handle(app, 'healthz', routes.healthz, async () => ({ ok: true as const }));
  handle(app, 'readyz', routes.readyz, async ({ reply }) => {
    const [database, temporal] = await Promise.all([databaseAnswers(context), deps.temporal.check()]);
    const checks = { database, ...temporal };
    const ready = Object.values(checks).every(Boolean);
    if (!ready) reply.code(503);
    return { ready, checks };
  });
  handle(app, 'metrics', routes.metrics, async ({ request, reply }) => {
    // Behind a proxy every request comes from loopback: one that was forwarded is not the operator's own.
    const forwarded = request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined;
    if (forwarded || !isLoopback(request.ip))
      throw new UserError('route.not-found', 'Metrics are answered on the loopback interface only.', { status: 404 });
    return reply.type(deps.metrics.contentType).send(await deps.metrics.text());
  });
  signInLinkRoutes(app, context);
}
