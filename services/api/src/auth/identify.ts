/** From headers to a caller: a bearer key, or the session cookie. A bad key never falls back to the cookie. */
import { createHash } from 'node:crypto';
import { rolePermissions, scopePermissions } from '@hub/contract';
import type { Permission, Role } from '@hub/contract';
import { isUuid } from '@hub/db';
import type { Sql } from '@hub/db';
import { readAccess, readKeyAccess } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { IncomingHttpHeaders } from 'node:http';
import { type Caller, type TeamAccess, nobody } from '../plugins/app/caller.ts';
import type { Auth } from './auth.ts';

export interface Identify {
  auth: Auth;
  sql: Sql;
}

const unknownTeam = () => new UserError('team.not-found', 'There is no such team for you.', { status: 404 });

/** API keys are `hub_` and 43 characters of base64url. */
const keyForm = /^hub_[A-Za-z0-9_-]{43}$/;

function teamHeader(headers: IncomingHttpHeaders): string | null {
  const given = headers['x-hub-team'];
  if (given === undefined) return null;
  if (typeof given !== 'string' || !isUuid(given))
    throw new UserError('team.bad-header', 'x-hub-team must be a team id.', {
      details: [{ path: 'headers/x-hub-team', code: 'team.bad-header', message: 'wants a UUID' }],
    });
  return given;
}

async function byKey(key: string, headers: IncomingHttpHeaders, { sql }: Identify): Promise<Caller> {
  const refused = () => new UserError('auth.bad-key', 'This API key is not known, revoked or expired.', { status: 401 });
  if (!keyForm.test(key)) throw refused();
  const found = await readKeyAccess(sql, createHash('sha256').update(key).digest());
  if (found === null) throw refused();
  const wanted = teamHeader(headers);
  if (wanted !== null && wanted !== found.team) throw unknownTeam();
  const scoped = scopePermissions(found.scopes ?? []);
  const role = found.role as Role | null;
  // A key can never do more than the person who made it may do today.
  const held = role === null ? scoped : new Set([...scoped].filter((permission) => rolePermissions[role].has(permission)));
  const team: TeamAccess = { id: found.team, userId: found.userId, role: null, plan: found.plan, permissions: held };
  return { ...nobody, kind: 'key', userId: found.userId, keyId: found.keyId, team };
}

/** The access of a person in a team; null where they are no member. */
export async function teamAccess(sql: Sql, team: string, userId: string): Promise<TeamAccess | null> {
  const access = await readAccess(sql, { team, userId });
  if (access === null) return null;
  const role = access.role as Role;
  return { id: team, userId, role, plan: access.plan, permissions: rolePermissions[role] ?? new Set<Permission>() };
}

async function bySession(headers: IncomingHttpHeaders, { auth, sql }: Identify): Promise<Caller> {
  const found = await auth.api.getSession({ headers: new Headers({ cookie: headers.cookie ?? '' }) });
  if (!found) return nobody;
  const { session, user } = found;
  const wanted = teamHeader(headers);
  const activeTeam = session.activeOrganizationId ?? null;
  const chosen = wanted ?? activeTeam;
  const team = chosen === null ? null : await teamAccess(sql, chosen, user.id);
  if (wanted !== null && team === null) throw unknownTeam();
  return {
    ...nobody,
    kind: 'person',
    userId: user.id,
    person: { id: user.id, name: user.name, email: user.email, emailVerified: user.emailVerified },
    session: { id: session.id, token: session.token, activeTeam },
    team,
  };
}

/** Who sends these headers. @throws UserError 401 for a key that is not good, 404 for a team that is not the caller's. */
export async function identify(headers: IncomingHttpHeaders, deps: Identify): Promise<Caller> {
  const authorization = headers.authorization;
  if (authorization !== undefined) {
    const match = /^Bearer (\S+)$/i.exec(authorization);
    if (!match?.[1]) throw new UserError('auth.bad-authorization', 'Send `Authorization: Bearer hub_...`.', { status: 401 });
    return byKey(match[1], headers, deps);
  }
  return headers.cookie === undefined ? nobody : bySession(headers, deps);
}
