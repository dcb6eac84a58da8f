// npm start: from whatever is there to a running hub, and from the word "stop" to nothing of it left.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LauncherError, errorText, printError } from './errors.mjs';
import { finish, tellWhere } from './finish.mjs';
import { environmentFor, hubValues, loadDotEnv, ownDatabase } from './hub-environment.mjs';
import { buildBundle, buildWeb, bundleFile, installPackages, webFolder } from './packages.mjs';
import { root } from './paths.mjs';
import { choosePorts, readPorts, writePorts } from './ports.mjs';
import { liveProcess, recordProcess, stopProcess } from './process-table.mjs';
import { runCommand, stopCommands } from './run-command.mjs';
import { loadSecrets } from './secrets.mjs';
import { clusterPlace, databaseExists, databaseUrls, leftPostgres, leftTemporal, postgresService, running, temporalService } from './servers.mjs';
import { checkDisk, makeStateFolders, releaseState, setPhase, statePaths, takeState } from './state.mjs';
import { listenForStop, Stopped } from './stop-request.mjs';
import { Supervisor, rotateLog, spawnNode } from './supervisor.mjs';
import { ensureTemporal } from './temporal-get.mjs';

/** @typedef {import('./stages.mjs').Stages} Stages */
/** @typedef {import('./state.mjs').StatePaths} StatePaths */
/** @typedef {{ stages: Stages, paths: StatePaths, stop: import('./stop-request.mjs').StopRequest, supervisor: Supervisor }} Work */

/** The worker lets steps in flight end for 20 s, then breaks them off (services/worker): it is given a little more than that. */
const workerGraceMs = 35_000;
const readyWithinMs = 120_000;
const stopOrder = ['api', 'worker', 'temporal', 'postgres'];

/**
 * @param {Stages} stages
 * @returns {Promise<number>} exit code
 */
export async function start(stages) {
  loadDotEnv();
  const paths = statePaths();
  makeStateFolders(paths);
  const alreadyUp = await claim(paths, stages);
  if (alreadyUp) return 0;

  let exitCode = 0;
  /** @type {Supervisor} */
  const supervisor = new Supervisor({
    runDir: paths.run,
    logDir: paths.logs,
    say: (text) => stages.say(text),
    giveUp: (name, why) => {
      exitCode = 1;
      stages.event({ event: 'failed', message: `${name} ${why}` });
      stop.ask(`${name} ${why}`);
    },
  });
  const stop = listenForStop({ onFirst: stopCommands, onAgain: () => supervisor.hurry() });
  const work = bringUp({ stages, paths, stop, supervisor });
  try {
    await Promise.race([work, stop.requested]);
    await stop.requested;
  } catch (error) {
    if (!(error instanceof Stopped) && stop.reason === undefined) {
      exitCode = 1;
      stages.end();
      stages.event({ event: 'failed', message: errorText(error) });
      printError(error);
      stop.ask('failure');
    }
  }
  await shutDown({ stages, paths, stop, supervisor }, work);
  return exitCode;
}

/**
 * @param {Work} work
 * @param {Promise<unknown>} unfinished
 */
async function shutDown({ stages, paths, stop, supervisor }, unfinished) {
  setPhase(paths, 'stopping');
  stages.end();
  stages.say(`\nStopping (${stop.reason}).`);
  // A stage in the middle of starting a server finishes that first, so that the server is known and can be stopped.
  await Promise.race([unfinished.catch(() => undefined), delay(20_000, undefined, { ref: false })]);
  const from = performance.now();
  await supervisor.stop(stopOrder);
  releaseState(paths);
  stages.say(`Stopped in ${((performance.now() - from) / 1000).toFixed(1)} s; nothing is left running. State is in ${paths.data}`, {
    event: 'stopped',
  });
}

/**
 * Makes this launcher the one of the folder. Waits for one that is on its way down; says where a running one is.
 * @param {StatePaths} paths
 * @param {Stages} stages
 * @returns {Promise<boolean>} whether a hub is up already
 */
async function claim(paths, stages) {
  let said = '';
  for (;;) {
    const other = takeState(paths);
    if (!other) return false;
    if (other.phase === 'ready') {
      stages.say(`The hub already runs (process ${other.pid}).`);
      await tellWhere(stages, paths);
      return true;
    }
    if (said !== other.phase)
      stages.say(`Another npm start (process ${other.pid}) is ${other.phase === 'stopping' ? 'stopping' : 'at work'}; waiting for it.`);
    said = other.phase;
    await delay(200);
  }
}

