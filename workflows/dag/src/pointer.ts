/** JSON pointers (RFC 6901), and walking a JSON value by them. */
import type { Json } from './planner/types.ts';

/** `/nodes/3/config/model`; the segments are escaped. */
export function pointer(...segments: (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own property of a JSON object; undefined for anything else. */
export function own(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Every string in a JSON value with its pointer and the key it stands under (the nearest object key above it). */
export function* textsIn(value: unknown, at = '', key = ''): Generator<{ pointer: string; key: string; text: string }> {
  if (typeof value === 'string') yield { pointer: at, key, text: value };
  else if (Array.isArray(value)) for (const [index, child] of value.entries()) yield* textsIn(child, at + pointer(index), key);
  else if (isRecord(value)) for (const [name, child] of Object.entries(value)) yield* textsIn(child, at + pointer(name), name);
}

/** JSON text with sorted keys: equal for equal values. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((child) => sortedJson(child ?? null)).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value ?? null);
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${fields.map((key) => `${JSON.stringify(key)}:${sortedJson(value[key])}`).join(',')}}`;
}

export function sameJson(a: unknown, b: unknown): boolean {
  return sortedJson(a) === sortedJson(b);
}

export type JsonObject = { [key: string]: Json };
