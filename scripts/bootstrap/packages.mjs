// Installed packages and what is built from the sources: each made once, and again only when its inputs changed, so that later starts work offline.
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, toolsBin, toolsDir } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';
import { toolEnvironment } from './toolchain.mjs';

/** Folders whose sources end up in the web app or the workflow bundle. */
const webSources = ['web', 'services/contract', 'services/kit', 'workflows/dag', 'activities', 'db', 'pnpm-lock.yaml'];
const workflowSources = ['workflows', 'services/worker', 'pnpm-lock.yaml'];
const pnpm = join(toolsBin, 'pnpm');

/**
 * All package.json files of the workspace, relative to the root.
 * @returns {string[]}
 */
export function manifests() {
  const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const list = /^packages:\s*\[([^\]]*)\]/m.exec(text)?.[1] ?? '';
  const patterns = list
    .split(',')
    .map((part) => part.trim().replace(/^'|'$/g, ''))
    .filter(Boolean);
  return ['package.json', ...patterns.flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root })).sort()];
}

/**
 * @param {(text: string) => void} note
 * @param {string} logFile
 */
export async function installPackages(note, logFile) {
  const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()];
  const value = hashOf(root, inputs, [process.versions.modules, process.platform, process.arch]);
  const mark = join(root, 'node_modules', '.workflow-hub-installed');
  if (isStamped(mark, value)) return note('as they were');
  const args = ['install', '--frozen-lockfile', '--reporter=append-only', '--config.confirmModulesPurge=false'];
  await runCommand(pnpm, args, { logFile, what: 'pnpm install', env: toolEnvironment() });
  stamp(mark, value);
}

/**
 * @param {(text: string) => void} note
 * @param {string} logFile
 */
export async function buildWeb(note, logFile) {
  const value = hashOf(root, webSources, [process.versions.node]);
  const mark = join(toolsDir, 'stamps', 'web');
  if (isStamped(mark, value) && webFolder()) return note('as it was');
  rmSync(mark, { force: true });
  // Started from a test, NODE_ENV is `test`: that would build React's development half.
  await runCommand(pnpm, ['--filter', '@hub/web', 'run', 'build'], {
    logFile,
    what: 'The web build',
    env: { ...toolEnvironment(), NODE_ENV: 'production' },
  });
  stamp(mark, value);
}

/** Folder of the built web app, or undefined when there is none. */
export function webFolder() {
  const folder = join(root, 'web', 'dist');
  return existsSync(folder) ? folder : undefined;
}

/** The workflow bundle that the worker loads. */
export const bundleFile = join(toolsDir, 'built', 'workflow-bundle.js');

/**
 * @param {(text: string) => void} note
 * @param {string} logFile
 */
export async function buildBundle(note, logFile) {
  const value = hashOf(root, workflowSources, [process.versions.node]);
  const mark = join(toolsDir, 'stamps', 'bundle');
  if (isStamped(mark, value) && existsSync(bundleFile)) return note('as it was');
  rmSync(mark, { force: true });
  await runCommand(process.execPath, ['services/worker/src/bundle.ts', bundleFile], { logFile, what: 'The workflow bundle', env: toolEnvironment() });
  stamp(mark, value);
}
