/** What a source imports, read from its text: enough for our own style (one statement, one specifier in quotes). */
import { dirname, join, normalize } from 'node:path';
import { withoutComments } from './codes.ts';
import type { SourceFile } from './tree.ts';

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/** Specifiers of a source; `values` leaves out `import type`, which is gone at run time. */
export function importsOf(text: string, kind: 'all' | 'values' = 'all'): string[] {
  const found = [...withoutComments(text).matchAll(statement)];
  return found.filter(([, type]) => kind === 'all' || type === undefined).map(([, , from, dynamic]) => from ?? dynamic ?? '');
}

/** Relative imports that leave their package: a package is reached by its name and its `exports` only. */
export function intruders(files: SourceFile[], packages: readonly string[]): string[] {
  const home = (file: string): string => packages.filter((folder) => file.startsWith(`${folder}/`)).toSorted((a, b) => b.length - a.length)[0] ?? '';
  return files.flatMap(({ file, text }) =>
    importsOf(text)
      .filter((from) => from.startsWith('.'))
      .filter((from) => home(normalize(join(dirname(file), from))) !== home(file))
      .map((from) => `${file} -> ${from}`),
  );
}

/**
 * Everything that loading `door` loads: specifiers of packages and builtins, found by following value imports.
 * @param resolve path of a workspace specifier (`@hub/kit/errors`), or null
 */
export function loadedBy(door: string, read: (file: string) => string, resolve: (specifier: string) => string | null): Map<string, string> {
  const seen = new Set<string>();
  const outside = new Map<string, string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const from of importsOf(read(file), 'values')) {
      const target = from.startsWith('.') ? normalize(join(dirname(file), from)) : resolve(from);
      if (target === null) outside.set(from, file);
      else visit(target);
    }
  };
  visit(door);
  return outside;
}
