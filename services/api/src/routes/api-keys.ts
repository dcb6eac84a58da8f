/** API keys: sha-256 of 32 random bytes is all that is kept. */
import { createHash } from 'node:crypto';
import { routes, scopePermissions } from '@hub/contract';
import { randomToken } from '@hub/kit/crypto';
import { listApiKeys } from '@hub/db/read';
import { createApiKey, revokeApiKey } from '@hub/db/write';
import type { FastifyInstance } from 'fastify';
import { invalid, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { instantOf, instant } from '../http/shapes.ts';
import type { TeamAccess } from '../plugins/app/caller.ts';

const shownCharacters = 12;

function checkScopes(scopes: string[], team: TeamAccess): void {
  const faults = scopes.flatMap((scope, i) => {
    const wanted = scopePermissions([scope]);
    if (wanted.size === 0) return [{ path: `/scopes/${i}`, code: 'api-key.unknown-scope', message: 'is no role and no permission' }];
    const above = [...wanted].filter((permission) => !team.permissions.has(permission));
    return above.length > 0 ? [{ path: `/scopes/${i}`, code: 'api-key.above-yours', message: `holds what you may not do: ${above.join(', ')}` }] : [];
  });
  if (faults.length > 0) throw invalid('api-key.bad-scopes', 'The scopes cannot be given.', faults);
}

/** Registers them. */
export function apiKeyRoutes(app: FastifyInstance, { deps, audit }: RouteContext): void {
  handle(app, 'listApiKeys', routes.listApiKeys, async ({ team, query }) => {
    const { items, nextCursor } = await listApiKeys(deps.sql, team.id, query);
    return {
      items: items.map((row) => ({
        ...row,
        scopes: row.scopes ?? [],
        expiresAt: instantOf(row.expiresAt),
        lastUsedAt: instantOf(row.lastUsedAt),
        createdAt: instant(row.createdAt),
      })),
      nextCursor,
    };
  });
  handle(app, 'createApiKey', routes.createApiKey, async ({ body, team, caller, request }) => {
    checkScopes(body.scopes, team);
    if (body.expiresAt !== undefined && new Date(body.expiresAt) <= new Date())
      throw invalid('api-key.expired', 'The key would be expired at once.', [
        { path: '/expiresAt', code: 'api-key.expired', message: 'lies in the past' },
      ]);
    const key = `hub_${randomToken()}`;
    const prefix = key.slice(0, shownCharacters);
    const hash = createHash('sha256').update(key).digest();
    const made = await createApiKey(deps.sql, {
      team: team.id,
      userId: caller.userId,
      name: body.name,
      hash,
      prefix,
      scopes: body.scopes,
      expiresAt: body.expiresAt ?? null,
    });
    await audit(request, 'api-key.create', `api-key:${made.id}`, { name: body.name, scopes: body.scopes });
    return {
      id: made.id,
      name: body.name,
      prefix,
      scopes: body.scopes,
      expiresAt: body.expiresAt ?? null,
      lastUsedAt: null,
      createdAt: new Date().toISOString(),
      key,
    };
  });
  handle(app, 'deleteApiKey', routes.deleteApiKey, async ({ params, team, request }) => {
    if (!(await revokeApiKey(deps.sql, team.id, params.id))) throw notFound('api-key');
    await audit(request, 'api-key.revoke', `api-key:${params.id}`);
    return undefined;
  });
}
