/** What processes hold, as /proc tells it. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFigures {
  /** Resident memory of the process and its descendants, in MB. */
  rssMb: number;
  /** Open files and sockets of them. */
  files: number;
}

/** Of this process with all its descendants; zeros where there is none. */
export function processFigures(root: number | undefined): ProcessFigures {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(`/proc/${name}/stat`);
    if (stat !== '') parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  const sum: ProcessFigures = { rssMb: 0, files: 0 };
  for (const pid of parents.keys()) {
    if (!isOurs(pid)) continue;
    sum.rssMb += Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1_024;
    sum.files += entries(`/proc/${pid}/fd`);
  }
  return sum;
}

/** A process may end while we look at it. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function entries(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}
