/** The elements of a JSON array as texts, byte for byte, without building their values. */
import { BugError } from '@hub/kit/errors';

/** A page ends with the element that fills it. */
const page = { items: 256, characters: 256 * 1024 };

/** Where the pages of an array begin: the index of the first element of each, and its place in the text in bytes of UTF-8. */
export interface ArrayPages {
  count: number;
  items: number[];
  bytes: number[];
}

/** Splits the text of a JSON array at its top level. Throws BugError `value.not-an-array` for anything else; the elements are not checked. */
export function splitJsonArray(text: string): string[] {
  const elements: string[] = [];
  walk(text, (from, to) => elements.push(text.slice(from, to).trim()));
  return elements;
}

/** Counts the elements and says where pages of them begin, without keeping any. Throws as `splitJsonArray`. */
export function pagesOfJsonArray(text: string): ArrayPages {
  const pages: ArrayPages = { count: 0, items: [], bytes: [] };
  let at = 0;
  let bytes = 0;
  let first = 0;
  walk(text, (from) => {
    if (pages.items.length === 0 || pages.count - first >= page.items || from - at >= page.characters) {
      bytes += Buffer.byteLength(text.slice(at, from));
      at = from;
      first = pages.count;
      pages.items.push(first);
      pages.bytes.push(bytes);
    }
    pages.count += 1;
  });
  return pages;
}

/** Calls with the place of each element: from behind the bracket or comma before it, up to the one after it. */
function walk(text: string, element: (from: number, to: number) => void): void {
  const begin = /^\s*\[/.exec(text)?.[0].length;
  const end = text.trimEnd().length - 1;
  if (begin === undefined || end < begin || text[end] !== ']') throw new BugError('value.not-an-array', 'The stored items are not a JSON array');
  let from = begin;
  let depth = 0;
  for (let at = begin; at < end; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x22) at = stringEnd(text, at);
    else if (char === 0x5b || char === 0x7b) depth += 1;
    else if (char === 0x5d || char === 0x7d) depth -= 1;
    else if (char === 0x2c && depth === 0) {
      element(from, at);
      from = at + 1;
    }
  }
  if (from > begin || text.slice(from, end).trim() !== '') element(from, end);
}

function stringEnd(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source.charCodeAt(at) !== 0x22) at += source.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
