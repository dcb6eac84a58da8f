/** PostgreSQL's text form of a list, `{a,"b c",NULL}`. The driver could learn list types from the server, but a line lost meanwhile would end the process. */
import type { Json } from '@hub/dag/planner';

import { numberOf } from '../file/cells.ts';

/** int2, int4, int8, real, double, numeric; boolean; text, varchar, char, uuid. */
export const listTypes = [1005, 1007, 1016, 1021, 1022, 1231, 1000, 1009, 1015, 1014, 2951];
const numberTypes = /^-?\d/;

/** A list of one dimension; what has more stays text. Unquoted numbers are numbers where nothing is lost. */
export function parseList(text: string): Json {
  if (!text.startsWith('{') || text.slice(1).includes('{')) return text;
  const items: Json[] = [];
  for (const [, quoted, bare] of text.slice(1, -1).matchAll(/(?:"((?:[^"\\]|\\.)*)"|([^,]+))(?:,|$)/g)) {
    if (quoted !== undefined) items.push(quoted.replaceAll(/\\(.)/g, '$1'));
    else if (bare === 'NULL') items.push(null);
    else items.push(numberTypes.test(bare ?? '') ? (numberOf(bare ?? '') ?? bare ?? '') : (bare ?? ''));
  }
  return items;
}

/** A list as PostgreSQL reads it. */
export function listText(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const cells = value.map((item: unknown) =>
    item === null ? 'NULL' : `"${(typeof item === 'object' ? JSON.stringify(item) : String(item)).replaceAll(/["\\]/g, '\\$&')}"`,
  );
  return `{${cells.join(',')}}`;
}
