/** One's own account: name, password, sessions. And figures of the team: spend, limits. */
import { routes, type TeamLimits } from '@hub/contract';
import type { Sql } from '@hub/db';
import { readSpend, readUsage } from '@hub/db/read';
import { readRetention, setRetention, setTeamLimit } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../http/answers.ts';
import { authHeaders, copyCookies } from '../http/cookies.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { instant } from '../http/shapes.ts';
import type { Caller } from '../plugins/app/caller.ts';
import { shownLimits } from '../workflows/plan-limits.ts';
import { carryOut } from './runs.ts';

interface SessionRow {
  id: string;
  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}

/** personOnly routes are never reached without one; the type does not know. */
function personOf(caller: Caller) {
  if (caller.person === null) throw new UserError('auth.person-only', 'Only a signed-in person can do this.', { status: 403 });
  return caller.person;
}

function profileRoutes(app: FastifyInstance, { deps, auth, audit }: RouteContext): void {
  handle(app, 'updateMe', routes.updateMe, async ({ caller, body }) => {
    const { id } = personOf(caller);
    const { name = null, timeZone } = body;
    const [row] = await deps.authSql<{ name: string; email: string; timeZone: string | null }[]>`
      update users set name = coalesce(${name}, name), time_zone = ${timeZone === undefined ? deps.authSql`time_zone` : timeZone}, updated_at = now()
      where id = ${id} returning name, email, time_zone as "timeZone"`;
    if (row === undefined) throw notFound('person');
    return { id, ...row };
  });
  handle(app, 'changePassword', routes.changePassword, async ({ body, caller, request, reply }) => {
    const answer = await auth.api.changePassword({
      body: { currentPassword: body.current, newPassword: body.password, revokeOtherSessions: true },
      headers: authHeaders(request),
      asResponse: true,
    });
    if (!answer.ok)
      throw new UserError('auth.wrong-password', 'The current password is not right.', {
        status: 422,
        details: [{ path: '/current', code: 'auth.wrong-password', message: 'This is not your password.' }],
      });
    copyCookies(answer, reply);
    await audit(request, 'account.password', `person:${personOf(caller).id}`);
    return undefined;
  });
}

function sessionRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  handle(app, 'listSessions', routes.listSessions, async ({ caller }) => {
    const rows = await deps.authSql<SessionRow[]>`
      select id, created_at as "createdAt", updated_at as "seenAt", expires_at as "expiresAt", ip_address as ip, user_agent as "userAgent" from sessions
      where user_id = ${personOf(caller).id} and expires_at > now() order by updated_at desc limit 200`;
    const items = rows.map((row) => ({
      ...row,
      current: row.id === caller.session?.id,
      createdAt: instant(row.createdAt),
      seenAt: instant(row.seenAt),
      expiresAt: instant(row.expiresAt),
    }));
    return { items, nextCursor: null };
  });
  handle(app, 'endSession', routes.endSession, async ({ params, caller }) => {
    const ended = await deps.authSql`delete from sessions where id = ${params.id} and user_id = ${personOf(caller).id} returning id`;
    if (ended.length === 0) throw notFound('session');
    return undefined;
  });
}

async function limitsShown(sql: Sql, team: { id: string; plan: string }): Promise<TeamLimits> {
  const used = await readUsage(sql, team.id);
  const most = shownLimits(team.plan);
  return {
    plan: team.plan,
    activeWorkflows: { used: used.activeWorkflows, most: most.activeWorkflows },
    runsThisMonth: { used: used.runsThisMonth, most: most.runsPerMonth },
    runsAtOnce: { used: used.runsAtOnce, most: used.mostRunsAtOnce },
    members: { used: used.members, most: null },
    fileBytes: { used: used.fileBytes, most: null },
  };
}

/** Registers them. */
export function accountRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  profileRoutes(app, context);
  sessionRoutes(app, context);
  handle(app, 'getTeamLimits', routes.getTeamLimits, async ({ team }) => limitsShown(deps.sql, team));
  handle(app, 'setTeamLimits', routes.setTeamLimits, async ({ team, body, request }) => {
    const before = await readUsage(deps.sql, team.id);
    await carryOut(context, await setTeamLimit(deps.sql, team.id, body.runsAtOnce));
    await context.audit(request, 'team.limits', `team:${team.id}`, { before: before.mostRunsAtOnce, after: body.runsAtOnce });
    return limitsShown(deps.sql, team);
  });
  handle(app, 'getRetention', routes.getRetention, async ({ team }) => readRetention(deps.sql, team.id));
  handle(app, 'setRetention', routes.setRetention, async ({ team, body, request }) => {
    const before = await readRetention(deps.sql, team.id);
    await setRetention(deps.sql, team.id, body.days);
    const after = await readRetention(deps.sql, team.id);
    await context.audit(request, 'team.retention', `team:${team.id}`, { before: before.days, after: after.days });
    return after;
  });
  handle(app, 'getSpend', routes.getSpend, async ({ team, query }) =>
    readSpend(deps.sql, team.id, { days: query.days ?? 30, workflowId: query.workflowId }),
  );
}
