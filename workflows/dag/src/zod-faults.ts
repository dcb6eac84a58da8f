/** zod's issues as faults: a pointer to the value, a plain sentence, one fault per unknown field. */
import type { z } from 'zod';
import { pointer } from './pointer.ts';

export interface ShapeFault {
  /** Pointer below the value checked; may be empty. */
  path: string;
  kind: 'unknown-field' | 'missing-field' | 'wrong-value';
  message: string;
}

/** Every issue of a failed parse. `value` is what was parsed: it tells a missing field from a wrong one. */
export function shapeFaults(error: z.ZodError, value: unknown): ShapeFault[] {
  return error.issues.flatMap((issue): ShapeFault[] => {
    const path = pointer(...issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: path + pointer(key),
        kind: 'unknown-field',
        message: `There is no field "${key}" here. Remove it, or look for a misspelling.`,
      }));
    }
    if (isMissing(value, issue.path)) return [{ path, kind: 'missing-field', message: `This field is required. ${sentence(issue.message)}`.trim() }];
    return [{ path, kind: 'wrong-value', message: sentence(issue.message) }];
  });
}

function isMissing(value: unknown, path: PropertyKey[]): boolean {
  let at = value;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return true;
    at = (at as Record<PropertyKey, unknown>)[segment];
  }
  return at === undefined;
}

function sentence(message: string): string {
  const plain = message.replace(/^Invalid input: /, '').trim();
  const text = plain.charAt(0).toUpperCase() + plain.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
