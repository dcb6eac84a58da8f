// "Is this still as it was?": one hash over files, kept beside what was made from them.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ignored = new Set(['node_modules', 'build', 'dist', 'coverage', '.turbo', '.react-router', '.tools', '.data', '.git']);

/**
 * Hash over names and contents of files and folders (tests and what is made left out). A path that is not there counts as empty.
 * @param {string} base
 * @param {string[]} paths relative to base
 * @param {string[]} [extra] more that the result depends on (versions)
 * @returns {string}
 */
export function hashOf(base, paths, extra = []) {
  const hash = createHash('sha256');
  for (const text of extra) hash.update(`${text}\0`);
  for (const path of paths) addPath(hash, base, join(base, path));
  return hash.digest('hex').slice(0, 32);
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} base
 * @param {string} path
 */
function addPath(hash, base, path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') addFile(hash, base, path);
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (ignored.has(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
    if (entry.isDirectory()) addPath(hash, base, join(path, entry.name));
    else if (entry.isFile()) addFile(hash, base, join(path, entry.name));
  }
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} base
 * @param {string} path
 */
function addFile(hash, base, path) {
  hash.update(`${relative(base, path)}\0`);
  hash.update(readFileSync(path));
}

/**
 * @param {string} file
 * @param {string} value
 * @returns {boolean} whether the stamp says the same
 */
export function isStamped(file, value) {
  try {
    return readFileSync(file, 'utf8') === value;
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @param {string} value
 */
export function stamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value);
}
