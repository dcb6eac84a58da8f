/** JSON text as it is stored: exact, but without what PostgreSQL (U+0000) or UTF-8 (a lone surrogate) cannot carry; and its preview. */
import type { Json } from '@hub/dag/planner';

/** What may stand in a row itself; more becomes a blob. */
export const inlineLimitBytes = 32 * 1024;

// Escapes one after another, so that an escaped backslash before a `u` is not mistaken for the start of one; pairs first.
const escapes = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^]/g;
const suspicious = /\\u0000|\\u[dD][89a-fA-F]|\0/;

/** JSON text with U+0000 and lone surrogates, escaped or raw, replaced by U+FFFD. `changed` says that the step deserves a warning. */
export function cleanJsonText(text: string): { text: string; changed: boolean } {
  let clean = text.isWellFormed() ? text : text.toWellFormed();
  if (suspicious.test(clean)) {
    clean = clean.replaceAll('\0', '\uFFFD').replace(escapes, (escape) => (escape.length === 6 && isLost(escape) ? '\uFFFD' : escape));
  }
  return { text: clean, changed: clean !== text };
}

function isLost(escape: string): boolean {
  const unit = Number.parseInt(escape.slice(2), 16);
  return unit === 0 || (unit >= 0xd800 && unit <= 0xdfff);
}

/** A JSON value that PostgreSQL takes. */
export function cleanJson<T>(value: T): T {
  const { text, changed } = cleanJsonText(JSON.stringify(value) ?? 'null');
  return changed ? (JSON.parse(text) as T) : value;
}

const previewLimits = { depth: 5, items: 20, keys: 40, characters: 300 };

/** A short form for people and search: deep, long and wide parts are cut, with `…` where something is missing. Null where the text is no JSON. */
export function previewOf(text: string): Json {
  try {
    return cut(JSON.parse(text) as Json, previewLimits.depth);
  } catch {
    return null;
  }
}

/** The same for an array whose elements come one after another. */
export function previewOfItems(): { add: (text: string) => void; value: () => Json } {
  const items: Json[] = [];
  let more = false;
  return {
    add(text) {
      if (items.length < previewLimits.items) items.push(itemOf(text));
      else more = true;
    },
    value: () => (more ? [...items, '…'] : items),
  };
}

function itemOf(text: string): Json {
  try {
    return cut(JSON.parse(text) as Json, previewLimits.depth - 1);
  } catch {
    return null;
  }
}

function cut(value: Json, depth: number): Json {
  if (typeof value === 'string')
    return value.length <= previewLimits.characters ? value : `${value.slice(0, previewLimits.characters).toWellFormed()}…`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) {
    const items = value.slice(0, previewLimits.items).map((item) => cut(item, depth - 1));
    return value.length > previewLimits.items ? [...items, '…'] : items;
  }
  const entries = Object.entries(value);
  const kept = entries.slice(0, previewLimits.keys).map(([key, item]): [string, Json] => [key, cut(item, depth - 1)]);
  if (entries.length > previewLimits.keys) kept.push(['…', `${entries.length - previewLimits.keys} more`]);
  return Object.fromEntries(kept);
}

const fileName = /"\$file"\s*:\s*"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/g;

/** The files that a JSON text names. */
export function filesIn(text: string): string[] {
  if (!text.includes('"$file"')) return [];
  return [...new Set([...text.matchAll(fileName)].map(([, id = '']) => id))];
}
