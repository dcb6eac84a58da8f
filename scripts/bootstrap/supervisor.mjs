// Keeps the processes of a running hub: starts them, starts a dead one again (a few times, with growing pauses, and says so), stops them in order.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { forgetProcess, isAlive, stopProcess } from './process-table.mjs';

/**
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 * @typedef {{ pid: number, startedAt: string, child?: ChildProcess }} Running
 * @typedef {{
 *   name: string,
 *   start: () => Promise<Running>,
 *   stopSignal?: NodeJS.Signals,
 *   graceMs: number,
 * }} Service
 */

export const maxRestarts = 5;
const badSettings = 78;
const calmMs = 60_000;
const watchMs = 1000;

/**
 * Pause before the nth restart in a row.
 * @param {number} attempt from 1
 */
export function backoffMs(attempt) {
  return Math.min(500 * 2 ** (attempt - 1), 8000);
}

export class Supervisor {
  /** @type {Map<string, { service: Service, running: Running, restarts: number, since: number, timer?: NodeJS.Timeout }>} */
  #kept = new Map();
  #stopping = false;

  /**
   * @param {{ runDir: string, logDir: string, say: (text: string) => void, giveUp: (name: string, why: string) => void}} options
   */
  constructor(options) {
    this.options = options;
  }

  /**
   * Starts a service (or takes over a running one, as its `start` decides) and keeps it.
   * @param {Service} service
   */
  async keep(service) {
    const running = await service.start();
    this.#hold(service, running, 0);
    return running;
  }

  /**
   * @param {Service} service
   * @param {Running} running
   * @param {number} restarts
   */
  #hold(service, running, restarts) {
    const entry = { service, running, restarts, since: Date.now() };
    this.#kept.set(service.name, entry);
    if (running.child) {
      running.child.once('exit', (code, signal) => void this.#died(service.name, running, signal ?? `code ${code}`));
      if (running.child.exitCode !== null || running.child.signalCode !== null)
        void this.#died(service.name, running, running.child.signalCode ?? `code ${running.child.exitCode}`);
    } else this.#watch(service.name, running);
  }

  /** A process taken over is not our child: look at it now and then. @param {string} name @param {Running} running */
  #watch(name, running) {
    const timer = setInterval(() => {
      if (isAlive(running)) return;
      clearInterval(timer);
      void this.#died(name, running, 'unknown');
    }, watchMs);
    const entry = this.#kept.get(name);
    if (entry) this.#kept.set(name, { ...entry, timer });
  }

  /** @param {string} name @param {Running} running @param {string} how */
  async #died(name, running, how) {
    const entry = this.#kept.get(name);
    if (this.#stopping || !entry || entry.running !== running) return;
    const restarts = Date.now() - entry.since > calmMs ? 1 : entry.restarts + 1;
    const { say } = this.options;
    // Its settings are wrong (services/kit/src/env.ts): it would end again.
    if (how === `code ${badSettings}`) {
      say(`[${name}] cannot start with these settings:${this.#lastLines(name)}`);
      return this.options.giveUp(name, 'cannot start');
    }
    say(`[${name}] ended (${how}).${this.#lastLines(name)}`);
    if (restarts > maxRestarts) {
      say(`[${name}] ended ${maxRestarts} times in a row; giving up. Its log: ${join(this.options.logDir, `${name}.log`)}`);
      return this.options.giveUp(name, 'keeps ending');
    }
    say(`[${name}] starting it again (${restarts} of ${maxRestarts}) in ${backoffMs(restarts) / 1000} s`);
    await new Promise((done) => setTimeout(done, backoffMs(restarts)));
    if (this.#stopping) return;
    try {
      const next = await entry.service.start();
      if (this.#stopping) await this.#stopOne(entry.service, next);
      else {
        this.#hold(entry.service, next, restarts);
        say(`[${name}] runs again.`);
      }
    } catch (error) {
      say(`[${name}] ${error instanceof Error ? error.message : String(error)}`);
      this.#kept.set(name, { ...entry, restarts, since: Date.now() });
      await this.#died(name, running, 'did not start');
    }
  }

  /** @param {string} name */
  #lastLines(name) {
    try {
      const lines = readFileSync(join(this.options.logDir, `${name}.log`), 'utf8')
        .trim()
        .split('\n')
        .slice(-8);
      return lines[0] ? `\n${lines.map((line) => `[${name}] | ${line.slice(0, 500)}`).join('\n')}` : '';
    } catch {
      return '';
    }
  }

  /**
   * Stops what is kept, in the given order, one after the other.
   * @param {string[]} order
   */
  async stop(order) {
    this.#stopping = true;
    for (const name of order) {
      const entry = this.#kept.get(name);
      if (!entry) continue;
      clearInterval(entry.timer);
      await this.#stopOne(entry.service, entry.running);
      this.#kept.delete(name);
    }
  }

  /** Cuts every grace short. */
  hurry() {
    for (const { running } of this.#kept.values()) killGroup(running.pid, running);
  }

  /** @param {Service} service @param {Running} running */
  async #stopOne(service, running) {
    const how = await stopProcess(running, { signal: service.stopSignal ?? 'SIGTERM', graceMs: service.graceMs });
    // Helpers of the process (expression pool) that outlived it; its group is ours alone.
    killGroup(running.pid, running);
    forgetProcess(this.options.runDir, service.name);
    if (how === 'killed') this.options.say(`[${service.name}] did not end within ${service.graceMs / 1000} s and was killed.`);
  }
}

/**
 * @param {number} pid
 * @param {Running} running
 */
function killGroup(pid, running) {
  if (!running.child) {
    if (isAlive(running)) stopProcess(running, { signal: 'SIGKILL', graceMs: 0 }).catch(() => undefined);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/**
 * Moves last time's log aside and opens a new one.
 * @param {string} logDir
 * @param {string} name
 */
export function rotateLog(logDir, name) {
  const file = join(logDir, `${name}.log`);
  if (existsSync(file)) renameSync(file, `${file}.1`);
  return file;
}

/**
 * A Node process of the hub, in a process group of its own, writing to its log.
 * @param {{ name: string, script: string, cwd: string, env: NodeJS.ProcessEnv, logDir: string }} options
 * @returns {ChildProcess}
 */
export function spawnNode({ name, script, cwd, env, logDir }) {
  const log = openSync(join(logDir, `${name}.log`), 'a', 0o600);
  writeSync(log, `--- ${new Date().toISOString()} start of ${name}\n`);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], { cwd, env, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  return child;
}
