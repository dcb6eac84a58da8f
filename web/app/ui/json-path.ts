/** Paths into JSON as the expression language writes them, and search over a value. Pure. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type PathPart = string | number;

/** `rows[3].text`, names that are no identifiers in backticks: what can be pasted into an expression. */
export function pathText(path: readonly PathPart[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(part) ? part : `\`${part}\``;
    return text ? `${text}.${name}` : name;
  }, '');
}

/** Children of an array or object with their keys; none for a plain value. */
export function childrenOf(value: Json): [PathPart, Json][] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (value !== null && typeof value === 'object') return Object.entries(value);
  return [];
}

const key = (path: readonly PathPart[]): string => JSON.stringify(path);

export interface Found {
  /** Keys (`pathKey`) of the values that match. */
  hits: Set<string>;
  /** Keys of everything around them, to be unfolded. */
  open: Set<string>;
  /** True where the search stopped early. */
  cut: boolean;
}

export const pathKey = key;

/** Finds `words` in names and plain values, case-insensitive; stops after `most` hits. */
export function searchJson(value: Json, words: string, most = 500): Found {
  const wanted = words.toLowerCase();
  const found: Found = { hits: new Set(), open: new Set(), cut: false };
  const visit = (node: Json, path: PathPart[]): void => {
    if (found.cut) return;
    const inner = childrenOf(node);
    const name = path.at(-1);
    const matches =
      (typeof name === 'string' && name.toLowerCase().includes(wanted)) ||
      (inner.length === 0 &&
        String(typeof node === 'object' ? JSON.stringify(node) : node)
          .toLowerCase()
          .includes(wanted));
    if (matches) {
      found.hits.add(key(path));
      for (let depth = 0; depth < path.length; depth++) found.open.add(key(path.slice(0, depth)));
      if (found.hits.size >= most) found.cut = true;
    }
    for (const [part, child] of inner) visit(child, [...path, part]);
  };
  visit(value, []);
  return found;
}

/** True for a list that reads better as a table: objects, at least one, with at most `mostColumns` names among them. */
export function isRows(value: unknown, mostColumns = 24): value is Record<string, Json>[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  const names = new Set<string>();
  for (const item of value.slice(0, 200)) {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return false;
    for (const name of Object.keys(item)) names.add(name);
    if (names.size > mostColumns) return false;
  }
  return names.size > 0;
}
