/** The step cache of a workflow. */
import { routes } from '@hub/contract';
import { listCacheEntries, readWorkflow } from '@hub/db/read';
import { clearStepCache } from '@hub/db/write';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';

export function stepCacheRoutes(app: FastifyInstance, context: RouteContext): void {
  const { audit, deps } = context;
  const { sql } = deps;
  handle(app, 'listCacheEntries', routes.listCacheEntries, async ({ params, query, team }) => {
    if ((await readWorkflow(sql, team.id, params.id)) === null) throw notFound('workflow');
    return await listCacheEntries(sql, team.id, params.id, query);
  });
  handle(app, 'clearCache', routes.clearCache, async ({ params, query, team, request }) => {
    if ((await readWorkflow(sql, team.id, params.id)) === null) throw notFound('workflow');
    const cleared = await clearStepCache(sql, team.id, params.id, query.nodeId ?? null);
    await audit(request, 'workflow.clear-cache', `workflow:${params.id}`, {
      cleared,
      ...(query.nodeId === undefined ? {} : { nodeId: query.nodeId }),
    });
    return { cleared };
  });
}
