/** JSON values and their text (03, Values and files). */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

/** Replaces what Postgres and UTF-8 cannot hold (U+0000, lone surrogates) by U+FFFD. */
export function cleanText(text: string): { text: string; changed: boolean } {
  if (!text.includes('\0') && text.isWellFormed()) return { text, changed: false };
  return { text: text.toWellFormed().replaceAll('\0', '\uFFFD'), changed: true };
}

/** True for a text of more UTF-8 bytes. No Node builtin: the browser evaluates too. */
export function isLonger(text: string, bytes: number): boolean {
  if (text.length * 3 <= bytes) return false;
  return text.length > bytes || new TextEncoder().encode(text).length > bytes;
}

export interface JsonText {
  text: string;
  /** True where characters had to be replaced. */
  cleaned: boolean;
}

/**
 * The JSON text of what an evaluation gave. Throws UserError `expression.not-json` for NaN, Infinity, functions and cycles: JSON would
 * turn them into null without a word. Absent object fields are left out, absent array elements become null, as JSON.stringify does.
 */
export function toJsonText(value: unknown, what = 'The result'): JsonText {
  const state = { unclean: false };
  try {
    checkJson(value, what, state);
    const text = JSON.stringify(state.unclean ? cleaned(value) : value);
    return { text: text ?? 'null', cleaned: state.unclean };
  } catch (error) {
    if (error instanceof RangeError || (error instanceof TypeError && /circular|cyclic/i.test(error.message))) {
      throw new UserError('expression.not-json', `${what} is nested too deeply or contains itself, so it cannot be written as JSON`, {
        cause: error,
      });
    }
    throw error;
  }
}

function checkJson(value: unknown, what: string, state: { unclean: boolean }): void {
  switch (typeof value) {
    case 'string':
      if (!state.unclean && (value.includes('\0') || !value.isWellFormed())) state.unclean = true;
      return;
    case 'number':
      if (!Number.isFinite(value)) throw notJson(what, String(value));
      return;
    case 'boolean':
    case 'undefined':
      return;
    case 'object':
      if (value === null) return;
      if (Array.isArray(value)) for (const element of value as unknown[]) checkJson(element, what, state);
      else checkObject(value as Record<string, unknown>, what, state);
      return;
    default:
      throw notJson(what, typeof value === 'function' ? 'a function' : typeof value);
  }
}

function checkObject(value: Record<string, unknown>, what: string, state: { unclean: boolean }): void {
  if (value['_jsonata_lambda'] === true || value['_jsonata_function'] === true) throw notJson(what, 'a function');
  for (const key of Object.keys(value)) {
    if (!state.unclean && (key.includes('\0') || !key.isWellFormed())) state.unclean = true;
    checkJson(value[key], what, state);
  }
}

function notJson(what: string, found: string): UserError {
  return new UserError('expression.not-json', `${what} contains ${found}, which JSON cannot hold`);
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value).text;
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) setOwn(copy, cleanText(key).text, cleaned(child));
  return copy;
}

/** Sets an own property, also one called `__proto__`. */
export function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A value that passed through JSON: its own copy, without anything JSON does not know. */
export function throughJson(value: unknown, what?: string): Json {
  return JSON.parse(toJsonText(value, what).text) as Json;
}

export function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own property or undefined; never an inherited one. */
export function own(value: unknown, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
