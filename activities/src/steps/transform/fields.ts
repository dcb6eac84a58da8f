/** Fields, order and sameness of items, for presets and merges. */
import { instantOf, numberOf } from '../../expressions/operators.ts';
import { isObject, own } from '../../values/json.ts';

/** The value at a dotted path of own properties; undefined where there is none. */
export function fieldOf(item: unknown, field: string): unknown {
  if (isObject(item) && Object.hasOwn(item, field)) return item[field];
  let value = item;
  for (const name of field.split('.')) {
    value = own(value, name);
    if (value === undefined) return undefined;
  }
  return value;
}

export function fieldNames(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}

/** A total order: like values by size, unlike ones by kind. */
export function compareValues(left: unknown, right: unknown): number {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== null && b !== null) return a - b;
  const [from, to] = [instantOf(left), instantOf(right)];
  if (from !== null && to !== null) return from - to;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return rank(left) - rank(right);
}

function rank(value: unknown): number {
  return ['boolean', 'number', 'string', 'object'].indexOf(typeof value);
}

/** JSON text with sorted keys: equal for equal values. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${fields.join(',')}}`;
}
