/** What a value is made of: one line per field, with its kind, how often it is filled and an example. Of a list, what its items have in common stands once. Pure. */
import { type Json, pathText } from '../../ui/json-path.ts';

export interface ShapeLine {
  /** Below the value: `rows[].topic`; empty for the value itself. */
  path: string;
  depth: number;
  name: string;
  /** "text", "number or nothing", "list of 200". */
  type: string;
  /** In how many of the items it is; null where it stands once. */
  filled: { there: number; of: number } | null;
  example: string;
}

const mostItems = 200;
const mostLines = 300;
const deepest = 6;

const typeOf = (value: Json | undefined): string =>
  value === null || value === undefined
    ? 'nothing'
    : Array.isArray(value)
      ? 'list'
      : typeof value === 'object'
        ? 'object'
        : typeof value === 'string'
          ? 'text'
          : typeof value === 'boolean'
            ? 'yes or no'
            : 'number';

function exampleOf(values: readonly (Json | undefined)[]): string {
  const found = values.find((value) => value !== null && value !== undefined && value !== '' && typeof value !== 'object');
  const text = found === undefined ? '' : String(found);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function typesOf(values: readonly (Json | undefined)[]): string {
  const types = [...new Set(values.map(typeOf))].sort((a, b) => Number(a === 'nothing') - Number(b === 'nothing'));
  const [only] = values;
  if (types.length === 1 && types[0] === 'list' && values.length === 1 && Array.isArray(only)) return `list of ${only.length}`;
  return types.join(' or ');
}

/** Lines of a value, in the order of its fields. */
export function shapeOf(value: Json): ShapeLine[] {
  const lines: ShapeLine[] = [];
  const walk = (values: readonly (Json | undefined)[], path: string, name: string, depth: number, of: number | null): void => {
    if (lines.length >= mostLines || depth > deepest) return;
    const there = values.filter((each) => each !== undefined && each !== null);
    lines.push({ path, depth, name, type: typesOf(values), filled: of === null ? null : { there: there.length, of }, example: exampleOf(values) });
    const items = there.flatMap((each) => (Array.isArray(each) ? each.slice(0, mostItems) : [])).slice(0, mostItems);
    const objects = there.filter((each): each is Record<string, Json> => typeof each === 'object' && !Array.isArray(each));
    if (items.length > 0) {
      const inner = items.filter((each): each is Record<string, Json> => each !== null && typeof each === 'object' && !Array.isArray(each));
      if (inner.length > 0) fieldsOf(inner, `${path}[]`, depth + 1, inner.length);
      else walk(items, `${path}[]`, 'each', depth + 1, items.length);
    }
    if (objects.length > 0) fieldsOf(objects, path, depth + 1, of === null ? null : objects.length);
  };
  const fieldsOf = (objects: readonly Record<string, Json>[], path: string, depth: number, of: number | null): void => {
    for (const key of new Set(objects.flatMap((each) => Object.keys(each)))) {
      const next = pathText([key]);
      walk(
        objects.map((each) => (Object.hasOwn(each, key) ? each[key] : undefined)),
        path === '' ? next : `${path}.${next}`,
        key,
        depth,
        of,
      );
    }
  };
  walk([value], '', '', 0, null);
  return lines;
}
