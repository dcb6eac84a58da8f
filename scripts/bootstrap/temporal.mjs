// Temporal's dev server: finding a working binary, and starting one server.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LauncherError, portTaken } from './errors.mjs';
import { cacheBin } from './paths.mjs';
import { answers } from './ports.mjs';

/** A server that does not get its port has ended by then. */
const takenAfterMs = 300;

/** Search attributes that the run workflow sets (04): the Web UI and the reconciler filter by them. */
export const searchAttributes = { HubTeam: 'Keyword', HubWorkflow: 'Keyword', HubVersion: 'Int', HubEngine: 'Int', HubTrigger: 'Keyword' };

/** Settings of the dev server; each name exists in server 1.29. */
export const dynamicConfig = {
  // 09: halves the idle latency of a step that is an ordinary activity.
  'system.enableActivityEagerExecution': true,
  // One machine: tasks that are spread over four partitions wait for pollers of the others (a forwarder passes on ten a second).
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // What waits goes by turns between teams (the run's fairness key), so that one team's burst does not delay another's run (F15).
  'matching.enableFairness': true,
};

/**
 * @typedef {{ path: string, version: string, from: string }} TemporalBinary
 */

/**
 * The first binary that really runs: TEMPORAL_CLI, PATH, the cache folder. A broken one in the cache is removed, so that it is got anew.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {TemporalBinary | undefined}
 */
export function findTemporal(env = process.env) {
  if (env.TEMPORAL_CLI) {
    const version = temporalVersion(env.TEMPORAL_CLI);
    if (version) return { path: env.TEMPORAL_CLI, version, from: 'TEMPORAL_CLI' };
    throw new LauncherError(`TEMPORAL_CLI points at ${env.TEMPORAL_CLI}, which does not run.`, 'Point it at a working `temporal`, or unset it.');
  }
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'temporal');
    const version = isExecutable(path) ? temporalVersion(path) : undefined;
    if (version) return { path, version, from: 'PATH' };
  }
  const cached = join(cacheBin(env), 'temporal');
  if (!isExecutable(cached)) return undefined;
  const version = temporalVersion(cached);
  if (version) return { path: cached, version, from: 'cache' };
  rmSync(cached, { force: true });
  return undefined;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * What `temporal --version` says, or undefined when the file is no working Temporal CLI.
 * @param {string} path
 * @returns {string | undefined}
 */
export function temporalVersion(path) {
  const result = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] });
  return result.status === 0 && /^temporal version/m.test(result.stdout) ? result.stdout.trim() : undefined;
}

/**
 * @param {{ port: number, uiPort?: number, dbFile?: string, codecEndpoint?: string }} options no file = all in memory, no UI port = no Web UI
 * @returns {string[]}
 */
export function serverArguments({ port, uiPort, dbFile, codecEndpoint }) {
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
    // Without these two pragmas a file-backed server does half the work (09).
    ...(dbFile === undefined ? [] : ['--db-filename', dbFile, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL']),
    ...Object.entries(dynamicConfig).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${JSON.stringify(value)}`]),
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    '--log-level',
    'warn',
  ];
}

/**
 * Starts a dev server and waits until it serves the namespace `default`.
 * @param {TemporalBinary} binary
 * @param {{ port: number, uiPort?: number, dbFile?: string, codecEndpoint?: string, logFile: string, timeoutMs?: number, onSpawn?: (pid: number) => void }} options
 * @returns {Promise<import('node:child_process').ChildProcess>}
 */
export async function startTemporal(binary, { logFile, timeoutMs = 60_000, onSpawn, ...options }) {
  if (await answers(options.port)) throw portTaken(options.port, logFile);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(binary.path, serverArguments(options), { cwd: '/', stdio: ['ignore', log, log], detached: true, env: serverEnv() });
  closeSync(log);
  if (child.pid) onSpawn?.(child.pid);
  let failed = '';
  child.once('error', (error) => (failed = error.message));
  child.once('exit', (code, signal) => (failed = `it ended with ${signal ?? code}`));
  const end = Date.now() + timeoutMs;
  while (!(await serves(binary, options.port))) {
    if (failed || Date.now() > end) {
      if (!failed) child.kill('SIGTERM');
      const said = readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
      throw new LauncherError(`The Temporal dev server did not start (${failed || 'no answer in time'}):\n${said}`, `Its log is ${logFile}`);
    }
    await delay(50);
  }
  // Where another took the port at the same moment, it was that one which answered, and ours ends now.
  await delay(takenAfterMs);
  if (failed) throw portTaken(options.port, logFile);
  return child;
}

/**
 * Whether a server on the port serves the namespace `default`.
 * @param {TemporalBinary} binary
 * @param {number} port
 */
export async function serves(binary, port) {
  if (!(await answers(port))) return false;
  return operator(binary, port, ['namespace', 'describe', '--namespace', 'default']);
}

/**
 * Keeps closed runs in Temporal for 30 days (the dev server's own default is one), so that links from the run page stay good.
 * @param {TemporalBinary} binary
 * @param {number} port
 */
export function keepHistory(binary, port) {
  return operator(binary, port, ['namespace', 'update', '--namespace', 'default', '--retention', '30d']);
}

/**
 * @param {TemporalBinary} binary
 * @param {number} port
 * @param {string[]} args
 * @returns {Promise<boolean>} whether it succeeded
 */
function operator(binary, port, args) {
  return new Promise((done) => {
    const child = spawn(binary.path, ['operator', ...args, '--address', `127.0.0.1:${port}`, '--command-timeout', '5s'], {
      stdio: 'ignore',
      env: serverEnv(),
    });
    child.once('error', () => done(false));
    child.once('exit', (code) => done(code === 0));
  });
}

/** No key of ours, and none of the person's own Temporal settings (TEMPORAL_ADDRESS, a profile) that would lead the CLI elsewhere. */
function serverEnv() {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', TZ: 'UTC', TEMPORAL_CONFIG_FILE: '/dev/null' };
}
