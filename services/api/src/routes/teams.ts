/** Teams, members, invitations (better-auth's organization plugin), with our roles checked first. */
import { roles, routes } from '@hub/contract';
import type { Role } from '@hub/contract';
import { listInvitations, listMembers, listTeamsOfUser } from '@hub/db/read';
import { setTeamPlan } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import { conflict, notFound } from '../http/answers.ts';
import { authHeaders, copyCookies } from '../http/cookies.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { instant } from '../http/shapes.ts';
import type { TeamAccess } from '../plugins/app/caller.ts';

interface TeamRow {
  id: string;
  name: string;
  slug: string;
  plan: string;
  role: string;
  createdAt: Date | string;
}

/** A team as the contract has it. */
export function teamShape(row: TeamRow) {
  return { id: row.id, name: row.name, slug: row.slug, plan: row.plan, role: row.role as Role, createdAt: instant(row.createdAt) };
}

const rank = (role: Role): number => roles.length - roles.indexOf(role);

function checkRank(team: TeamAccess, ...others: Role[]): void {
  const mine = team.role === null ? 0 : rank(team.role);
  if (others.some((role) => rank(role) > mine))
    throw new UserError('member.above-yours', 'Nobody gives or takes a role above their own.', { status: 403 });
}

function teamRoutesOf(app: FastifyInstance, { deps, auth, audit }: RouteContext): void {
  handle(app, 'listTeams', routes.listTeams, async ({ caller }) => {
    const teams = caller.person === null ? [] : await listTeamsOfUser(deps.authSql, caller.person.id);
    return { items: teams.map(teamShape), nextCursor: null };
  });
  handle(app, 'createTeam', routes.createTeam, async ({ body, request, reply }) => {
    const answer = await auth.api.createOrganization({
      body: { name: body.name, slug: `team-${v7()}` },
      headers: authHeaders(request),
      asResponse: true,
    });
    if (!answer.ok) throw conflict('team.refused', 'The team was not made: there may be too many already.');
    copyCookies(answer, reply);
    const made = (await answer.json()) as { id: string };
    await setTeamPlan(deps.sql, made.id, deps.settings.defaultPlan);
    const teams = await listTeamsOfUser(deps.authSql, request.caller.userId ?? '');
    const row = teams.find((one) => one.id === made.id);
    if (!row) throw notFound('team');
    return teamShape(row);
  });
  handle(app, 'updateTeam', routes.updateTeam, async ({ body, team, request, caller }) => {
    await deps.authSql`update teams set name = ${body.name}, updated_at = now() where id = ${team.id}`;
    await audit(request, 'team.rename', `team:${team.id}`);
    const row = (await listTeamsOfUser(deps.authSql, caller.userId ?? '')).find((one) => one.id === team.id);
    if (!row) throw notFound('team');
    return teamShape(row);
  });
  handle(app, 'switchTeam', routes.switchTeam, async ({ params, caller, request, reply }) => {
    const row = (await listTeamsOfUser(deps.authSql, caller.userId ?? '')).find((one) => one.id === params.id);
    if (!row) throw notFound('team');
    copyCookies(
      await auth.api.setActiveOrganization({ body: { organizationId: params.id }, headers: authHeaders(request), asResponse: true }),
      reply,
    );
    return teamShape(row);
  });
}

