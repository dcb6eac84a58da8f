/** One line of the append-only audit log per change: who, team, what, from where (05, rule 37). */
import type { Sql } from '@hub/db';
import { addAudit } from '@hub/db/write';
import type { Json } from '@hub/dag/planner';
import type { FastifyRequest } from 'fastify';

/** Writes the entry of a change that has happened. `details` never hold a value of a secret. */
export type Audit = (request: FastifyRequest, action: string, target: string, details?: Json) => Promise<void>;

/** The log over `sql`. A change without a team (a person's own) has no entry. */
export function createAudit(sql: Sql): Audit {
  return async (request, action, target, details) => {
    const { caller } = request;
    if (caller.team === null) return;
    await addAudit(sql, {
      team: caller.team.id,
      userId: caller.userId,
      keyId: caller.keyId,
      action,
      target,
      from: request.ip,
      ...(details === undefined ? {} : { details }),
    });
  };
}
