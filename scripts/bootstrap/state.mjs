// The state folder: what lies where in it, and who may use it (one launcher at a time).
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { LauncherError, errorText } from './errors.mjs';
import { dataDir } from './paths.mjs';
import { liveProcess, startTimeOf } from './process-table.mjs';

/**
 * @typedef {ReturnType<typeof statePaths>} StatePaths
 * @typedef {'starting' | 'ready' | 'stopping'} Phase
 * @typedef {import('./process-table.mjs').ProcessRecord & { phase: Phase, url?: string }} Instance
 */

/** @param {string} [data] */
export function statePaths(data = dataDir()) {
  return {
    data,
    secrets: join(data, 'secrets.env'),
    ports: join(data, 'ports.json'),
    demo: join(data, 'demo.json'),
    example: join(data, 'example.json'),
    run: join(data, 'run'),
    logs: join(data, 'logs'),
    postgres: join(data, 'postgres', 'cluster'),
    temporalDb: join(data, 'temporal', 'temporal.db'),
  };
}

/**
 * Makes the folders. PostgreSQL under root runs as another user, who must be able to walk through to its own folder; the files beside it are 0600.
 * @param {StatePaths} paths
 */
export function makeStateFolders(paths) {
  const passable = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    mkdirSync(paths.data, { recursive: true, mode: passable });
    mkdirSync(join(paths.data, 'postgres'), { recursive: true, mode: passable });
    mkdirSync(paths.run, { recursive: true, mode: 0o700 });
    mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new LauncherError(`The state folder ${paths.data} cannot be made: ${errorText(error)}`);
  }
}

/**
 * Refuses to begin on a disk that will be full in the middle.
 * @param {string} folder
 * @param {number} neededBytes
 */
export function checkDisk(folder, neededBytes) {
  const disk = statfsSync(folder);
  const free = disk.bavail * disk.bsize;
  if (free >= neededBytes) return;
  const gigabytes = (/** @type {number} */ bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new LauncherError(
    `The disk of ${folder} has ${gigabytes(free)} left; this start needs about ${gigabytes(neededBytes)}.`,
    "Free some space (npm run reset empties this project's own state) and type npm start again.",
  );
}

/** @param {StatePaths} paths @returns {Instance | undefined} the launcher that works on this folder now */
export function runningInstance(paths) {
  return /** @type {Instance | undefined} */ (liveProcess(paths.run, 'launcher'));
}

/**
 * Takes the folder for this process.
 * @param {StatePaths} paths
 * @returns {Instance | undefined} who has it, or undefined when it is ours now
 */
export function takeState(paths) {
  const file = join(paths.run, 'launcher.json');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      // `wx`: of two starts at the same moment one fails here.
      writeFileSync(file, ownRecord('starting'), { flag: 'wx', mode: 0o600 });
      return undefined;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      const other = runningInstance(paths);
      if (other) return other;
    }
  }
  return runningInstance(paths);
}

/**
 * Tells other launchers how far this one is.
 * @param {StatePaths} paths
 * @param {Phase} phase
 * @param {string} [url]
 */
export function setPhase(paths, phase, url) {
  const file = join(paths.run, 'launcher.json');
  writeFileSync(`${file}.new`, ownRecord(phase, url), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** @param {StatePaths} paths */
export function releaseState(paths) {
  rmSync(join(paths.run, 'launcher.json'), { force: true });
}

/** @param {Phase} phase @param {string} [url] */
function ownRecord(phase, url) {
  return `${JSON.stringify({ name: 'launcher', pid: process.pid, startedAt: startTimeOf(process.pid), phase, ...(url ? { url } : {}) })}\n`;
}

/**
 * @param {string} file
 * @returns {Record<string, unknown> | undefined}
 */
export function readJson(file) {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
