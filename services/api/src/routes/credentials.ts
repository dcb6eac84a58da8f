/** Credentials: values are sealed at once, can be read back by nobody, and go only to the hosts named (05, rules 15 and 17). */
import { credentialValues, routes } from '@hub/contract';
import type { Credential } from '@hub/contract';
import { listCredentials, readCredential } from '@hub/db/read';
import type { CredentialRead } from '@hub/db/read';
import { createCredential, revokeCredential, updateCredential } from '@hub/db/write';
import { credentialAad, seal } from '@hub/kit/crypto';
import { errorCode } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import { v7 } from 'uuid';
import { conflict, invalid, notFound, stale } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { instant, instantOf } from '../http/shapes.ts';

type Kind = keyof typeof credentialValues;
const providerHosts: Partial<Record<Kind, string>> = { openai: 'api.openai.com', anthropic: 'api.anthropic.com' };

function checkValues(kind: Kind, values: Record<string, string>): string {
  const parsed = credentialValues[kind].safeParse(values);
  if (!parsed.success) {
    // zod's own words may quote what was given; only places and codes are passed on.
    const faults = parsed.error.issues.map((issue) => ({
      path: `/values/${issue.path.map(String).join('/')}`,
      code: 'credential.bad-values',
      message: `does not fit the kind ${kind}`,
    }));
    throw invalid('credential.bad-values', `The values do not fit the kind ${kind}.`, faults);
  }
  return JSON.stringify(parsed.data);
}

function hostsOf(kind: Kind, given: string[] | undefined, values: Record<string, string>): string[] {
  if (given !== undefined && given.length > 0) return given;
  // What signs webhooks is sent nowhere.
  if (kind === 'webhook-secret') return [];
  if (kind === 'slack-webhook' && values['url'] !== undefined) return [new URL(values['url']).host];
  const provider = values['baseUrl'] === undefined ? providerHosts[kind] : new URL(values['baseUrl']).host;
  if (provider !== undefined) return [provider];
  throw invalid('credential.no-hosts', 'Say where the value may be sent.', [
    { path: '/allowedHosts', code: 'credential.no-hosts', message: 'names no host' },
  ]);
}

const nameTaken = () => conflict('credential.name-taken', 'Another credential of the team has this name.');

function credentialShape(row: CredentialRead): Credential {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as Kind,
    allowedHosts: row.allowedHosts,
    status: row.status,
    revision: row.rowVersion,
    lastUsedAt: instantOf(row.lastUsedAt),
    createdAt: instant(row.createdAt),
    updatedAt: instant(row.updatedAt),
  };
}

/** Registers them. */
export function credentialRoutes(app: FastifyInstance, { deps, audit }: RouteContext): void {
  const keyset = deps.settings.credentialKeys;
  const sealed = (team: string, id: string, rowVersion: number, text: string) =>
    Buffer.from(seal(keyset, credentialAad(team, id, rowVersion), text), 'utf8');
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
    const text = checkValues(body.kind, body.values);
    const allowedHosts = hostsOf(body.kind, body.allowedHosts, body.values);
    const id = v7();
    const outcome = await createCredential(deps.sql, {
      team: team.id,
      userId: caller.userId,
      id,
      name: body.name,
      kind: body.kind,
      encrypted: sealed(team.id, id, 1, text),
      keyId: keyset.primary,
      rowVersion: 1,
      allowedHosts,
    });
    if (outcome === 'name-taken') throw nameTaken();
    await audit(request, 'credential.create', `credential:${id}`, { name: body.name, kind: body.kind, allowedHosts });
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
    const text = body.values === undefined ? null : checkValues(old.kind, body.values);
    const saved = await updateCredential(deps.sql, {
      team: team.id,
      id: params.id,
      ifVersion: ifMatch,
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.allowedHosts === undefined ? {} : { allowedHosts: body.allowedHosts }),
      ...(text === null ? {} : { sealed: { encrypted: sealed(team.id, params.id, ifMatch + 1, text), keyId: keyset.primary } }),
    }).catch((error: unknown) => {
      throw errorCode(error) === '23505' ? nameTaken() : error;
    });
    if (saved.outcome === 'not-found') throw notFound('credential');
    if (saved.outcome === 'stale') throw stale({ revision: saved.rowVersion });
    await audit(request, 'credential.update', `credential:${params.id}`, { fields: Object.keys(body) });
    return find(team.id, params.id);
  });
  handle(app, 'deleteCredential', routes.deleteCredential, async ({ params, team, request }) => {
    if (!(await revokeCredential(deps.sql, team.id, params.id))) throw notFound('credential');
    await audit(request, 'credential.revoke', `credential:${params.id}`);
    return undefined;
  });
}
