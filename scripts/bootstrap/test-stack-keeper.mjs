// Owns the servers of one test run. Says their addresses in one line of JSON, lives until its stdin closes (the tests ended, or were killed),
// then stops them and removes their folder. What a killed keeper left behind is removed by the next one.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LauncherError, printError } from './errors.mjs';
import { freePort } from './ports.mjs';
import { createCluster, startServer } from './postgres.mjs';
import { choosePlace, isOpen, postgresUser } from './postgres-place.mjs';
import { liveProcess, liveProcesses, recordProcess, stopProcess } from './process-table.mjs';
import { findTemporal, startTemporal } from './temporal.mjs';

const prefix = 'workflow-hub-test-';
// The first folder for temporary files that whoever PostgreSQL runs as can walk into.
const base = [realpathSync(tmpdir()), '/tmp', '/var/tmp'].find((folder) => postgresUser().uid === undefined || isOpen(folder)) ?? tmpdir();

/**
 * @param {string} folder of this run
 * @param {string} processes where its processes are noted
 */
async function startPostgres(folder, processes) {
  const password = randomBytes(18).toString('base64url');
  const place = choosePlace(join(folder, 'cluster'));
  createCluster(place, { owner: password, app: password, auth: password, superuser: password }, { ownerCreatesDatabases: true, durable: false });
  const port = await freePort();
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 200, shared_buffers: '64MB' };
  const server = await startServer(place, { port, logFile: join(folder, 'postgres.log'), settings });
  recordProcess(processes, 'postgres', Number(server.pid));
  /** @param {string} role */
  const url = (role) => `postgres://${role}:${password}@127.0.0.1:${port}/postgres`;
  return { TEST_DATABASE_OWNER_URL: url('hub_owner'), TEST_DATABASE_APP_URL: url('hub_app'), TEST_DATABASE_AUTH_URL: url('hub_auth') };
}

/**
 * @param {string} folder
 * @param {string} processes
 */
async function startTemporalServer(folder, processes) {
  const binary = findTemporal();
  if (!binary) throw new LauncherError('There is no Temporal CLI yet.', 'Run `npm test` (or `npm start`) once: it gets it.');
  const port = await freePort();
  const server = await startTemporal(binary, { port, logFile: join(folder, 'temporal.log') });
  recordProcess(processes, 'temporal', Number(server.pid));
  return { TEST_TEMPORAL_ADDRESS: `127.0.0.1:${port}`, TEST_TEMPORAL_NAMESPACE: 'default' };
}

async function removeLeftovers() {
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(base, name);
    const found = statSync(folder, { throwIfNoEntry: false });
    // A folder of the last minute may belong to a keeper that has not noted itself yet.
    if (!found || found.uid !== process.getuid?.() || Date.now() - found.mtimeMs < 60_000) continue;
    if (!liveProcess(join(folder, 'processes'), 'keeper')) await removeRun(folder);
  }
}

/** @param {string} folder */
async function removeRun(folder) {
  // Nothing here is worth an orderly end: SIGQUIT lets PostgreSQL drop everything at once.
  await Promise.all(
    liveProcesses(join(folder, 'processes'))
      .filter((found) => found.pid !== process.pid)
      .map((found) => stopProcess(found, { signal: 'SIGQUIT', graceMs: 3000 })),
  );
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

const folder = mkdtempSync(join(base, prefix));
chmodSync(folder, 0o711);
const processes = join(folder, 'processes');
mkdirSync(processes);
recordProcess(processes, 'keeper', process.pid);

let ending = false;
/** @param {number} code */
async function end(code) {
  if (ending) return;
  ending = true;
  await removeRun(folder);
  process.exit(code);
}
process.stdin
  .once('end', () => void end(0))
  .once('error', () => void end(0))
  .resume();
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(signal, () => void end(0));

const wanted = process.argv.slice(2);
const starts = [
  wanted.includes('postgres') ? startPostgres(folder, processes) : Promise.resolve({}),
  wanted.includes('temporal') ? startTemporalServer(folder, processes) : Promise.resolve({}),
];
const settled = await Promise.allSettled(starts);
const failed = settled.find((one) => one.status === 'rejected');
if (failed) {
  printError(failed.reason);
  await end(1);
} else {
  const environment = Object.assign({}, ...settled.map((one) => (one.status === 'fulfilled' ? one.value : {})));
  process.stdout.write(`${JSON.stringify(environment)}\n`);
  await removeLeftovers();
}
