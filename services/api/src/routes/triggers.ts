/** Triggers: what starts a workflow, when next, pause and resume, backfill, and the schedule editor's preview. */
import { routes } from '@hub/contract';
import { listTriggerEvents, listTriggers, readTrigger, readWorkflow } from '@hub/db/read';
import { setTriggerPaused } from '@hub/db/write';
import type { FastifyInstance } from 'fastify';
import { invalid, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { backfill } from '../triggers/backfill.ts';
import { previewOf, triggerEventShape, triggerShape } from '../triggers/shapes.ts';

/** Registers them. */
export function triggerRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, audit } = context;
  handle(app, 'listTriggers', routes.listTriggers, async ({ params, query, team }) => {
    if ((await readWorkflow(deps.sql, team.id, params.id)) === null) throw notFound('workflow');
    const now = new Date();
    const rows = await listTriggers(deps.sql, team.id, params.id);
    return {
      items: rows.filter((row) => query.removed === 'true' || row.status !== 'removed').map((row) => triggerShape(row, now, deps.settings.url)),
      nextCursor: null,
    };
  });
  handle(app, 'listTriggerEvents', routes.listTriggerEvents, async ({ params, query, team }) => {
    if ((await readTrigger(deps.sql, team.id, params.id, params.triggerId)) === null) throw notFound('trigger');
    const { items, nextCursor } = await listTriggerEvents(deps.sql, team.id, { workflowId: params.id, triggerId: params.triggerId }, query);
    return { items: items.map(triggerEventShape), nextCursor };
  });
  const setPaused = async (place: { team: string; workflowId: string; triggerId: string }, userId: string | null, paused: boolean) => {
    const before = await readTrigger(deps.sql, place.team, place.workflowId, place.triggerId);
    if (before === null || before.status === 'removed') throw notFound('trigger');
    if (before.type === 'manual' || before.type === 'api')
      throw invalid('trigger.not-pausable', 'Starts by hand and over the API cannot be paused one by one.', [
        { path: 'params/triggerId', code: 'trigger.not-pausable', message: 'pause the workflow instead' },
      ]);
    if ((await setTriggerPaused(deps.sql, place, { paused, userId })) === 'not-found') throw notFound('trigger');
    const after = await readTrigger(deps.sql, place.team, place.workflowId, place.triggerId);
    if (after === null) throw notFound('trigger');
    return triggerShape(after, new Date(), deps.settings.url);
  };
  handle(app, 'pauseTrigger', routes.pauseTrigger, async ({ params, team, caller, request }) => {
    const shape = await setPaused({ team: team.id, workflowId: params.id, triggerId: params.triggerId }, caller.userId, true);
    await audit(request, 'trigger.pause', `workflow:${params.id}`, { trigger: params.triggerId });
    return shape;
  });
  handle(app, 'resumeTrigger', routes.resumeTrigger, async ({ params, team, caller, request }) => {
    const shape = await setPaused({ team: team.id, workflowId: params.id, triggerId: params.triggerId }, caller.userId, false);
    await audit(request, 'trigger.resume', `workflow:${params.id}`, { trigger: params.triggerId });
    return shape;
  });
  handle(app, 'backfillTrigger', routes.backfillTrigger, async ({ params, body, team, caller, request }) => {
    const answer = await backfill(context, { team: team.id, userId: caller.userId, workflowId: params.id, triggerId: params.triggerId, ...body });
    if (body.confirm !== undefined) await audit(request, 'trigger.backfill', `workflow:${params.id}`, { trigger: params.triggerId, ...answer });
    return answer;
  });
  handle(app, 'previewSchedule', routes.previewSchedule, async ({ body }) => {
    const { from, ...given } = body;
    return previewOf(given, from === undefined ? new Date() : new Date(from));
  });
}
