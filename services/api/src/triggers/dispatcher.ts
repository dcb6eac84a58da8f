/** The API's share in bringing triggers to Temporal: at once after a change that it answered; what does not get through is any process's sweep. */
import { farSideOf } from '@hub/activities/schedules';
import type { Sql } from '@hub/db';
import { readDesiredTrigger } from '@hub/db/read';
import { allTriggers, claimTriggers, delayTrigger, noteTrigger, noteTriggerState, releaseTrigger } from '@hub/db/write';
import type { Logger } from '@hub/kit';
import { createTriggerDispatcher, type TriggerDispatcher } from '@hub/kit/temporal';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';

/** The dispatcher over the database's outbox. */
export function createDispatcher(
  sql: Sql,
  client: Client,
  log: Pick<Logger, 'warn'>,
  { leaseMs = 30_000, sealedBy = () => null }: { leaseMs?: number; sealedBy?: () => string | null } = {},
): TriggerDispatcher {
  return createTriggerDispatcher({
    client,
    log,
    sealedBy,
    store: {
      claim: (workflowId) => claimTriggers(sql, { workflowId, leaseMs }),
      desired: async (place) => farSideOf(await readDesiredTrigger(sql, place), new Date()),
      applied: (place, side) => (side.kind === 'schedule' ? noteTriggerState(sql, place, { nextFireAt: side.nextFireAt }) : Promise.resolve()),
      release: (claim) => releaseTrigger(sql, claim),
      delay: (claim) => delayTrigger(sql, claim),
      all: (after) => allTriggers(sql, after),
      note: (place) => noteTrigger(sql, place),
    },
  });
}

/** After every good change under /workflows the outbox is looked at; an empty one costs one query. */
export function nudgeAfterChanges(app: FastifyInstance, triggers: Pick<TriggerDispatcher, 'nudge'>): void {
  app.addHook('onResponse', async (request, reply) => {
    if (request.method !== 'GET' && reply.statusCode < 300 && request.url.startsWith('/api/v1/workflows')) triggers.nudge();
  });
}
