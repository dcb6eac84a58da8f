/** Connecting credentials at their providers, testing them, and what uses them. */
import { routes } from '@hub/contract';
import { listCredentialUses, readCredential } from '@hub/db/read';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import { teamAccess } from '../auth/identify.ts';
import { beginConsent, type ConsentEnd, type ConsentPlace, endConsent, teamOfState } from '../credentials/consent.ts';
import { kindShapes, redirectUrl } from '../credentials/kinds.ts';
import { testCredential } from '../credentials/probe.ts';
import { refuseForeignUse } from '../workflows/faults.ts';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import type { Caller } from '../plugins/app/caller.ts';

/** Only texts that come once: a parameter given twice is nobody's good faith. */
function textsOf(query: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(query as Record<string, unknown>).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** A page of our own, whatever the query says. */
function pageOf(end: ConsentEnd): string {
  const page = end.credentialId === null ? '/connections' : `/connections/${end.credentialId}`;
  return `${page}?${end.ok ? 'connected=1' : `problem=${end.why}`}`;
}

function placeOf(caller: Caller, team: string, url: string): ConsentPlace {
  if (caller.person === null || caller.session === null)
    throw new UserError('auth.person-only', 'An API key cannot do this; sign in.', { status: 403 });
  return { team, userId: caller.person.id, sessionId: caller.session.id, redirectUrl: redirectUrl(url) };
}

/** Registers them. */
export function connectionRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, audit, vault, oauth } = context;
  const consent = { sql: deps.sql, ring: deps.settings.credentialKeys, vault, oauth };
  const kinds = kindShapes(deps.settings.url);
  const find = async (team: string, id: string) => {
    const row = await readCredential(deps.sql, team, id);
    if (row === null) throw notFound('credential');
    return row;
  };
  handle(app, 'listCredentialKinds', routes.listCredentialKinds, async () => ({ items: kinds, nextCursor: null }));
  handle(app, 'connectCredential', routes.connectCredential, async ({ params, team, caller, request }) => {
    await find(team.id, params.id);
    const url = await beginConsent(consent, placeOf(caller, team.id, deps.settings.url), params.id);
    await audit(request, 'credential.connect', `credential:${params.id}`, { provider: new URL(url).host });
    return { url };
  });
  handle(app, 'oauthCallback', routes.oauthCallback, async ({ query, caller, request, reply }) => {
    const given = textsOf(query);
    const team = teamOfState(given['state']);
    // The team of the state, not the one that is open now; and what the person may do there today.
    const access = team === null || caller.userId === null ? null : await teamAccess(deps.sql, team, caller.userId);
    const end: ConsentEnd =
      team === null || access === null || !access.permissions.has('credential.write')
        ? { ok: false, credentialId: null, why: 'state' }
        : await endConsent(consent, placeOf(caller, team, deps.settings.url), given);
    if (access !== null && end.credentialId !== null) {
      request.caller = { ...caller, team: access };
      const target = `credential:${end.credentialId}`;
      if (end.ok) await audit(request, 'credential.connected', target);
      else await audit(request, 'credential.connect-failed', target, { why: end.why });
    }
    return reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').redirect(pageOf(end), 303);
  });
  handle(app, 'testCredential', routes.testCredential, async ({ params, team }) => {
    await refuseForeignUse(deps.sql, team, params.id);
    return testCredential({ vault, http: deps.http }, team.id, await find(team.id, params.id));
  });
  handle(app, 'listCredentialUses', routes.listCredentialUses, async ({ params, query, team }) => {
    await find(team.id, params.id);
    return listCredentialUses(deps.sql, team.id, params.id, query);
  });
}
