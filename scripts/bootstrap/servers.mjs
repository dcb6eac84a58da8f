// PostgreSQL and Temporal of one installation, as services for the supervisor: each takes over what an earlier launcher left running, else starts it.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createCluster, databaseName, dropStaleLock, runningServer, startServer } from './postgres.mjs';
import { choosePlace, movedFolder } from './postgres-place.mjs';
import { liveProcess, recordProcess, startTimeOf, stopProcess } from './process-table.mjs';
import { rotateLog } from './supervisor.mjs';
import { keepHistory, serverArguments, serves, startTemporal } from './temporal.mjs';

/** @typedef {import('./state.mjs').StatePaths} StatePaths */
/** @typedef {import('./supervisor.mjs').Service} Service */
/** @typedef {import('./supervisor.mjs').Running} Running */

/** Settings of the real cluster: durable (fsync stays on), sized for one machine. */
const settings = { max_connections: 120, shared_buffers: '128MB', max_wal_size: '2GB', log_min_duration_statement: '2s' };

/**
 * Whether a database of this state folder exists.
 * @param {StatePaths} paths
 */
export function databaseExists(paths) {
  return existsSync(paths.postgres) || (existsSync(movedMark(paths)) && existsSync(join(movedFolder(paths.postgres), 'cluster')));
}

/** @param {StatePaths} paths */
function movedMark(paths) {
  return join(dirname(paths.postgres), 'lies-in-var-tmp');
}

/**
 * The place of the cluster. One outside the clone whose state folder was deleted belongs to nobody any more and goes.
 * @param {StatePaths} paths
 */
export async function clusterPlace(paths) {
  const outside = movedFolder(paths.postgres);
  if (existsSync(outside) && !existsSync(movedMark(paths))) await removeOutside(paths);
  const place = choosePlace(paths.postgres);
  if (place.moved) writeFileSync(movedMark(paths), `${place.home}\n`);
  return place;
}

/**
 * Stops and removes a cluster that lies outside the state folder.
 * @param {StatePaths} paths
 */
export async function removeOutside(paths) {
  const outside = movedFolder(paths.postgres);
  const server = await runningServer(join(outside, 'cluster'));
  if (server) await stopProcess(server, { signal: 'SIGINT', graceMs: 5000 });
  rmSync(outside, { recursive: true, force: true });
}

/**
 * The PostgreSQL server left by a launcher that was killed, if it is well; one that does not answer is stopped.
 * @param {StatePaths} paths
 * @param {string} home
 */
export async function leftPostgres(paths, home) {
  const noted = liveProcess(paths.run, 'postgres');
  for (let i = 0; i < 50; i += 1) {
    const server = await runningServer(home);
    if (server) return server;
    if (!noted || !liveProcess(paths.run, 'postgres')) break;
    await delay(100);
  }
  if (noted) await stopProcess(noted, { signal: 'SIGINT', graceMs: 10_000 });
  dropStaleLock(home);
  return undefined;
}

/**
 * @param {StatePaths} paths
 * @param {import('./postgres-place.mjs').PostgresPlace} place
 * @param {number} port
 * @param {Record<string, string>} secrets
 * @returns {Service}
 */
export function postgresService(paths, place, port, secrets) {
  return {
    name: 'postgres',
    stopSignal: 'SIGINT', // "fast": ends sessions, writes a checkpoint
    graceMs: 15_000,
    async start() {
      const left = await leftPostgres(paths, place.home);
      if (left?.port === port) return left;
      if (left) await stopProcess(left, { signal: 'SIGINT', graceMs: 15_000 });
      createCluster(place, {
        superuser: String(secrets.HUB_DB_SUPERUSER_PASSWORD),
        owner: String(secrets.HUB_DB_OWNER_PASSWORD),
        app: String(secrets.HUB_DB_APP_PASSWORD),
        auth: String(secrets.HUB_DB_AUTH_PASSWORD),
      });
      const child = await startServer(place, {
        port,
        settings,
        logFile: rotateLog(paths.logs, 'postgres'),
        onSpawn: (pid) => recordProcess(paths.run, 'postgres', pid, { port }),
      });
      return running(child);
    },
  };
}

/**
 * @param {Record<string, string>} secrets
 * @param {number} port
 * @returns {import('./hub-environment.mjs').DatabaseUrls}
 */
export function databaseUrls(secrets, port) {
  /** @param {string} role @param {string | undefined} password */
  const url = (role, password) => `postgres://${role}:${password}@127.0.0.1:${port}/${databaseName}`;
  return {
    app: url('hub_app', secrets.HUB_DB_APP_PASSWORD),
    auth: url('hub_auth', secrets.HUB_DB_AUTH_PASSWORD),
    owner: url('hub_owner', secrets.HUB_DB_OWNER_PASSWORD),
  };
}

/**
 * The Temporal server left by a launcher that was killed.
 * @param {StatePaths} paths
 */
export function leftTemporal(paths) {
  return liveProcess(paths.run, 'temporal');
}

/**
 * @param {StatePaths} paths
 * @param {import('./temporal.mjs').TemporalBinary} binary
 * @param {import('./ports.mjs').Ports} ports
 * @returns {Service}
 */
export function temporalService(paths, binary, ports) {
  // With the codec on, the Web UI asks the hub to open what it shows; it must be told where, and be signed in there.
  const sealed = process.env.HUB_CODEC === 'on' ? { codecEndpoint: `http://localhost:${ports.app}/api/v1/codec` } : {};
  const options = { port: ports.temporal, uiPort: ports.temporalUi, dbFile: paths.temporalDb, ...sealed };
  const how = `${binary.version} ${serverArguments(options).join(' ')}`;
  return {
    name: 'temporal',
    graceMs: 10_000,
    async start() {
      const left = leftTemporal(paths);
      if (left && left.how === how && (await serves(binary, ports.temporal))) return left;
      // Two servers on one file would spoil it: the old one ends first.
      if (left) await stopProcess(left, { graceMs: 10_000 });
      mkdirSync(dirname(paths.temporalDb), { recursive: true, mode: 0o700 });
      const fresh = !existsSync(paths.temporalDb);
      const child = await startTemporal(binary, {
        ...options,
        logFile: rotateLog(paths.logs, 'temporal'),
        onSpawn: (pid) => recordProcess(paths.run, 'temporal', pid, { port: ports.temporal, how }),
      });
      if (fresh) await keepHistory(binary, ports.temporal);
      return running(child);
    },
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Running}
 */
export function running(child) {
  const pid = Number(child.pid);
  return { pid, startedAt: startTimeOf(pid) ?? 'gone', child };
}
