// Commands that only run a script of the project, under the set-up toolchain.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LauncherError } from './errors.mjs';
import { writeDemo } from './finish.mjs';
import { environmentFor, hubValues, loadDotEnv, ownDatabase } from './hub-environment.mjs';
import { buildWeb, installPackages } from './packages.mjs';
import { root, toolsDir } from './paths.mjs';
import { readPorts } from './ports.mjs';
import { loadSecrets } from './secrets.mjs';
import { databaseUrls } from './servers.mjs';
import { runningInstance, statePaths } from './state.mjs';
import { ensureTemporal } from './temporal-get.mjs';
import { toolEnvironment } from './toolchain.mjs';

/** @typedef {import('./stages.mjs').Stages} Stages */

/**
 * Packages and a Temporal CLI, side by side.
 * @param {Stages} stages
 */
export async function setUp(stages) {
  const log = (/** @type {string} */ name) => join(toolsDir, 'logs', `${name}.log`);
  const [binary] = await Promise.all([
    stages.run('temporal cli', ({ note }) => ensureTemporal(note, log('temporal-get'))),
    stages.run('packages', ({ note }) => installPackages(note, log('packages'))),
  ]);
  return binary;
}

/**
 * @param {Stages} stages
 * @param {string} script
 * @param {string[]} args
 */
export async function runScript(stages, script, args) {
  loadDotEnv();
  const binary = await setUp(stages);
  return runInteractive([script, ...args], { ...toolEnvironment(), TEMPORAL_CLI: binary.path });
}

/**
 * Every page as a picture, on pages built from the sources as they are.
 * @param {Stages} stages
 * @param {string[]} args
 */
export async function look(stages, args) {
  loadDotEnv();
  await setUp(stages);
  await stages.run('web build', ({ note }) => buildWeb(note, join(toolsDir, 'logs', 'web-build.log')));
  return runInteractive(['web/e2e/look.ts', ...args], toolEnvironment());
}

/** The values of the hub that runs, or a clear word where none does. */
function runningHub() {
  const paths = statePaths();
  const ports = readPorts(paths.ports);
  if (runningInstance(paths)?.phase !== 'ready' || !ports.app || !ports.postgres || !ports.temporal || !ports.temporalUi) {
    throw new LauncherError('The hub does not run.', 'Type npm start, and this in a second terminal.');
  }
  const whole = { app: ports.app, postgres: ports.postgres, temporal: ports.temporal, temporalUi: ports.temporalUi };
  const { secrets } = loadSecrets(paths.secrets, { dataExists: true });
  const values = hubValues({ secrets, ports: whole, database: ownDatabase() ?? databaseUrls(secrets, ports.postgres), data: paths.data });
  return { paths, secrets, values };
}

/**
 * @param {Stages} _stages
 * @param {string[]} args
 */
export async function example(_stages, args) {
  loadDotEnv();
  const { paths, secrets, values } = runningHub();
  const code = await runInteractive(['scripts/example/run.ts', ...args], environmentFor('example', values));
  writeDemo(paths, values, secrets);
  return code;
}

/**
 * @param {Stages} _stages
 * @param {string[]} args
 */
export async function rebuild(_stages, args) {
  loadDotEnv();
  return runInteractive(['scripts/rebuild/main.ts', ...args], environmentFor('rebuild', runningHub().values));
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function runInteractive(args, env) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, env, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  process.on('disconnect', () => child.kill('SIGTERM'));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(code ?? 1));
  });
}
