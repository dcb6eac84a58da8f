/** Reading and changing values of a form: pointers, loose text, durations. Pure. */
import type { FieldWay, FormField } from '@hub/dag/forms';
import type { Json } from '../json-path.ts';
import type { JsonObject } from './types.ts';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON pointer's part, escaped. */
export const pointerPart = (part: string | number): string => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The object with `key` set, or without it where `value` is undefined; the order of keys stays. */
export function withKey(object: JsonObject, key: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [key]: value };
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** The list with one entry changed, or gone. */
export function withItem<T>(list: readonly T[], at: number, value: T | undefined): T[] {
  return value === undefined ? list.filter((_, index) => index !== at) : list.map((old, index) => (index === at ? value : old));
}

/** The list with the entry at `from` moved to `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  const one = list[from];
  return one === undefined || to < 0 || to >= list.length ? [...list] : [...rest.slice(0, to), one, ...rest.slice(to)];
}

const bare = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/**
 * What a typed text means where any value may stand: `4`, `true`, `null` are themselves, everything else is text. A text that would be
 * read so is written in double quotes: `"4"`.
 */
export function looseValue(text: string): Json {
  if (bare.test(text) && JSON.stringify(JSON.parse(text)) === text) return JSON.parse(text) as Json;
  if (/^".*"$/s.test(text)) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
  return text;
}

/** The text that stands for a scalar, so that `looseValue` gives it back. */
export function looseText(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return looseValue(value) === value ? value : JSON.stringify(value);
  return JSON.stringify(value);
}

/** Does this value hold an expression to be filled? */
export const holdsExpression = (value: unknown): value is string => typeof value === 'string' && value.includes('{{');

export const durationUnits = ['ms', 's', 'm', 'h', 'd'] as const;
export type DurationUnit = (typeof durationUnits)[number];
export const unitMs: Record<DurationUnit, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5m` as its parts; null where it is none. */
export function splitDuration(text: string): { count: number; unit: DurationUnit } | null {
  const found = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  return found ? { count: Number(found[1]), unit: found[2] as DurationUnit } : null;
}

/** Milliseconds in the greatest unit that gives a whole number. */
export function splitMs(ms: number): { count: number; unit: DurationUnit } {
  const unit = durationUnits.findLast((each) => ms > 0 && ms % unitMs[each] === 0) ?? 'ms';
  return { count: ms / unitMs[unit], unit };
}

/** Is the field to be shown beside these values? */
export function isShown(field: FormField, object: JsonObject): boolean {
  if (!field.when) return true;
  const value = object[field.when.field];
  return field.when.is.some((each) => (each === null ? value === undefined || value === null : each === value));
}

/** Which way of a variant the object goes; the first where it is none yet. */
export function wayOf(ways: readonly FieldWay[], object: JsonObject): number {
  const set = ways.findIndex((way) => Object.keys(way.set).length > 0 && Object.entries(way.set).every(([key, value]) => object[key] === value));
  if (set >= 0) return set;
  const held = ways.findIndex((way) => Object.keys(way.set).length === 0 && way.fields.some(({ name }) => Object.hasOwn(object, name)));
  return Math.max(0, held >= 0 ? held : ways.findIndex((way) => Object.keys(way.set).length === 0));
}

const keysOf = (way: FieldWay): string[] => [...Object.keys(way.set), ...way.fields.map(({ name }) => name)];

/** The object after choosing another way: keys of the others go, what both know stays. */
export function withWay(ways: readonly FieldWay[], object: JsonObject, to: number): JsonObject {
  const way = ways[to];
  if (!way) return object;
  const kept = new Set(keysOf(way));
  const gone = new Set(ways.flatMap(keysOf).filter((key) => !kept.has(key)));
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => !gone.has(key)));
  return { ...way.set, ...rest, ...way.set };
}
