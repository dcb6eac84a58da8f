/** Team variables. */
import { routes } from '@hub/contract';
import type { Json } from '@hub/dag/planner';
import { listVariables } from '@hub/db/read';
import { deleteVariable, setVariable } from '@hub/db/write';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { instant } from '../http/shapes.ts';

/** Registers them. */
export function variableRoutes(app: FastifyInstance, { deps, audit }: RouteContext): void {
  handle(app, 'listVariables', routes.listVariables, async ({ team, query }) => {
    const { items, nextCursor } = await listVariables(deps.sql, team.id, query);
    return { items: items.map((row) => ({ name: row.name, value: row.value, updatedAt: instant(row.updatedAt) })), nextCursor };
  });
  handle(app, 'setVariable', routes.setVariable, async ({ params, body, team, caller, request }) => {
    await setVariable(deps.sql, { team: team.id, name: params.name, value: body.value as Json, userId: caller.userId });
    await audit(request, 'variable.set', `variable:${params.name}`);
    return { name: params.name, value: body.value, updatedAt: new Date().toISOString() };
  });
  handle(app, 'deleteVariable', routes.deleteVariable, async ({ params, team, request }) => {
    if (!(await deleteVariable(deps.sql, team.id, params.name))) throw notFound('variable');
    await audit(request, 'variable.delete', `variable:${params.name}`);
    return undefined;
  });
}
