/** Conditions: a comparison, `all`, `any`, `not`, or an expression that counts as JSONata's `$boolean`. */
import { UserError } from '@hub/kit/errors';

import { isObject, own } from '../values/json.ts';
import { compare, isOperator } from './operators.ts';
import type { Scope } from './scope.ts';
import { bareExpression, fill } from './template.ts';
import type { ItemValues } from './template.ts';

/** Whether a condition holds. Throws UserError; `all` and `any` stop at the first that decides. */
export async function holds(condition: unknown, scope: Scope, item?: ItemValues): Promise<boolean> {
  const all = own(condition, 'all');
  if (Array.isArray(all)) {
    for (const part of all) if (!(await holds(part, scope, item))) return false;
    return true;
  }
  const any = own(condition, 'any');
  if (Array.isArray(any)) {
    for (const part of any) if (await holds(part, scope, item)) return true;
    return false;
  }
  const not = own(condition, 'not');
  if (not !== undefined) return !(await holds(not, scope, item));
  const expression = own(condition, 'expression');
  if (typeof expression === 'string') return truth(await scope.required(bareExpression(expression), item));
  const op = own(condition, 'op');
  if (!isOperator(op)) throw new UserError('step.invalid-config', 'A condition is { left, op, right }, all, any, not or { expression }');
  const left = await fill(own(condition, 'left') ?? null, scope, item);
  return compare(left, op, await fill(own(condition, 'right') ?? null, scope, item));
}

/** JSONata's `$boolean` of a JSON value; nothing counts as false. */
export function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 1 ? truth(value[0]) : value.some(truth);
  if (isObject(value)) return Object.keys(value).length > 0;
  return value !== null && value !== undefined && value !== '' && value !== 0 && value !== false;
}
