/**
 * The order of paths: as text, except that an index counts as a number (`l[2].b` before `l[10].b`) and a node stands before its body.
 * It is the order in which events of one virtual moment are processed, by the oracle and by whoever is compared with it.
 */
export function comparePaths(a: string, b: string): number {
  const left = sortable(a);
  const right = sortable(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortable(path: string): string {
  return path.includes('[') ? path.replace(/\[(\d+)\]/g, (_, index: string) => `[${index.padStart(9, '0')}]`) : path;
}
