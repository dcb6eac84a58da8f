/**
 * What an SDK's type declarations say a request may hold: the machine-readable description of vendors that publish no other here.
 * Read as text at test time: names of fields per interface or type, through everything it extends or is made of.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface Declared {
  /** Field name to the text of its type. */
  fields: Map<string, { type: string; required: boolean }>;
  refs: string[];
}

export type Declarations = ReadonlyMap<string, Declared>;

/** A file or folder of an installed package, seen from this package. */
export function packagePath(name: string, inside: string): string {
  const require = createRequire(import.meta.url);
  const folders = require.resolve.paths(name) ?? [];
  for (const folder of folders) {
    const path = join(folder, name, inside);
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path;
  }
  return join(dirname(require.resolve(name)), inside);
}

/** Every declaration of `.d.ts` files below a place. */
export function readDeclarations(...places: string[]): Declarations {
  const all = new Map<string, Declared>();
  for (const file of places.flatMap(filesOf)) {
    const text = readFileSync(file, 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/^\s*\/\/.*$/gm, '');
    const starts = [...text.matchAll(/^\s*(?:export )?(?:declare )?(?:interface|type) ([\w$]+)/gm)];
    for (const [at, start] of starts.entries()) {
      const from = start.index + start[0].length;
      all.set(start[1] as string, parse(text.slice(from, endOf(text, from, starts[at + 1]?.index ?? text.length))));
    }
  }
  return all;
}

function filesOf(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place).flatMap((name) => {
    const path = join(place, name);
    return statSync(path).isDirectory() ? filesOf(path) : name.endsWith('.d.ts') ? [path] : [];
  });
}

/** Where a declaration ends: at the brace that closes it, or at its semicolon. */
function endOf(text: string, from: number, most: number): number {
  let depth = 0;
  for (let at = from; at < most; at += 1) {
    const char = text[at];
    if (char === '{' || char === '(' || char === '[') depth += 1;
    else if (char === '}' || char === ')' || char === ']') {
      depth -= 1;
      if (depth < 0) return at;
    } else if (char === ';' && depth === 0) return at;
  }
  return most;
}

function parse(body: string): Declared {
  const fields: Declared['fields'] = new Map();
  let depth = 0;
  let outside = '';
  let at = 0;
  while (at < body.length) {
    const char = body[at] as string;
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (depth === 0) outside += char;
    if (depth === 1) {
      const field = /^[{;,\s]\s*(?:readonly )?['"]?([\w$-]+)['"]?(\??):/.exec(body.slice(at, at + 200));
      if (field !== null) {
        const from = at + field[0].length;
        const end = endOf(body, from, body.length);
        fields.set(field[1] as string, { type: body.slice(from, end).trim(), required: field[2] !== '?' });
        at = end;
        continue;
      }
    }
    at += 1;
  }
  return { fields, refs: [...outside.matchAll(/[A-Za-z_$][\w$]*/g)].map(([name]) => name) };
}

/** Every field of a declaration, with those of all it is made of. */
export function fieldsOf(all: Declarations, name: string, seen = new Set<string>()): Map<string, { type: string; required: boolean }> {
  const one = all.get(name);
  if (one === undefined || seen.has(name)) return new Map();
  seen.add(name);
  const inherited = one.refs.filter((ref) => ref !== name).flatMap((ref) => [...fieldsOf(all, ref, seen)]);
  return new Map([...inherited, ...one.fields]);
}

/** Places of `value` that the declaration `name` does not know, followed through fields whose type names or spells out another one. */
export function unknownFields(all: Declarations, name: string, value: unknown, place = ''): string[] {
  return unknownIn(all, fieldsOf(all, name), value, place);
}

type Fields = ReturnType<typeof fieldsOf>;

function unknownIn(all: Declarations, fields: Fields, value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, at) => unknownIn(all, fields, item, `${place}/${at}`));
  return Object.entries(value).flatMap(([key, inner]) => {
    const field = fields.get(key);
    if (field === undefined) return [`${place}/${key}`];
    return unknownOf(all, field.type, inner, `${place}/${key}`);
  });
}

/** The same by the text of a type: `Array<RichText>`, `{ url: string }`, `Record<string, …>`. */
function unknownOf(all: Declarations, type: string, value: unknown, place: string): string[] {
  const values = /^Record<string, ([\s\S]+)>$/.exec(type)?.[1];
  if (values !== undefined) return Object.entries(value ?? {}).flatMap(([key, inner]) => unknownOf(all, values, inner, `${place}/${key}`));
  const spelled = parse(type);
  if (spelled.fields.size > 0)
    return unknownIn(all, new Map([...spelled.refs.flatMap((ref) => [...fieldsOf(all, ref)]), ...spelled.fields]), value, place);
  const next = [...type.matchAll(/[A-Za-z_$][\w$]*/g)].map(([ref]) => ref).find((ref) => all.has(ref));
  return next === undefined ? [] : unknownFields(all, next, value, place);
}
