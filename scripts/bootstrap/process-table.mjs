// Which process is which: a pid alone lies once the number is used again, so every pid is kept together with its start time.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * @typedef {{ pid: number, startedAt: string }} ProcessId
 * @typedef {ProcessId & { name: string, port?: number, [detail: string]: unknown }} ProcessRecord
 */

/**
 * When a process started, as the system tells it (only good for comparing), or undefined when there is none, or only a zombie.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startTimeOf(pid) {
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  if (process.platform === 'linux') {
    try {
      return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), bootId());
    } catch {
      return undefined;
    }
  }
  const shown = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const line = shown.stdout?.trim() ?? '';
  return line === '' || line.startsWith('Z') ? undefined : line.slice(line.indexOf(' ')).trim();
}

/**
 * Start time out of a line of /proc/<pid>/stat: field 22 (ticks since boot) with the boot's id, because ticks repeat after a restart.
 * @param {string} stat
 * @param {string} boot
 * @returns {string | undefined}
 */
export function parseStat(stat, boot) {
  // The command name stands in brackets and may itself hold blanks and brackets: cut at the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return fields[19] === undefined ? undefined : `${boot}:${fields[19]}`;
}

/**
 * Command name and parent of a process, or undefined when there is none.
 * @param {number} pid
 * @returns {{ command: string, parent: number } | undefined}
 */
export function describe(pid) {
  if (process.platform === 'linux') {
    // Not by `ps`: slim containers have none.
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const end = stat.lastIndexOf(')');
      return { command: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) };
    } catch {
      return undefined;
    }
  }
  const shown = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' });
  const match = /^\s*(\d+)\s+(.*)$/m.exec(shown.stdout ?? '');
  return match ? { command: String(match[2]).trim(), parent: Number(match[1]) } : undefined;
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
  } catch {
    return 'boot';
  }
}

/**
 * Whether exactly this process still runs.
 * @param {ProcessId} id
 */
export function isAlive(id) {
  return startTimeOf(id.pid) === id.startedAt;
}

/**
 * Notes a process of ours in the folder.
 * @param {string} dir
 * @param {string} name
 * @param {number} pid
 * @param {Record<string, unknown>} [details]
 * @returns {ProcessRecord}
 */
export function recordProcess(dir, name, pid, details = {}) {
  mkdirSync(dir, { recursive: true });
  const record = { ...details, name, pid, startedAt: startTimeOf(pid) ?? 'gone' };
  writeFileSync(join(dir, `${name}.json`), `${JSON.stringify(record)}\n`, { mode: 0o600 });
  return record;
}

/**
 * @param {string} dir
 * @param {string} name
 */
export function forgetProcess(dir, name) {
  rmSync(join(dir, `${name}.json`), { force: true });
}

/**
 * The record of a process that still runs. A record whose process is gone (or whose pid now belongs to another) is removed.
 * @param {string} dir
 * @param {string} name
 * @returns {ProcessRecord | undefined}
 */
export function liveProcess(dir, name) {
  /** @type {ProcessRecord} */
  let record;
  try {
    record = JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof record.pid === 'number' && typeof record.startedAt === 'string' && isAlive(record)) return record;
  forgetProcess(dir, name);
  return undefined;
}

/**
 * All processes noted in the folder that still run.
 * @param {string} dir
 * @returns {ProcessRecord[]}
 */
export function liveProcesses(dir) {
  let names;
  try {
    names = readdirSync(dir).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
  return names.map((file) => liveProcess(dir, file.slice(0, -'.json'.length))).filter((record) => record !== undefined);
}

/**
 * Stops a process: the signal, then SIGKILL when the grace is over. Never signals a pid that has changed hands.
 * @param {ProcessId} id
 * @param {{ signal?: NodeJS.Signals, graceMs?: number }} [options]
 * @returns {Promise<'gone' | 'stopped' | 'killed'>}
 */
export async function stopProcess(id, { signal = 'SIGTERM', graceMs = 10_000 } = {}) {
  if (!isAlive(id)) return 'gone';
  send(id.pid, signal);
  const end = Date.now() + graceMs;
  while (Date.now() < end) {
    if (!isAlive(id)) return 'stopped';
    await delay(25);
  }
  if (!isAlive(id)) return 'stopped';
  send(id.pid, 'SIGKILL');
  for (let i = 0; i < 80 && isAlive(id); i += 1) await delay(25);
  return 'killed';
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It went between the look and the signal: what was wanted.
  }
}
