// Runs a tool (npm, pnpm, go, a build) to its end: output goes to a log, the last lines of it into the error. Every tool has a process group of its
// own, so that an interrupted start can end the tool with everything the tool started.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';
import { LauncherError, remedyFor } from './errors.mjs';
import { root } from './paths.mjs';

/**
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 * @typedef {{ logFile?: string, env?: NodeJS.ProcessEnv, cwd?: string, nice?: number, timeoutMs?: number }} CommandOptions without `logFile` its output is ours
 */

/** @type {Set<ChildProcess>} */
const running = new Set();

/**
 * Runs a tool that must succeed.
 * @param {string} command
 * @param {string[]} args
 * @param {CommandOptions & { what?: string }} [options] what: its name for people
 * @returns {Promise<void>}
 */
export async function runCommand(command, args, { what = command, ...options } = {}) {
  const { code, output } = await tryCommand(command, args, options);
  if (code === 0) return;
  const tail = output.trim().split('\n').slice(-12).join('\n');
  const remedy = remedyFor(output) ?? (options.logFile ? `All of it is in ${options.logFile}` : undefined);
  throw new LauncherError(`${what} failed (${code})${tail ? `:\n${tail}` : '.'}`, remedy);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {CommandOptions} options
 * @returns {Promise<{ code: number | string, output: string }>} code is the exit code, a signal's name, or why it could not start or was ended
 */
export function tryCommand(command, args, { logFile, env = process.env, cwd = root, nice, timeoutMs }) {
  if (logFile) mkdirSync(dirname(logFile), { recursive: true });
  const log = logFile ? openSync(logFile, 'w', 0o600) : undefined;
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'], detached: true });
    if (log !== undefined) closeSync(log);
    running.add(child);
    if (nice !== undefined) lowerPriority(child, nice);
    const late = timeoutMs === undefined ? undefined : setTimeout(tooLate, timeoutMs);
    function tooLate() {
      endGroup(child);
      end(`not done within ${Number(timeoutMs) / 1000} s`);
    }
    /** @param {number | string} code */
    function end(code) {
      clearTimeout(late);
      running.delete(child);
      done({ code, output: logFile ? readFileSync(logFile, 'utf8') : '' });
    }
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(code ?? signal ?? 'unknown'));
  });
}

/** Ends every tool that is still at work, with its children. */
export function stopCommands() {
  for (const child of running) endGroup(child);
}

/** @param {ChildProcess} child */
function endGroup(child) {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}

/**
 * @param {ChildProcess} child
 * @param {number} nice
 */
function lowerPriority(child, nice) {
  try {
    if (child.pid) setPriority(child.pid, nice);
  } catch {
    // Only a courtesy to the other stages.
  }
}
