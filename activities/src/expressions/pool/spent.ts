/** What a process has cost so far. */
import { readFileSync } from 'node:fs';

/** Linux counts in ticks of 10 ms, whatever the machine. */
const tickMs = 10;

/** Processor time of a process in ms; null where the system does not say (only Linux does), or it is gone. */
export function spentMs(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Its name stands in brackets and may hold anything.
    const [user = '', system = ''] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    const ticks = Number(user) + Number(system);
    return Number.isFinite(ticks) ? ticks * tickMs : null;
  } catch {
    return null;
  }
}
