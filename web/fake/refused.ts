/** A refusal of the fake. */
import type { Problem } from '@hub/contract';

export class Refused extends Error {
  readonly problem: Problem;
  constructor(status: number, code: string, detail: string, errors?: Problem['errors'], more: Partial<Problem> = {}) {
    super(code);
    this.problem = { type: 'about:blank', title: code, status, code, detail, requestId: 'fake-1', ...(errors ? { errors } : {}), ...more };
  }
}
