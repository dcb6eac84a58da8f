/** The few answers that every group of routes needs. */
import { type ProblemFault, UserError } from '@hub/kit/errors';

/** 404 for what is not there or not the team's: the two look alike on purpose. */
export function notFound(what: string): UserError {
  return new UserError(`${what}.not-found`, `There is no such ${what} in this team.`, { status: 404 });
}

/** 412: somebody else saved in between. */
export function stale(revision: number): UserError {
  return new UserError('request.stale', `It was changed in between; the newest revision is ${revision}.`, {
    status: 412,
    remedy: 'Read it again, apply your change, send the new revision in If-Match.',
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
