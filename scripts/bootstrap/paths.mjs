// Where things live. Plain JavaScript without dependencies, like everything in this folder: it must run before anything is installed.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the clone. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Node and pnpm of this clone. */
export const toolsDir = join(root, '.tools');

/** Folder of the executables that every child finds first on its PATH. */
export const toolsBin = join(toolsDir, 'node_modules', '.bin');

/**
 * The one folder of state: `HUB_DATA`, else `.data` in the clone.
 * @param {NodeJS.ProcessEnv} env
 */
export function dataDir(env = process.env) {
  return env.HUB_DATA ? resolve(env.HUB_DATA) : join(root, '.data');
}

/**
 * Folder of downloaded or compiled binaries, shared by all clones of this person.
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheBin(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'workflow-hub', 'bin');
}

/**
 * Short stable name of a text, for folders and stamps.
 * @param {string} text
 */
export function shortHash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
