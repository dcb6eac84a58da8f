/**
 * One-dimensional arrays between Node and PostgreSQL. postgres.js would ask the server for the array types when it connects, in a promise that
 * nobody catches: a server that goes away in that moment would end the whole process. So we know the few types we use ourselves.
 */

/** `{"a","b",NULL}`. */
export function writeArray(list: readonly unknown[]): string {
  return `{${list.map((item) => (item === null || item === undefined ? 'NULL' : `"${String(item).replace(/[\\"]/g, '\\$&')}"`)).join(',')}}`;
}

const element = /"((?:[^"\\]|\\[^])*)"|([^,{}]+)/g;

/** The elements of an array literal; NULL is null. Throws on arrays of arrays, which we have none of. */
export function readArray<T>(text: string, parse: (element: string) => T): (T | null)[] {
  if (text.startsWith('{{')) throw new Error('Arrays of arrays are not read.');
  return [...text.slice(1, -1).matchAll(element)].map(([, quoted, plain]) => {
    if (quoted !== undefined) return parse(quoted.replace(/\\([^])/g, '$1'));
    return plain === 'NULL' || plain === undefined ? null : parse(plain);
  });
}

const arrayOf = (oid: number, parse: (element: string) => unknown) => ({
  to: oid,
  from: [oid],
  serialize: writeArray,
  parse: (text: string) => readArray(text, parse),
});

/** text[], uuid[], integer[], bigint[], as `types` of postgres.js. */
export const arrayTypes = {
  textArray: arrayOf(1009, String),
  uuidArray: arrayOf(2951, String),
  integerArray: arrayOf(1007, Number),
  bigintArray: arrayOf(1016, Number),
};
