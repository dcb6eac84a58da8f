/** What a hub costs while nobody uses it: processor time and memory of every process that `npm start` leaves running. Linux only (it reads /proc). */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { launchHub } from '../bootstrap/launched-hub.mjs';
import { liveProcesses } from '../bootstrap/process-table.mjs';
import { statePaths } from '../bootstrap/state.mjs';
import { keepHub } from './lib/kept.ts';
import type { Measured } from './lib/proof.ts';

const settleMs = 20_000;
const watchMs = 60_000;
/** USER_HZ of every Linux that Node runs on. */
const ticksPerSecond = 100;

interface Sample {
  name: string;
  ticks: number;
  /** Proportional share of memory where the kernel tells it: pages that processes share are counted once. */
  megabytes: number;
}

/** The given processes with all their descendants. */
function sample(roots: Map<number, string>): Map<number, Sample> {
  const samples = new Map<number, Sample>();
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
      } catch {
        return [];
      }
    });
  const parents = new Map(stats.map(({ pid, parent }) => [pid, parent]));
  for (const { pid, ticks } of stats) {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
      const name = roots.get(at);
      if (name === undefined) continue;
      samples.set(pid, { name, ticks, megabytes: memory(pid) });
      break;
    }
  }
  return samples;
}

function memory(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export async function run(log: (line: string) => void): Promise<Measured> {
  const hub = await launchHub({ onSpawn: keepHub });
  try {
    const records = liveProcesses(statePaths(hub.data).run);
    const roots = new Map(records.map(({ pid, name }) => [pid, name]));
    await delay(settleMs);
    const before = sample(roots);
    await delay(watchMs);
    const after = sample(roots);
    const perName = new Map<string, { cpu: number; megabytes: number }>();
    for (const [pid, { name, ticks, megabytes }] of after) {
      const cpu = ((ticks - (before.get(pid)?.ticks ?? 0)) / ticksPerSecond / (watchMs / 1000)) * 100;
      const sum = perName.get(name) ?? { cpu: 0, megabytes: 0 };
      perName.set(name, { cpu: sum.cpu + cpu, megabytes: sum.megabytes + megabytes });
    }
    for (const [name, { cpu, megabytes }] of perName)
      log(`${name.padEnd(10)} ${cpu.toFixed(2).padStart(6)} % of a core  ${Math.round(megabytes).toString().padStart(5)} MB`);
    const cpu = [...perName.values()].reduce((sum, one) => sum + one.cpu, 0);
    const megabytes = [...perName.values()].reduce((sum, one) => sum + one.megabytes, 0);
    return {
      figure: `${cpu.toFixed(2)} % of a core over ${watchMs / 1000} s, ${Math.round(megabytes)} MB (shared pages counted once)`,
      want: '< 3 % of a core',
      ok: cpu < 3,
    };
  } finally {
    await hub.stop();
  }
}
