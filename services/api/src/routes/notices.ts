/** A person's inbox in the team at hand. */
import { routes } from '@hub/contract';
import { listNotices } from '@hub/db/read';
import { markNoticesRead } from '@hub/db/write';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { instant, instantOf } from '../http/shapes.ts';

/** Registers them. */
export function noticeRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  handle(app, 'listNotices', routes.listNotices, async ({ team, caller, query }) => {
    const { items, nextCursor, unread } = await listNotices(deps.sql, team.id, caller.userId ?? '', query);
    return { items: items.map((row) => ({ ...row, readAt: instantOf(row.readAt), createdAt: instant(row.createdAt) })), nextCursor, unread };
  });
  handle(app, 'readNotice', routes.readNotice, async ({ params, team, caller }) => {
    const changed = await markNoticesRead(deps.sql, team.id, caller.userId ?? '', [params.id]);
    if (changed === 0) throw notFound('notice');
    return undefined;
  });
  handle(app, 'readAllNotices', routes.readAllNotices, async ({ team, caller }) => ({
    read: await markNoticesRead(deps.sql, team.id, caller.userId ?? '', 'all'),
  }));
}
