/** Credentials: values are sealed at once, can be read back by nobody, and go only to the hosts named (05, rules 15 and 17). */
import { routes } from '@hub/contract';
import { listCredentials, readCredential } from '@hub/db/read';
import { createCredential, revokeCredential, updateCredential } from '@hub/db/write';
import { checkCredentialValues, credentialKind, type CredentialKindSpec, hostsOfKind } from '@hub/kit/credentials';
import { credentialAad, seal } from '@hub/kit/crypto';
import { errorCode } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import { tellOfOneEnd } from '../credentials/endings.ts';
import { credentialShape } from '../credentials/shape.ts';
import { conflict, invalid, notFound, stale } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';

function kindOf(id: string): CredentialKindSpec {
  const kind = credentialKind(id);
  if (kind === null)
    throw invalid('credential.unknown-kind', 'There is no such kind of credential; GET /api/v1/credential-kinds lists them.', [
      { path: '/kind', code: 'credential.unknown-kind', message: 'is not a kind of credential' },
    ]);
  return kind;
}

/** The values as they are sealed. Faults name fields and never quote what was given. */
function checkValues(kind: CredentialKindSpec, values: Record<string, string>): Record<string, string> {
  const checked = checkCredentialValues(kind, values);
  if (checked.ok) return checked.values;
  const faults = checked.faults.map(({ field, message }) => ({ path: `/values/${field}`, code: 'credential.bad-values', message }));
  throw invalid('credential.bad-values', `The values do not fit the kind ${kind.id}: ${faults[0]?.message ?? ''}`, faults);
}

function hostsOf(kind: CredentialKindSpec, values: Record<string, string>, given: string[] | undefined): string[] {
  const hosts = hostsOfKind(kind, values, given);
  if (hosts !== null) return hosts;
  throw invalid('credential.no-hosts', 'Say where the value may be sent.', [
    { path: '/allowedHosts', code: 'credential.no-hosts', message: 'names no host' },
  ]);
}

const firstStatus = (kind: CredentialKindSpec) => (kind.grant === 'authorization-code' ? ('pending' as const) : ('active' as const));

const nameTaken = () => conflict('credential.name-taken', 'Another credential of the team has this name.');

/** Of access by consent the provider alone knows the end. */
function checkEnd(kind: CredentialKindSpec, expiresAt: string | null | undefined): Date | null | undefined {
  if (expiresAt === undefined || expiresAt === null) return expiresAt;
  if (kind.grant !== 'authorization-code') return new Date(expiresAt);
  throw invalid('credential.bad-values', 'The end of access by consent is told by the provider.', [
    { path: '/expiresAt', code: 'credential.bad-values', message: 'is not for this kind' },
  ]);
}

/** Access given by consent is taken back at the provider too; a provider that does not answer does not keep us from destroying what we hold. */
async function takeBack({ deps, vault, oauth }: RouteContext, team: string, id: string): Promise<'done' | 'not-offered' | 'failed'> {
  try {
    const held = await vault.forRevocation(team, id);
    return held !== null && (await oauth.revoke(held.kind, held.values, held.token)) ? 'done' : 'not-offered';
  } catch (error) {
    deps.log.warn({ code: errorCode(error), credential: id }, 'access could not be taken back at the provider');
    return 'failed';
  }
}

/** Registers them. */
export function credentialRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, audit } = context;
  const tellEnd = (team: string, id: string) => tellOfOneEnd({ sql: deps.sql, mailer: deps.mailer, url: deps.settings.url }, team, id);
  const sealed = (team: string, id: string, rowVersion: number, values: Record<string, string>) => {
    const keyset = deps.settings.credentialKeys.current();
    return { encrypted: Buffer.from(seal(keyset, credentialAad(team, id, rowVersion), JSON.stringify(values)), 'utf8'), keyId: keyset.primary };
  };
  const find = async (team: string, id: string) => {
    const row = await readCredential(deps.sql, team, id);
    if (row === null) throw notFound('credential');
    return credentialShape(row);
  };
  handle(app, 'listCredentials', routes.listCredentials, async ({ team, query }) => {
    const { items, nextCursor } = await listCredentials(deps.sql, team.id, query);
    return { items: items.map(credentialShape), nextCursor };
  });
  handle(app, 'getCredential', routes.getCredential, async ({ params, team }) => find(team.id, params.id));
  handle(app, 'createCredential', routes.createCredential, async ({ body, team, caller, request }) => {
    const kind = kindOf(body.kind);
    const values = checkValues(kind, body.values);
    const allowedHosts = hostsOf(kind, values, body.allowedHosts);
    const endsAt = checkEnd(kind, body.expiresAt) ?? null;
    const id = v7();
    const outcome = await createCredential(deps.sql, {
      team: team.id,
      userId: caller.userId,
      id,
      name: body.name,
      kind: kind.id,
      ...sealed(team.id, id, 1, values),
      rowVersion: 1,
      allowedHosts,
      status: firstStatus(kind),
      endsAt,
    });
    if (outcome === 'name-taken') throw nameTaken();
    await audit(request, 'credential.create', `credential:${id}`, { name: body.name, kind: body.kind, allowedHosts });
    await tellEnd(team.id, id);
    return find(team.id, id);
  });
  handle(app, 'updateCredential', routes.updateCredential, async ({ params, body, team, ifMatch, request }) => {
    const old = await find(team.id, params.id);
    // A thief of an editor's session must not be able to send a stored value elsewhere (05, rule 15).
    const wider = (body.allowedHosts ?? []).some((host) => !old.allowedHosts.includes(host));
    if (wider && body.values === undefined)
      throw invalid('credential.values-needed', 'A wider list of hosts needs the values again.', [
        { path: '/values', code: 'credential.values-needed', message: 'is needed' },
      ]);
    const kind = kindOf(old.kind);
    const values = body.values === undefined ? null : checkValues(kind, body.values);
    // Where the hosts follow from the values, new values bring new hosts.
    const allowedHosts = values !== null && kind.hostsFixed === true ? hostsOf(kind, values, undefined) : body.allowedHosts;
    const endsAt = checkEnd(kind, body.expiresAt);
    const saved = await updateCredential(deps.sql, {
      team: team.id,
      id: params.id,
      ifVersion: ifMatch,
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(allowedHosts === undefined ? {} : { allowedHosts }),
      ...(body.usableBy === undefined ? {} : { usableBy: body.usableBy }),
      ...(body.users === undefined ? {} : { users: body.users }),
      ...(endsAt === undefined ? {} : { endsAt }),
      ...(values === null ? {} : { sealed: { ...sealed(team.id, params.id, ifMatch + 1, values), status: firstStatus(kind) } }),
    }).catch((error: unknown) => {
      throw errorCode(error) === '23505' ? nameTaken() : error;
    });
    if (saved.outcome === 'not-found') throw notFound('credential');
    if (saved.outcome === 'stale') throw stale({ revision: saved.rowVersion });
    await audit(request, 'credential.update', `credential:${params.id}`, { fields: Object.keys(body) });
    await tellEnd(team.id, params.id);
    return find(team.id, params.id);
  });
  handle(app, 'deleteCredential', routes.deleteCredential, async ({ params, team, request }) => {
    await find(team.id, params.id);
    const atProvider = await takeBack(context, team.id, params.id);
    if (!(await revokeCredential(deps.sql, team.id, params.id))) throw notFound('credential');
    await audit(request, 'credential.revoke', `credential:${params.id}`, { atProvider });
    return undefined;
  });
}
