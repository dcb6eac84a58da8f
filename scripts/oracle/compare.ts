// Two results side by side: as plain JSON with sorted keys, and their differences by path.
import { comparePaths } from './paths.ts';
import type { Json, NodeResult, Result } from './types.ts';

export interface NormaliseOptions {
  /** `full` (default) compares everything; `shape` leaves out where values come from: `value` everywhere, of items all but `index` and `kind`. */
  readonly detail?: 'full' | 'shape';
  /** `true` (default) compares `starts`; `false` leaves them out. */
  readonly starts?: boolean;
}

/** The result as JSON that is equal for equal results: maps as objects, keys sorted, `starts` by time and path, only the fields of `Result`. */
export function normalise(result: Result, { detail = 'full', starts = true }: NormaliseOptions = {}): Json {
  const nodes = [...result.nodes].map(([path, node]) => [path, detail === 'full' ? withoutPrevious(node) : shapeOf(node)] as const);
  const ordered = [...result.starts].sort((a, b) => a[0] - b[0] || comparePaths(a[1], b[1]));
  return sorted({
    status: result.status,
    error: result.error,
    nodes: Object.fromEntries(nodes.sort((a, b) => comparePaths(a[0], b[0]))),
    outputs: result.outputs,
    childrenCancelled: result.childrenCancelled,
    ...(starts ? { starts: ordered } : {}),
  });
}

/** The differences between two normalised results, one line each (`nodes.l[2].b.status: "failed" | "cancelled"`), at most `limit`, with a last line that says how many more. */
export function diff(a: Json, b: Json, limit = 10): readonly string[] {
  const found: string[] = [];
  collect('', a, b, found);
  return found.length <= limit ? found : [...found.slice(0, limit), `and ${found.length - limit} more`];
}

/** `previous` is the steps' own look into the database: the planner does not know it. */
function withoutPrevious({ previous: _previous, ...rest }: NodeResult): unknown {
  return rest;
}

function shapeOf(node: NodeResult): unknown {
  const { value: _value, merge, items, previous: _previous, last: _last, ...rest } = node;
  return {
    ...rest,
    ...(merge ? { merge: { mode: merge.mode, sources: merge.sources.map(({ from }) => from) } } : {}),
    ...(items ? { items: items.map(({ index, kind }) => ({ index, kind })) } : {}),
  };
}

function sorted(value: unknown): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value as Json;
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort((a, b) => comparePaths(a, b));
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

function collect(path: string, a: unknown, b: unknown, found: string[]): void {
  if (Object.is(a, b)) return;
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let at = 0; at < Math.max(a.length, b.length); at += 1) collect(`${path}[${at}]`, a[at], b[at], found);
  } else if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) collect(path === '' ? key : `${path}.${key}`, a[key], b[key], found);
  } else {
    found.push(`${path}: ${text(a)} | ${text(b)}`);
  }
}

function text(value: unknown): string {
  return value === undefined ? '(absent)' : JSON.stringify(value);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
