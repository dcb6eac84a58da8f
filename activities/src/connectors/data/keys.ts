import type { Json } from '@hub/dag/planner';

import type { Row } from './source.ts';
import { own } from '../../values/json.ts';

/** Text by which rows are the same: the named fields, or all of them in order of name. 7 and "7" are the same, as everywhere in the hub. */
export function keyOf(row: Row, fields: readonly string[], ignoreCase = false): string {
  const names = fields.length > 0 ? fields : Object.keys(row).toSorted();
  return JSON.stringify(
    names.map((name) => (fields.length > 0 ? plain(own(row, name) ?? null, ignoreCase) : [name, plain(own(row, name) ?? null, ignoreCase)])),
  );
}

function plain(value: Json, ignoreCase: boolean): Json {
  const text = typeof value === 'number' ? String(value) : value;
  return ignoreCase && typeof text === 'string' ? text.trim().toLowerCase() : text;
}
