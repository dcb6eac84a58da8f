/** The few answers that every group of routes needs. */
import { type ProblemFault, UserError } from '@hub/kit/errors';

/** 404 for what is not there or not the team's: the two look alike on purpose. */
export function notFound(what: string): UserError {
  return new UserError(`${what}.not-found`, `There is no such ${what} in this team.`, { status: 404 });
}

/** 412: somebody else saved in between. Where it is known when and who, the problem carries what is stored now (`current`). */
export function stale(now: { revision: number; updatedAt?: string; updatedBy?: { id: string; name: string } | null }): UserError {
  const { revision, updatedAt, updatedBy = null } = now;
  return new UserError('request.stale', `${updatedBy?.name ?? 'Somebody else'} saved in between; the newest revision is ${revision}.`, {
    status: 412,
    remedy: 'Read it again, apply your change, send the new revision in If-Match.',
    details: {
      errors: [{ path: 'headers/if-match', code: 'request.stale', message: `is not revision ${revision}` }],
      ...(updatedAt === undefined ? {} : { current: { revision, updatedAt, updatedBy } }),
    },
  });
}

/** 409 with a reason. */
export function conflict(code: string, detail: string, remedy?: string): UserError {
  return new UserError(code, detail, { status: 409, ...(remedy === undefined ? {} : { remedy }) });
}

/** 422 with faults. */
export function invalid(code: string, detail: string, errors: ProblemFault[]): UserError {
  return new UserError(code, detail, { status: 422, details: errors });
}

/** 422 `definition.invalid` with every fault; its detail says what cannot be done, and where the first one is. */
export function invalidDefinition(what: string, faults: ProblemFault[]): UserError {
  const [first] = faults;
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return invalid('definition.invalid', `${what}: ${count}. First, at ${first?.path ?? '/'}: ${first?.message ?? ''}`.slice(0, 500), faults);
}
