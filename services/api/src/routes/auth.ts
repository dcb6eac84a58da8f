/** Accounts and sessions: better-auth does the work, these routes are the only way to it. */
import { routes } from '@hub/contract';
import { UserError } from '@hub/kit/errors';
import { listNotices, listTeamsOfUser } from '@hub/db/read';
import type { Sql } from '@hub/db';
import { setTeamPlan } from '@hub/db/write';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { csrfToken } from '../auth/csrf.ts';
import { authHeaders, copyCookies } from '../http/cookies.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { takeOrRefuse } from '../plugins/app/rates.ts';
import { teamShape } from './teams.ts';

const accepted = (message: string) => ({ ok: true as const, message });

async function bodyOf(answer: Response): Promise<Record<string, unknown>> {
  return (await answer.json().catch(() => ({}))) as Record<string, unknown>;
}

async function signIn(context: RouteContext, request: FastifyRequest, reply: FastifyReply, body: { email: string; password: string }) {
  const { deps, auth } = context;
  await takeOrRefuse(deps.sql, `sign-in-account:${body.email.toLowerCase()}`, deps.settings.rates.signInAccount, reply);
  const answer = await auth.api.signInEmail({ body, headers: authHeaders(request), asResponse: true });
  if (!answer.ok) throw new UserError('auth.wrong-password', 'Address or password are not right.', { status: 401 });
  copyCookies(answer, reply);
  const cookie = answer.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
  if (!found) throw new UserError('auth.wrong-password', 'Address or password are not right.', { status: 401 });
  const { user, session } = found;
  return {
    user: { id: user.id, name: user.name, email: user.email },
    teamId: session.activeOrganizationId ?? null,
    csrfToken: csrfToken(deps.settings.sessionKey, session.id),
  };
}

/** A team of their own for a new person, so that they can begin at once. */
async function giveTeam(context: RouteContext, email: string, name: string): Promise<void> {
  const { internalAdapter } = await context.auth.$context;
  const found = await internalAdapter.findUserByEmail(email.toLowerCase());
  if (!found) return;
  const teams = await listTeamsOfUser(context.deps.authSql, found.user.id);
  if (teams.length > 0) return;
  const made = await context.auth.api.createOrganization({ body: { name: `${name}'s team`, slug: `team-${found.user.id}`, userId: found.user.id } });
  // Sign-in itself cannot buy a plan: its role may not write it.
  if (made) await setTeamPlan(context.deps.sql, made.id, context.deps.settings.defaultPlan);
}

function accountRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, auth } = context;
  handle(app, 'signUp', routes.signUp, async ({ body, request }) => {
    const answer = await auth.api.signUpEmail({ body, headers: authHeaders(request), asResponse: true });
    if (!answer.ok) throw new UserError('auth.refused', String((await bodyOf(answer))['message'] ?? 'The account was not made.'), { status: 422 });
    await giveTeam(context, body.email, body.name);
    return accepted('If the address is new, the account is made; sign in with it.');
  });
  handle(app, 'signIn', routes.signIn, async ({ body, request, reply }) => signIn(context, request, reply, body));
  handle(app, 'signOut', routes.signOut, async ({ request, reply }) => {
    copyCookies(await auth.api.signOut({ headers: authHeaders(request), asResponse: true }), reply);
    return undefined;
  });
  handle(app, 'requestReset', routes.requestReset, async ({ body, reply }) => {
    await takeOrRefuse(deps.sql, `reset-account:${body.email.toLowerCase()}`, deps.settings.rates.resetAccount, reply);
    // Not awaited for its outcome: time and answer must be the same for unknown addresses.
    void auth.api.requestPasswordReset({ body }).catch((error: unknown) => deps.log.warn({ err: error }, 'a reset mail could not be made'));
    return accepted('If the address is known, a mail is on its way.');
  });
  handle(app, 'resetPassword', routes.resetPassword, async ({ body }) => {
    const answer = await auth.api.resetPassword({ body: { token: body.token, newPassword: body.password }, asResponse: true });
    if (!answer.ok)
      throw new UserError('auth.bad-token', 'This link was used already or is too old.', {
        status: 400,
        details: [{ path: '/token', code: 'auth.bad-token', message: 'is not good' }],
      });
    return accepted('The password is changed; sign in with it.');
  });
  handle(app, 'verifyEmail', routes.verifyEmail, async ({ query, reply }) => {
    const answer = await auth.api.verifyEmail({ query: { token: query.token }, asResponse: true });
    if (!answer.ok)
      throw new UserError('auth.bad-token', 'This link was used already or is too old.', {
        status: 400,
        details: [{ path: 'query/token', code: 'auth.bad-token', message: 'is not good' }],
      });
    return reply.redirect('/', 302);
  });
}

async function zoneOf(sql: Sql, person: string): Promise<string | null> {
  const [row] = await sql<{ zone: string | null }[]>`select time_zone as zone from users where id = ${person}`;
  return row?.zone ?? null;
}

/** Registers them. */
export function authRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  accountRoutes(app, context);
  handle(app, 'getMe', routes.getMe, async ({ caller, team }) => {
    const { person, session } = caller;
    const [teams, timeZone] =
      person === null ? [[], null] : await Promise.all([listTeamsOfUser(deps.authSql, person.id), zoneOf(deps.authSql, person.id)]);
    const inbox = person !== null && team !== null ? await listNotices(deps.sql, team.id, person.id, { limit: 1 }) : { unread: 0 };
    const shapes = teams.map(teamShape);
    return {
      kind: caller.kind === 'key' ? ('api-key' as const) : ('person' as const),
      user: person === null ? null : { id: person.id, name: person.name, email: person.email, timeZone },
      team: team === null ? null : (shapes.find((one) => one.id === team.id) ?? null),
      teams: shapes,
      role: team?.role ?? null,
      unread: inbox.unread,
      temporalUiUrl: deps.settings.temporalUiUrl,
      demo: person !== null && person.email === deps.settings.demoEmail,
      permissions: [...(team?.permissions ?? [])].sort(),
      csrfToken: session === null ? null : csrfToken(deps.settings.sessionKey, session.id),
    };
  });
}
