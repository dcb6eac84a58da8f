/** What vendors say to forms. A vendor's own refusal is passed on in our words; its credential is used, never shown. */
import { findAction, findConnector } from '@hub/activities/catalogue';
import { type ConnectorServices, missingScopes, servicesFor, type ServiceContext } from '@hub/activities/connectors';
import { type ConnectionTest, routes } from '@hub/contract';
import type { Json } from '@hub/dag/planner';
import { isHubError, UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { refuseForeignUse } from '../workflows/faults.ts';

/** A person waits; a vendor that takes longer is told as slow. */
const timeoutMs = 20_000;

interface Asked {
  connector: string;
  team: TeamAccess;
  request: FastifyRequest;
  credentialId?: string | undefined;
  params?: Record<string, unknown> | undefined;
}

/** Registers them. */
export function connectorRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, vault, audit } = context;

  /** Kinds that any action of the connector takes: a credential of another kind is not sent to this vendor. */
  const kindsOf = (connector: string): Set<string> =>
    new Set(Object.values(findConnector(connector)?.actions ?? {}).flatMap((action): readonly string[] => action.credentialKinds));

  async function contextOf({ connector, team, request, credentialId, params = {} }: Asked): Promise<ServiceContext> {
    const closed = new AbortController();
    request.raw.once('close', () => closed.abort(new UserError('request.refused', 'The caller went away.')));
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(timeoutMs)]);
    const base = { params: known(params), http: deps.http, signal };
    if (credentialId === undefined) return { ...base, credential: null };
    await refuseForeignUse(deps.sql, team, credentialId);
    const credential = await vault.use(team.id, credentialId, null);
    if (!kindsOf(connector).has(credential.kind))
      throw new UserError('credential.wrong-kind', `${connector} takes no credential of the kind ${credential.kind}.`, {
        status: 422,
        details: [{ path: '/credentialId', code: 'credential.wrong-kind', message: 'is of another kind' }],
      });
    return { ...base, credential, renew: () => vault.renew(team.id, credential) };
  }

  const silent = (connector: string, what: string) =>
    new UserError('connector.no-services', `${connector} tells forms no ${what}.`, { status: 422, remedy: 'Its fields are typed in.' });

  async function services(connector: string): Promise<ConnectorServices> {
    const found = await servicesFor(connector);
    if (found === null)
      throw new UserError('connector.no-services', `${connector} tells forms nothing.`, { status: 422, remedy: 'Its fields are typed in.' });
    return found;
  }

  handle(app, 'connectorOptions', routes.connectorOptions, async ({ params, body, team, request }) => {
    const { resources = {} } = await services(params.id);
    const list = Object.hasOwn(resources, body.resource) ? resources[body.resource] : undefined;
    if (list === undefined || (body.action !== undefined && findAction(params.id, body.action) === null)) throw silent(params.id, body.resource);
    const asked = await contextOf({ ...body, connector: params.id, team, request });
    const search = body.search === undefined ? {} : { search: body.search };
    return list({ ...asked, ...search, ...(body.cursor === undefined ? {} : { cursor: body.cursor }) });
  });

  handle(app, 'connectorFields', routes.connectorFields, async ({ params, body, team, request }) => {
    const { fields } = await services(params.id);
    if (fields === undefined) throw silent(params.id, 'fields');
    return { schema: await fields(await contextOf({ ...body, connector: params.id, team, request })) };
  });

  handle(app, 'testConnection', routes.testConnection, async ({ params, body, team, request }): Promise<ConnectionTest> => {
    const told = await services(params.id);
    const asked = await contextOf({ ...body, connector: params.id, team, request });
    await audit(request, 'credential.test', `credential:${body.credentialId}`, { connector: params.id });
    try {
      const { message, account, scopes } = await told.test(asked);
      const missing = missingScopes(params.id, scopes);
      const found = { account, scopes: scopes === null ? null : [...scopes], missing };
      if (missing.length === 0) return { ok: true, message, code: null, ...found };
      return {
        ok: false,
        message: `${message} Missing: ${missing.join(', ')}. Connect again and grant it.`,
        code: 'connector.missing-scope',
        ...found,
      };
    } catch (error) {
      if (!isHubError(error) || error.kind === 'bug') throw error;
      const words = error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
      return { ok: false, message: words, account: null, scopes: null, missing: [], code: error.code };
    }
  });
}

/** Params whose value is known: a text with {{ }} is filled in a run only. */
function known(params: Record<string, unknown>): Record<string, Json> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => !(typeof value === 'string' && value.includes('{{')))) as Record<
    string,
    Json
  >;
}
