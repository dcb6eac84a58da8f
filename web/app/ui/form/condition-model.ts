/** Conditions as rows that people fill in, and back to the format (03). Pure. */
import type { Json } from '../json-path.ts';
import type { JsonObject } from './types.ts';
import { isObject } from './values.ts';

export const operators: readonly { value: string; label: string; unary?: boolean }[] = [
  { value: 'eq', label: 'is' },
  { value: 'ne', label: 'is not' },
  { value: 'gt', label: 'is greater than' },
  { value: 'gte', label: 'is at least' },
  { value: 'lt', label: 'is less than' },
  { value: 'lte', label: 'is at most' },
  { value: 'contains', label: 'contains' },
  { value: 'not_contains', label: 'does not contain' },
  { value: 'starts_with', label: 'starts with' },
  { value: 'ends_with', label: 'ends with' },
  { value: 'matches', label: 'matches the pattern' },
  { value: 'in', label: 'is one of' },
  { value: 'not_in', label: 'is none of' },
  { value: 'is_empty', label: 'is empty', unary: true },
  { value: 'is_not_empty', label: 'is not empty', unary: true },
  { value: 'exists', label: 'exists', unary: true },
  { value: 'is_true', label: 'is true', unary: true },
  { value: 'is_false', label: 'is false', unary: true },
];
export const isUnary = (op: unknown): boolean => operators.some((each) => each.value === op && each.unary);

export type ConditionShape = 'compare' | 'all' | 'any' | 'not' | 'expression';

/** Which of the forms a condition has; what is none of them yet counts as a comparison. */
export function shapeOf(value: unknown): ConditionShape {
  if (!isObject(value)) return 'compare';
  for (const shape of ['all', 'any', 'not', 'expression'] as const) if (Object.hasOwn(value, shape)) return shape;
  return 'compare';
}

const empty: JsonObject = { left: '', op: 'eq', right: '' };
const comparison = (value: unknown): JsonObject => (isObject(value) && shapeOf(value) === 'compare' && Object.keys(value).length > 0 ? value : empty);

/** The members of a group; a single condition is a group of one. */
export function membersOf(value: unknown): Json[] {
  if (!isObject(value)) return [{ ...empty }];
  const list = value['all'] ?? value['any'];
  return Array.isArray(list) ? list : [value as Json];
}

/** The condition in another form, keeping what it can. */
export function reshaped(value: unknown, to: ConditionShape): JsonObject {
  if (shapeOf(value) === to && isObject(value)) return value;
  if (to === 'expression') return { expression: '' };
  const inner = isObject(value) && shapeOf(value) === 'not' ? value['not'] : value;
  if (to === 'not') return { not: isObject(inner) ? (inner as Json) : { ...empty } };
  const members = shapeOf(inner) === 'expression' ? [{ ...empty }] : membersOf(inner);
  if (to === 'compare') return comparison(members[0]);
  return { [to]: members };
}

/** A group with other members; a group of one stays a group, so that what it means does not jump. */
export function withMembers(value: unknown, members: Json[]): JsonObject {
  return shapeOf(value) === 'any' ? { any: members } : { all: members };
}

/** A new comparison. */
export const newComparison = (): JsonObject => ({ ...empty });

/** A comparison with another operator: unary ones have no right side. */
export function withOperator(value: JsonObject, op: string): JsonObject {
  const { right, ...rest } = { ...empty, ...value };
  return isUnary(op) ? { left: rest['left'] ?? '', op } : { left: rest['left'] ?? '', op, right: right ?? '' };
}
