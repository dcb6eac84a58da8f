/** The elements of a JSON array as texts, byte for byte, without building their values. */
import { BugError } from '@hub/kit/errors';

/** Splits the text of a JSON array at its top level. Throws BugError `value.not-an-array` for anything else; the elements are not checked. */
export function splitJsonArray(text: string): string[] {
  const source = text.trim();
  if (!source.startsWith('[') || !source.endsWith(']')) throw new BugError('value.not-an-array', 'The stored items are not a JSON array');
  const elements: string[] = [];
  let from = 1;
  let depth = 0;
  for (let at = 1; at < source.length - 1; at += 1) {
    const char = source.charCodeAt(at);
    if (char === 0x22) at = stringEnd(source, at);
    else if (char === 0x5b || char === 0x7b) depth += 1;
    else if (char === 0x5d || char === 0x7d) depth -= 1;
    else if (char === 0x2c && depth === 0) {
      elements.push(source.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = source.slice(from, -1).trim();
  if (last !== '') elements.push(last);
  return elements;
}

function stringEnd(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source.charCodeAt(at) !== 0x22) at += source.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
