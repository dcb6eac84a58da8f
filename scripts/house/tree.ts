/** The files of the repository as git sees them, for the house test. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './planted.ts';

export interface SourceFile {
  /** Path from the root. */
  file: string;
  text: string;
}

/** Every file that git tracks or would take, and that is there. */
export const tracked: readonly string[] = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 20_000_000,
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Written by hand and run: TypeScript and JavaScript. */
export const sources: readonly string[] = tracked.filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file) && !file.endsWith('.d.ts'));

/** True for tests and what only tests use. */
export const isTest = (file: string): boolean => /\.(test|e2e)\.tsx?$|\/(testing|test|e2e|fake)\//.test(file);

/** Folders of the workspace packages. */
export const packages: readonly string[] = tracked
  .filter((file) => basename(file) === 'package.json' && file !== 'package.json')
  .map((file) => file.replace(/\/package\.json$/, ''));

/** Sources below a folder that match, with their text. */
export function sourcesIn(...folders: string[]): SourceFile[] {
  return sources.filter((file) => folders.some((folder) => file.startsWith(folder)) && !isTest(file)).map((file) => ({ file, text: read(file) }));
}

/** Names of what lies directly in a folder. */
export function entriesOf(folder: string): string[] {
  const inside = tracked.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1).split('/')[0] ?? '');
  return [...new Set(inside)].toSorted();
}
