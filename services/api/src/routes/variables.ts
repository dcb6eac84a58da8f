/** Team variables. */
import { routes } from '@hub/contract';
import type { Json } from '@hub/dag/planner';
import { listVariables } from '@hub/db/read';
import { deleteVariable, setVariable } from '@hub/db/write';
import type { FastifyInstance } from 'fastify';
import { notFound, stale } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { instant } from '../http/shapes.ts';

/** Registers them. */
export function variableRoutes(app: FastifyInstance, { deps, audit }: RouteContext): void {
  handle(app, 'listVariables', routes.listVariables, async ({ team, query }) => {
    const { items, nextCursor } = await listVariables(deps.sql, team.id, query);
    return { items: items.map(({ name, value, revision, updatedAt }) => ({ name, value, revision, updatedAt: instant(updatedAt) })), nextCursor };
  });
  handle(app, 'setVariable', routes.setVariable, async ({ params: { name }, body, team, caller, ifMatch, request }) => {
    const { outcome, revision } = await setVariable(deps.sql, {
      team: team.id,
      name,
      value: body.value as Json,
      userId: caller.userId,
      ifRevision: ifMatch,
    });
    if (outcome === 'stale') throw stale({ revision });
    await audit(request, 'variable.set', `variable:${name}`);
    return { name, value: body.value, revision, updatedAt: new Date().toISOString() };
  });
  handle(app, 'deleteVariable', routes.deleteVariable, async ({ params, team, request }) => {
    if (!(await deleteVariable(deps.sql, team.id, params.name))) throw notFound('variable');
    await audit(request, 'variable.delete', `variable:${params.name}`);
    return undefined;
  });
}
