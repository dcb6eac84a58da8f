/** The API's share in bringing triggers to Temporal: at once after a change that it answered; what does not get through is any process's sweep. */
import { farSideOf } from '@hub/activities/schedules';
import type { Sql } from '@hub/db';
import { createTriggerStore } from '@hub/db/write';
import type { Logger } from '@hub/kit';
import { createTriggerDispatcher, type TriggerDispatcher } from '@hub/kit/temporal';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';

/** The dispatcher over the database's outbox. */
export function createDispatcher(
  sql: Sql,
  client: Client,
  log: Pick<Logger, 'warn'>,
  { sealedBy = () => null, ...lease }: { leaseMs?: number; sealedBy?: () => string | null } = {},
): TriggerDispatcher {
  return createTriggerDispatcher({ client, log, sealedBy, store: createTriggerStore(sql, farSideOf, lease) });
}

/** After every good change under /workflows the outbox is looked at; an empty one costs one query. */
export function nudgeAfterChanges(app: FastifyInstance, triggers: Pick<TriggerDispatcher, 'nudge'>): void {
  app.addHook('onResponse', async (request, reply) => {
    if (request.method !== 'GET' && reply.statusCode < 300 && request.url.startsWith('/api/v1/workflows')) triggers.nudge();
  });
}
