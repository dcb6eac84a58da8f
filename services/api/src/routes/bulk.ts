/** Several runs at once: each by itself, so that one that cannot be done holds up no other. */
import { type BulkRunsAnswer, routes } from '@hub/contract';
import { isHubError } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { idempotencyKey, requestHash } from '../plugins/app/idempotency.ts';
import { retryOne } from './retry.ts';
import { cancelOne } from './runs.ts';

type Item = BulkRunsAnswer['items'][number];

/** Done side by side: each is a few short transactions on the same slot row. */
const lanes = 4;

/** What became of each run, in the order in which they were named. A failure of the hub itself is thrown. */
async function each(ids: readonly string[], work: (id: string) => Promise<string | null>): Promise<BulkRunsAnswer> {
  const wanted = [...new Set(ids)];
  const items: Item[] = [];
  for (let at = 0; at < wanted.length; at += lanes) items.push(...(await Promise.all(wanted.slice(at, at + lanes).map((id) => one(id, work)))));
  return { items };
}

async function one(id: string, work: (id: string) => Promise<string | null>): Promise<Item> {
  try {
    return { id, done: true, newRun: await work(id), code: null, detail: null };
  } catch (error) {
    if (!isHubError(error) || error.kind !== 'user') throw error;
    return { id, done: false, newRun: null, code: error.code, detail: error.message };
  }
}

/** Registers them. */
export function bulkRoutes(app: FastifyInstance, context: RouteContext): void {
  handle(app, 'bulkCancel', routes.bulkCancel, async ({ body, team, request }) =>
    each(body.ids, async (id) => {
      await cancelOne(context, team.id, request, id);
      return null;
    }),
  );
  handle(app, 'bulkRetry', routes.bulkRetry, async ({ body, team, request }) => {
    const key = idempotencyKey(request);
    const bodyHash = requestHash(request);
    return each(body.ids, (id) => retryOne(context, { team, request, key: key === null ? null : `${key}/${id}`.slice(-200), bodyHash }, id, {}));
  });
}