/** @param {Work} work */
async function bringUp(work) {
  const { stages, paths, stop, supervisor } = work;
  const log = (/** @type {string} */ name) => join(paths.logs, `${name}.log`);
  if (!existsSync(join(root, 'node_modules'))) checkDisk(root, 3e9);
  checkDisk(paths.data, 3e8);

  const binary = stages.run('temporal cli', ({ note }) => ensureTemporal(note, log('temporal-get')));
  binary.catch(() => undefined);
  await stages.run('packages', ({ note }) => installPackages(note, log('packages')));
  stop.check();

  await stopLeftProcesses(paths);
  const own = ownDatabase();
  const dataExists = databaseExists(paths);
  const place = own ? undefined : await clusterPlace(paths);
  const { secrets } = loadSecrets(paths.secrets, { dataExists });
  const ports = await thesePorts(paths, place);
  const database = own ?? databaseUrls(secrets, ports.postgres);
  const values = hubValues({ secrets, ports, database, data: paths.data, bundle: bundleFile });
  stop.check();

  const data = async () => {
    if (place)
      await stages.run('postgres', ({ note }) =>
        supervisor
          .keep(postgresService(paths, place, ports.postgres, secrets))
          .then((it) => note(`port ${ports.postgres}${it.child ? '' : ', was still running'}`)),
      );
    stop.check();
    await stages.run('migrations', () => runNode('migrate', 'db/migrate.ts', values, paths));
    await stages.run('seed', () => runNode('seed', 'db/seed/main.ts', values, paths));
  };
  const temporal = async () => {
    const found = await binary;
    stop.check();
    await stages.run('temporal', ({ note }) =>
      supervisor.keep(temporalService(paths, found, ports)).then((it) => note(`port ${ports.temporal}${it.child ? '' : ', was still running'}`)),
    );
  };
  const bundle = stages.run('workflow bundle', ({ note }) => buildBundle(note, log('workflow-bundle')));
  const parts = [data(), temporal(), bundle];
  const worker = Promise.all(parts).then(() => {
    stop.check();
    // Not after the web build: the worker needs nothing of it, and its start is the longer one.
    return keepProcess(work, 'worker', workerGraceMs, values);
  });
  // The parts themselves too: a server that is still coming up when another part fails is to be known before everything is stopped.
  await all(stop, [...parts, worker, stages.run('web build', ({ note }) => buildWeb(note, log('web-build')))]);
  stop.check();
  await stages.run('api and worker', async ({ note }) => {
    await keepProcess(work, 'api', 8000, { ...values, HUB_WEB_DIST: webFolder() ?? '' });
    await waitUntilReady(`http://127.0.0.1:${ports.app}`, stop, paths);
    note(`port ${ports.app}`);
  });
  stop.check();
  await finish(work, { values, secrets, ports });
}

/**
 * Waits for all; when one fails the others are ended first, so that nothing starts behind the error message.
 * @param {Work['stop']} stop
 * @param {Promise<unknown>[]} parts
 */
async function all(stop, parts) {
  try {
    await Promise.all(parts);
  } catch (error) {
    stopCommands();
    await Promise.allSettled(parts);
    stop.check();
    throw error;
  }
}

/**
 * What a killed launcher left of the hub itself is stopped: it may be of another version. The servers are taken over.
 * @param {StatePaths} paths
 */
async function stopLeftProcesses(paths) {
  for (const name of ['api', 'worker']) {
    const left = liveProcess(paths.run, name);
    if (left) await stopProcess(left, { graceMs: name === 'worker' ? workerGraceMs : 8000 });
  }
}

/**
 * @param {StatePaths} paths
 * @param {import('./postgres-place.mjs').PostgresPlace | undefined} place
 */
async function thesePorts(paths, place) {
  const postgres = place ? await leftPostgres(paths, place.home) : undefined;
  const temporal = leftTemporal(paths);
  const last = { ...readPorts(paths.ports), ...(postgres ? { postgres: postgres.port } : {}) };
  const held = new Set(
    [...(postgres ? [postgres.port] : []), ...(temporal ? [last.temporal, last.temporalUi] : [])].filter((port) => port !== undefined),
  );
  const wanted = process.env.PORT ? Number(process.env.PORT) : undefined;
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted > 0 && wanted < 65_536))
    throw new LauncherError(`PORT is ${process.env.PORT}, which is no port number.`);
  const ports = await choosePorts(last, { wanted, held });
  writePorts(paths.ports, ports);
  return ports;
}

/**
 * @param {'migrate' | 'seed'} name
 * @param {string} script
 * @param {import('./hub-environment.mjs').Values} values
 * @param {StatePaths} paths
 */
function runNode(name, script, values, paths) {
  return runCommand(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    logFile: join(paths.logs, `${name}.log`),
    what: script,
    timeoutMs: 10 * 60_000,
    env: environmentFor(name, values),
  });
}

/**
 * @param {Work} work
 * @param {'api' | 'worker'} name
 * @param {number} graceMs
 * @param {import('./hub-environment.mjs').Values} values
 */
function keepProcess({ paths, supervisor }, name, graceMs, values) {
  rotateLog(paths.logs, name);
  return supervisor.keep({
    name,
    graceMs,
    async start() {
      const script = `services/${name}/src/main.ts`;
      const it = running(spawnNode({ name, script, cwd: root, env: environmentFor(name, values), logDir: paths.logs }));
      recordProcess(paths.run, name, it.pid);
      return it;
    },
  });
}

/**
 * @param {string} base
 * @param {Work['stop']} stop
 * @param {StatePaths} paths
 */
async function waitUntilReady(base, stop, paths) {
  const end = Date.now() + readyWithinMs;
  let last = 'no answer';
  while (Date.now() < end) {
    stop.check();
    try {
      const answer = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(5000) });
      if (answer.status === 200) return;
      last = `${answer.status} ${(await answer.text()).slice(0, 500)}`;
    } catch (error) {
      last = errorText(error);
    }
    await delay(150);
  }
  throw new LauncherError(
    `The hub was not ready within ${readyWithinMs / 1000} s. /readyz last said: ${last}`,
    `Look into ${join(paths.logs, 'api.log')} and ${join(paths.logs, 'worker.log')}`,
  );
}
