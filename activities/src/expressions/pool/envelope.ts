/** How results and errors leave a child. */
import { UserError, isHubError } from '@hub/kit/errors';

import { isLonger } from '../../values/json.ts';
import { limits } from '../names.ts';
import type { WireError } from './jobs.ts';

/** Throws UserError `expression.too-large` above 32 MB. */
export function sized(text: string): string {
  if (isLonger(text, limits.valueBytes))
    throw new UserError('expression.too-large', `The result is larger than ${limits.valueBytes / 1024 / 1024} MB`);
  return text;
}

export function toWireError(error: unknown): WireError {
  if (isHubError(error)) return { kind: error.kind, code: error.code, message: error.message };
  if (error instanceof RangeError)
    return { kind: 'user', code: 'expression.too-deep', message: 'The evaluation recursed too deeply or made a text that is too long' };
  return { kind: 'bug', code: 'expression.internal', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}
