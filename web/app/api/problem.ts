/** A refusal of the API as pages see it (RFC 9457, cut to what is shown). */
export interface Problem {
  code: string;
  detail: string;
  /** What to do about it. */
  remedy?: string | undefined;
  status: number;
  requestId: string | null;
  retryAfterSeconds: number | null;
  errors: { path: string; message: string }[];
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;
}

/** The message for one field of a form: faults carry JSON pointers (`/name`). */
export function faultOf(problem: Problem | null | undefined, field: string): string | null {
  const fault = problem?.errors.find(({ path }) => path === `/${field}` || path === field || path.startsWith(`/${field}/`));
  return fault ? fault.message : null;
}

/** True when the problem is told at fields already, so the form need not repeat it. */
export function isToldAtFields(problem: Problem | null | undefined, fields: string[]): boolean {
  return Boolean(problem && problem.errors.length > 0 && fields.some((field) => faultOf(problem, field)));
}
