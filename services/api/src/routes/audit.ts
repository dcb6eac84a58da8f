/** The audit log, and the mails that were not sent. */
import { routes } from '@hub/contract';
import { listAudit } from '@hub/db/read';
import { readUnsentMails } from '@hub/db/write';
import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { instant } from '../http/shapes.ts';

/** Registers them. */
export function auditRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  handle(app, 'listAuditEntries', routes.listAuditEntries, async ({ team, query }) => {
    const { items, nextCursor } = await listAudit(deps.sql, team.id, query);
    return {
      items: items.map((row) => {
        const [targetType, targetId] = (row.target ?? '').split(':');
        const actor = row.apiKeyId ? `api-key:${row.apiKeyId}` : row.userId ? `person:${row.userId}` : null;
        return {
          id: row.id,
          at: instant(row.at),
          actor,
          action: row.action,
          targetType: targetType || null,
          targetId: targetId ?? null,
          ip: row.from,
          details: row.details,
        };
      }),
      nextCursor,
    };
  });
  handle(app, 'listMails', routes.listMails, async () => {
    // Those of this process (they may open accounts) and those of steps, which the worker keeps in the database.
    const mails = [...deps.mailer.kept(), ...(await readUnsentMails(deps.sql))];
    return { items: mails.sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, 200), nextCursor: null };
  });
}
