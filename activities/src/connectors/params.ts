/** Checking an action's params: at publish with templates still in place, and in the step once they are resolved. Pure. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';
import type { z } from 'zod';

import type { ActionSpec } from './types.ts';

export interface ParamFault {
  /** JSON pointer from `params`: `/paging/maxPages`. */
  path: string;
  code: string;
  message: string;
}

const maxFaults = 50;

/** Faults of params as they stand in a definition. Where a text holds `{{`, its value is not known yet, so nothing at or below it counts. */
export function checkDraftParams(spec: ActionSpec, params: unknown): ParamFault[] {
  const read = spec.params.safeParse(params);
  const faults = read.success ? [] : read.error.issues.filter((issue) => !underTemplate(params, issue.path)).flatMap((issue) => toFaults(issue));
  for (const name of spec.literalParams) {
    const value = typeof params === 'object' && params !== null ? (params as Record<string, unknown>)[name] : undefined;
    if (typeof value === 'string' && value.includes('{{'))
      faults.push({ path: `/${name}`, code: 'step.literal-param', message: 'is taken literally, so it may hold no {{ }}' });
  }
  return faults.slice(0, maxFaults);
}

/**
 * Resolved params with defaults. Where text, number or boolean is wanted and the value converts without loss, it is converted.
 * @throws UserError `step.invalid-params` with one entry per fault.
 */
export function parseParams<Spec extends ActionSpec>(spec: Spec, params: unknown): z.output<Spec['params']> {
  const given = structuredClone(params);
  let read = spec.params.safeParse(given);
  if (!read.success && convert(given, read.error.issues)) read = spec.params.safeParse(given);
  if (read.success) return read.data as z.output<Spec['params']>;
  const faults = read.error.issues.flatMap((issue) => toFaults(issue)).slice(0, maxFaults);
  throw new UserError(
    'step.invalid-params',
    `The params of ${spec.id} are not right: ${faults.map((fault) => `${fault.path || '/'} ${fault.message}`).join('; ')}`.slice(0, 500),
    {
      details: faults,
      remedy: 'Look at what the expressions of this step gave, in its input.',
      status: 422,
    },
  );
}

/** Whether this call may be repeated without harm. */
export function isIdempotent<Spec extends ActionSpec>(spec: Spec, params: z.output<Spec['params']>): boolean {
  return typeof spec.idempotent === 'boolean' ? spec.idempotent : spec.idempotent(params);
}

/** The same of params whose templates are not filled: true only where every field that counts is there as it will be sent. */
export function isDraftIdempotent(spec: ActionSpec, params: Json): boolean {
  if (typeof spec.idempotent === 'boolean') return spec.idempotent;
  const parsed = spec.params.safeParse(params);
  return parsed.success && spec.idempotent(parsed.data);
}

function toFaults(issue: z.core.$ZodIssue): ParamFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: pointer([...issue.path, key]), code: 'step.unknown-param', message: 'is not known' }));
  return [{ path: pointer(issue.path), code: 'step.invalid-param', message: messageOf(issue) }];
}

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};
const wordFor = (type: string): string => typeWords[type] ?? type;

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.message.endsWith('received undefined') ? 'is needed' : `wants ${wordFor(issue.expected)}`;
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return issue.message;
  // One of several forms: what they are, where that is all there is to say.
  const wanted = issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' && first.path.length === 0 ? [first.expected] : []));
  return wanted.length > 0 ? `wants ${[...new Set(wanted.map(wordFor))].join(' or ')}` : 'has none of the forms it may have';
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function underTemplate(params: unknown, path: readonly PropertyKey[]): boolean {
  let at: unknown = params;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) break;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return typeof at === 'string' && at.includes('{{');
}

/** Converts in place what zod found of the wrong type; true when anything was converted. */
function convert(params: unknown, issues: readonly z.core.$ZodIssue[]): boolean {
  let any = false;
  for (const issue of issues) {
    if (issue.code !== 'invalid_type' || issue.path.length === 0) continue;
    const last = issue.path.at(-1) as PropertyKey;
    const parent = issue.path
      .slice(0, -1)
      .reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined), params);
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, last)) continue;
    const converted = withoutLoss((parent as Record<PropertyKey, unknown>)[last], issue.expected);
    if (converted === undefined) continue;
    (parent as Record<PropertyKey, unknown>)[last] = converted;
    any = true;
  }
  return any;
}

function withoutLoss(value: unknown, wanted: string): unknown {
  if (wanted === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  if ((wanted === 'number' || wanted === 'int') && typeof value === 'string' && /^-?\d/.test(value) && String(Number(value)) === value)
    return Number(value);
  if (wanted === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return undefined;
}