function memberRoutes(app: FastifyInstance, { deps, auth, audit, notify }: RouteContext): void {
  const find = async (team: string, id: string) => {
    const row = (await listMembers(deps.sql, team)).items.find((one) => one.id === id);
    if (!row) throw notFound('member');
    return { ...row, role: row.role as Role, createdAt: instant(row.createdAt) };
  };
  const keepOwner = async (team: string, role: Role): Promise<void> => {
    if (role !== 'owner') return;
    const owners = (await listMembers(deps.sql, team)).items.filter((one) => one.role === 'owner');
    if (owners.length <= 1) throw conflict('member.last-owner', 'A team keeps at least one owner.');
  };
  handle(app, 'listMembers', routes.listMembers, async ({ team }) => {
    const { items, nextCursor } = await listMembers(deps.sql, team.id);
    return { items: items.map((row) => ({ ...row, role: row.role as Role, createdAt: instant(row.createdAt) })), nextCursor };
  });
  handle(app, 'updateMember', routes.updateMember, async ({ params, body, team, request }) => {
    const member = await find(team.id, params.id);
    checkRank(team, member.role, body.role);
    if (body.role !== 'owner') await keepOwner(team.id, member.role);
    await auth.api.updateMemberRole({ body: { memberId: params.id, role: body.role, organizationId: team.id }, headers: authHeaders(request) });
    await audit(request, 'member.update', `member:${params.id}`, { role: body.role });
    await notify({
      team: team.id,
      userId: member.userId,
      email: member.email,
      kind: 'role-changed',
      title: `Your role is now ${body.role}`,
      body: 'An admin of the team changed your role.',
      link: '/',
    });
    return { ...member, role: body.role };
  });
  handle(app, 'removeMember', routes.removeMember, async ({ params, team, request }) => {
    const member = await find(team.id, params.id);
    checkRank(team, member.role);
    await keepOwner(team.id, member.role);
    await auth.api.removeMember({ body: { memberIdOrEmail: params.id, organizationId: team.id }, headers: authHeaders(request) });
    await audit(request, 'member.remove', `member:${params.id}`);
    return undefined;
  });
}

function invitationRoutes(app: FastifyInstance, { deps, auth, audit }: RouteContext): void {
  const pending = async (team: string) =>
    (await listInvitations(deps.sql, team)).map((row) => ({
      ...row,
      role: row.role as Role,
      createdAt: instant(row.createdAt),
      expiresAt: instant(row.expiresAt),
    }));
  handle(app, 'listInvitations', routes.listInvitations, async ({ team }) => ({ items: await pending(team.id), nextCursor: null }));
  handle(app, 'createInvitation', routes.createInvitation, async ({ body, team, request }) => {
    checkRank(team, body.role);
    const made = await auth.api.createInvitation({
      body: { email: body.email, role: body.role as never, organizationId: team.id, resend: true },
      headers: authHeaders(request),
    });
    await audit(request, 'invitation.create', `invitation:${made.id}`, { email: body.email, role: body.role });
    const row = (await pending(team.id)).find((one) => one.id === made.id);
    if (!row) throw notFound('invitation');
    return row;
  });
  handle(app, 'deleteInvitation', routes.deleteInvitation, async ({ params, team, request }) => {
    const row = (await pending(team.id)).find((one) => one.id === params.id);
    if (!row) throw notFound('invitation');
    await auth.api.cancelInvitation({ body: { invitationId: params.id }, headers: authHeaders(request) });
    await audit(request, 'invitation.withdraw', `invitation:${params.id}`);
    return undefined;
  });
  handle(app, 'acceptInvitation', routes.acceptInvitation, async ({ params, caller, request, reply }) => {
    if (caller.person?.emailVerified !== true)
      throw new UserError('auth.email-unconfirmed', 'Confirm your address first: the link is in the mail you got when you signed up.', {
        status: 403,
      });
    const answer = await auth.api.acceptInvitation({ body: { invitationId: params.id }, headers: authHeaders(request), asResponse: true });
    // Somebody else's invitation looks like none.
    if (!answer.ok) throw new UserError('invitation.not-found', 'There is no such invitation for you (any more).', { status: 404 });
    copyCookies(answer, reply);
    const body = (await answer.json()) as { invitation: { organizationId: string } };
    return { teamId: body.invitation.organizationId };
  });
}

/** Registers them. */
export function teamRoutes(app: FastifyInstance, context: RouteContext): void {
  teamRoutesOf(app, context);
  memberRoutes(app, context);
  invitationRoutes(app, context);
}
