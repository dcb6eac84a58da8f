// Runs a tool (npm, pnpm, go, a build) to its end: output goes to a log, the last lines of it into the error. Every tool has a process group of its
// own, so that an interrupted start can end the tool with everything the tool started.
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LauncherError, remedyFor } from './errors.mjs';
import { root } from './paths.mjs';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ logFile?: string, env?: NodeJS.ProcessEnv, cwd?: string, what?: string, nice?: number }} [options] without `logFile` its output is ours
 * @returns {Promise<void>}
 */
export async function runCommand(command, args, { logFile, env = process.env, cwd = root, what = command, nice } = {}) {
  const { code, output } = await tryCommand(command, args, { env, cwd, ...(logFile ? { logFile } : {}), ...(nice === undefined ? {} : { nice }) });
  if (code === 0) return;
  const tail = output.trim().split('\n').slice(-12).join('\n');
  throw new LauncherError(
    `${what} failed (${code})${tail ? `:\n${tail}` : '.'}`,
    remedyFor(output) ?? (logFile ? `All of it is in ${logFile}` : undefined),
  );
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ logFile?: string, env?: NodeJS.ProcessEnv, cwd?: string, nice?: number }} options
 * @returns {Promise<{ code: number | string, output: string }>} code is the exit code, a signal's name, or the reason it could not start
 */
export function tryCommand(command, args, { logFile, env = process.env, cwd = root, nice }) {
  if (logFile) mkdirSync(dirname(logFile), { recursive: true });
  const log = logFile ? openSync(logFile, 'w', 0o600) : undefined;
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'], detached: true });
    if (log !== undefined) closeSync(log);
    running.add(child);
    if (nice !== undefined && child.pid) lowerPriority(child.pid, nice);
    /** @param {number | string} code */
    const end = (code) => {
      running.delete(child);
      done({ code, output: logFile ? readFileSync(logFile, 'utf8') : '' });
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(code ?? signal ?? 'unknown'));
  });
}

/** Ends every tool that is still at work, with its children. */
export function stopCommands() {
  for (const child of running) {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has just ended.
    }
  }
}

/**
 * @param {number} pid
 * @param {number} nice
 */
function lowerPriority(pid, nice) {
  try {
    setPriority(pid, nice);
  } catch {
    // Only a courtesy to the other stages.
  }
}
