// Getting the Temporal CLI where there is none: the official download first, else compiled with Go. It lands in the person's cache folder, once for all clones.
import { spawnSync } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LauncherError, errorText } from './errors.mjs';
import { cacheBin } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { findTemporal, temporalVersion } from './temporal.mjs';

export const temporalCliVersion = '1.5.1';
const connectMs = 10_000;
const downloadMs = 5 * 60_000;

/**
 * A working Temporal CLI: found, downloaded or compiled.
 * @param {(text: string) => void} note
 * @param {string} logFile
 * @returns {Promise<import('./temporal.mjs').TemporalBinary>}
 */
export async function ensureTemporal(note, logFile) {
  const found = findTemporal();
  if (found) {
    note(`${found.version.replace(/^temporal version /, '')}, from ${found.from}`);
    return found;
  }
  const target = join(cacheBin(), 'temporal');
  mkdirSync(cacheBin(), { recursive: true });
  const work = mkdtempSync(join(cacheBin(), 'getting-'));
  try {
    const file = await get(work, note, logFile);
    const version = temporalVersion(file);
    if (!version) throw new LauncherError('The Temporal CLI that was got does not run on this machine.', byHand());
    renameSync(file, target);
    return { path: target, version, from: 'cache' };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} work
 * @param {(text: string) => void} note
 * @param {string} logFile
 * @returns {Promise<string>} the binary
 */
async function get(work, note, logFile) {
  const problems = [];
  try {
    note('downloading');
    return await download(work, logFile);
  } catch (error) {
    problems.push(`download: ${errorText(error)}`);
  }
  const go = findGo();
  if (go) {
    try {
      note('compiling with Go, about 7 min, once');
      return await compile(go, work, logFile);
    } catch (error) {
      problems.push(`go install: ${errorText(error)}`);
    }
  } else problems.push('go: not installed');
  throw new LauncherError(`There is no Temporal CLI on this machine, and it could not be got.\n  ${problems.join('\n  ')}`, byHand());
}

function byHand() {
  return [
    'One of these is enough, then type npm start again (what was done is kept):',
    '  - connect to the internet (temporal.download)',
    '  - install Go >= 1.23 (https://go.dev/dl): it is then compiled, about 7 min, once',
    `  - put a \`temporal\` binary (https://github.com/temporalio/cli/releases) on the PATH, or at ${join(cacheBin(), 'temporal')}, or name it in TEMPORAL_CLI`,
  ].join('\n');
}

/**
 * @param {string} work
 * @param {string} logFile
 */
async function download(work, logFile) {
  const arch = { x64: 'amd64', arm64: 'arm64' }[/** @type {string} */ (process.arch)];
  if (!arch) throw new Error(`no build for ${process.arch}`);
  const url = `https://temporal.download/cli/archive/v${temporalCliVersion}?platform=${process.platform}&arch=${arch}`;
  const stop = new AbortController();
  const early = setTimeout(() => stop.abort(new Error('no answer within 10 s')), connectMs);
  const late = setTimeout(() => stop.abort(new Error('not done within 5 min')), downloadMs);
  try {
    const response = await fetch(url, { signal: stop.signal }).catch((error) => {
      throw new Error(error?.cause?.code ?? errorText(error));
    });
    clearTimeout(early);
    if (!response.ok || !response.body) throw new Error(`temporal.download answered ${response.status}`);
    const archive = join(work, 'temporal.tar.gz');
    await pipeline(Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (response.body)), createWriteStream(archive));
    await runCommand('tar', ['-xzf', archive, '-C', work], { logFile, what: 'tar' });
  } finally {
    clearTimeout(early);
    clearTimeout(late);
  }
  const file = join(work, 'temporal');
  if (!existsSync(file)) throw new Error('the archive held no `temporal`');
  chmodSync(file, 0o755);
  return file;
}

/** Path of a Go compiler, or undefined where there is none. */
export function findGo() {
  return ['go', '/usr/local/go/bin/go', '/opt/homebrew/bin/go'].find(
    (path) => spawnSync(path, ['version'], { stdio: 'ignore', timeout: 20_000 }).status === 0,
  );
}

/**
 * @param {string} go
 * @param {string} work
 * @param {string} logFile
 */
async function compile(go, work, logFile) {
  const env = { ...process.env, GOBIN: work, GOFLAGS: '-trimpath' };
  // A little behind the other stages: on two cores it would hold them all up.
  await runCommand(go, ['install', '-ldflags=-s -w', `github.com/temporalio/cli/cmd/temporal@v${temporalCliVersion}`], {
    logFile,
    env,
    what: 'go install',
    nice: 5,
  });
  return join(work, 'temporal');
}
