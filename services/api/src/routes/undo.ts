/** What a run undid. */
import { routes } from '@hub/contract';
import { listCompensations } from '@hub/db/read';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';

export function undoRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  handle(app, 'listCompensations', routes.listCompensations, async ({ params, query, team }) => {
    const found = await listCompensations(deps.sql, team.id, params.id, query);
    if (found === null) throw notFound('run');
    return found;
  });
}
