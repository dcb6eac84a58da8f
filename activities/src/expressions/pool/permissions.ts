/** Which files a child may read: this package's own code, and the few packages it imports. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url));
const imported = ['jsonata', 're2js', 'acorn', 'quickjs-emscripten', 'tinypool', '@hub/dag', '@hub/kit'];

/** Node's flags for a child: no files but these, no processes, no threads, no add-ons, no code from strings, a heap of 256 MB. */
export function childFlags(): string[] {
  return [
    '--permission',
    ...readable().map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--max-old-space-size=256',
    // Patterns that backtrack too much go on in V8's linear engine where it can take them; the rest is ended by the kill.
    '--enable-experimental-regexp-engine-on-excessive-backtracks',
    '--no-warnings',
    '--disable-warning=ExperimentalWarning',
    `--import=${new URL('lockdown.mjs', import.meta.url).href}`,
  ];
}

/** Folders and files of this package's own code and of `names` with all they depend on. */
export function readable(names: readonly string[] = imported): string[] {
  const paths = new Set([join(packageFolder, 'src'), join(packageFolder, 'package.json')]);
  for (const name of names) addPackage(paths, packageFolder, name);
  return [...paths];
}

/** A package by the link through which it is found and by its real folder; of ours the sources only, of others also what they depend on. */
function addPackage(paths: Set<string>, from: string, name: string): void {
  const link = findLink(from, name);
  if (link === null || paths.has(link)) return;
  const real = realpathSync(link);
  paths.add(link);
  if (name.startsWith('@hub/')) {
    for (const part of ['src', 'package.json']) paths.add(join(real, part));
    return;
  }
  paths.add(real);
  const { dependencies = {} } = JSON.parse(readFileSync(join(real, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
  for (const dependency of Object.keys(dependencies)) addPackage(paths, real, dependency);
}

/** `node_modules/<name>` in a folder or above it. */
function findLink(from: string, name: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const link = join(folder, 'node_modules', name);
    if (existsSync(link)) return link;
    if (folder === dirname(folder)) return null;
  }
}
