/** CPU of the processes a bench started, by what they are: on a busy machine this says more than the wall clock. Linux only; elsewhere nothing is told. */
import { readdirSync, readFileSync } from 'node:fs';

/** First match wins. The bench itself is left out: it stands for the clients. */
const kinds: [name: string, pattern: RegExp][] = [
  ['api', /services\/api\/src\/main/],
  ['worker', /services\/worker\/src\/main/],
  ['pool', /--permission/],
  ['peer api', /peer-main\.ts.api/],
  ['peer worker', /peer-main\.ts.worker/],
  ['temporal', /temporal.*server/],
  ['postgres', /postgres/],
];
const clockTicksPerSecond = 100;

interface Process {
  parent: number;
  ticks: number;
  command: string;
}

function processes(): Map<number, Process> {
  const found = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      // Own time and that of children that have ended.
      const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
      found.set(pid, { parent: Number(fields[1]), ticks, command });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** CPU in ms that our descendants have used so far, by kind. Empty where the system does not tell. */
export function cpuMs(): Map<string, number> {
  const sums = new Map<string, number>();
  const all = processes();
  const isOurs = (pid: number): boolean => {
    for (let at = all.get(pid)?.parent; at !== undefined && at > 1; at = all.get(at)?.parent) if (at === process.pid) return true;
    return false;
  };
  for (const [pid, { ticks, command }] of all) {
    const kind = kinds.find(([, pattern]) => pattern.test(command))?.[0];
    if (kind !== undefined && isOurs(pid)) sums.set(kind, (sums.get(kind) ?? 0) + (ticks * 1000) / clockTicksPerSecond);
  }
  return sums;
}

/** What came in between. */
export function cpuSince(before: Map<string, number>): Map<string, number> {
  return new Map([...cpuMs()].map(([kind, ms]) => [kind, ms - (before.get(kind) ?? 0)]));
}
