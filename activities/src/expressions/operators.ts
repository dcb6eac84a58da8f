/** The comparison operators of conditions (03, Expressions: Operators). Pure; `matches` is RE2, so it cannot hang. */
import { RE2JS } from 're2js';

import { UserError } from '@hub/kit/errors';

import { isObject } from '../values/json.ts';

export const operators = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
  'in',
  'not_in',
  'is_empty',
  'is_not_empty',
  'exists',
  'is_true',
  'is_false',
] as const;
export type Operator = (typeof operators)[number];

export function isOperator(name: unknown): name is Operator {
  return typeof name === 'string' && (operators as readonly string[]).includes(name);
}

/** Compares two JSON values. Throws UserError `expression.bad-regex` where `matches` gets no RE2 pattern. */
export function compare(left: unknown, op: Operator, right: unknown): boolean {
  switch (op) {
    case 'eq':
      return equal(left, right);
    case 'ne':
      return !equal(left, right);
    case 'gt':
      return ordered(left, right, (order) => order > 0);
    case 'gte':
      return ordered(left, right, (order) => order >= 0);
    case 'lt':
      return ordered(left, right, (order) => order < 0);
    case 'lte':
      return ordered(left, right, (order) => order <= 0);
    case 'contains':
      return contains(left, right);
    case 'not_contains':
      return !contains(left, right);
    case 'starts_with':
      return bothTexts(left, right, (text, part) => text.startsWith(part));
    case 'ends_with':
      return bothTexts(left, right, (text, part) => text.endsWith(part));
    case 'matches':
      return matches(left, right);
    case 'in':
      return listOf(right).some((element) => equal(left, element));
    case 'not_in':
      return !listOf(right).some((element) => equal(left, element));
    case 'is_empty':
      return isEmpty(left);
    case 'is_not_empty':
      return !isEmpty(left);
    case 'exists':
      return left !== null && left !== undefined;
    case 'is_true':
      return left === true || left === 'true';
    case 'is_false':
      return left === false || left === 'false';
  }
}

/** Deep, key order ignored; a number equals its numeric text, two texts compare as texts. */
export function equal(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left === 'number' && typeof right === 'string') return numberOf(right) === left;
  if (typeof left === 'string' && typeof right === 'number') return numberOf(left) === right;
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((element, at) => equal(element, right[at]));
  if (!isObject(left) || !isObject(right)) return (left ?? null) === (right ?? null);
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]));
}

const numeric = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** The number a value is or is written as; null where it is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !numeric.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

const instant = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Milliseconds since the epoch of an ISO 8601 date or time (no offset: UTC), with fractions; null where it is none. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const found = instant.exec(value);
  if (found === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = found;
  const base = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date.parse takes 2024-02-31 for 2 March.
  if (Number.isNaN(base) || new Date(base).getUTCDate() !== Number(day)) return null;
  return base + Number(`0.${fraction || '0'}`) * 1000 - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0')) * 60_000;
}

/** Numbers when both are numeric, else instants when both are, else texts; null or unlike kinds: false. */
function ordered(left: unknown, right: unknown, holds: (order: number) => boolean): boolean {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== null && b !== null) return holds(a - b);
  const [from, to] = [instantOf(left), instantOf(right)];
  if (from !== null && to !== null) return holds(from - to);
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  return holds(left < right ? -1 : left > right ? 1 : 0);
}

/** Part of a text, element of an array. */
function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(whole)) return whole.some((element) => equal(element, part));
  const text = textOf(part);
  return typeof whole === 'string' && text !== null && whole.includes(text);
}

function bothTexts(left: unknown, right: unknown, holds: (text: string, part: string) => boolean): boolean {
  const [text, part] = [textOf(left), textOf(right)];
  return text !== null && part !== null && holds(text, part);
}

/** An array as it is, nothing as no element, any other value as one element. */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return value === null || value === undefined ? [] : [value];
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const patterns = new Map<string, RE2JS>();

function matches(value: unknown, pattern: unknown): boolean {
  const text = textOf(value);
  if (text === null) return false;
  if (typeof pattern !== 'string') throw new UserError('expression.bad-regex', 'matches needs a pattern as text');
  return compiledPattern(pattern).matcher(text).find();
}

function compiledPattern(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  try {
    const made = RE2JS.compile(pattern);
    if (patterns.size >= 200) patterns.clear();
    patterns.set(pattern, made);
    return made;
  } catch (error) {
    throw new UserError('expression.bad-regex', `matches: ${error instanceof Error ? error.message : 'not an RE2 pattern'}`, { cause: error });
  }
}
