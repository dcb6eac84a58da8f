/** Who waits for the end of a run. A notice says that it has ended, so nothing is read before; every 5 s those who wait longer are looked up, for notices that died with their writer. */
import type { RunNotice, Sql } from '@hub/db';
import { endedRuns } from '@hub/db/read';

interface Waiting {
  team: string;
  run: string;
  ended: () => void;
  /** Has waited since before the last look. */
  isOld: boolean;
}

export interface RunEnd {
  /** Resolves once the run has ended; never rejects. */
  ended: Promise<void>;
  stop: () => void;
}

export class RunEnds {
  readonly #waiting = new Map<string, Set<Waiting>>();

  /** Begin before reading the run's row: then no end falls in between. The caller has checked, or checks, that the run is the team's. */
  wait(team: string, run: string): RunEnd {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting: Waiting = { team, run, ended: resolve, isOld: false };
    const others = this.#waiting.get(run) ?? new Set();
    this.#waiting.set(run, others.add(waiting));
    const stop = (): void => {
      others.delete(waiting);
      if (others.size === 0 && this.#waiting.get(run) === others) this.#waiting.delete(run);
    };
    return { ended: promise, stop };
  }

  hear({ team, run, ended }: RunNotice): void {
    if (!ended) return;
    for (const waiting of this.#waiting.get(run) ?? []) if (waiting.team === team) waiting.ended();
  }

  /** One look per team at those who wait for long. */
  async look(sql: Sql): Promise<void> {
    const old = [...this.#waiting.values()].flatMap((all) => [...all]).filter((waiting) => waiting.isOld);
    for (const all of this.#waiting.values()) for (const waiting of all) waiting.isOld = true;
    for (const [team, waiting] of Map.groupBy(old, (one) => one.team)) {
      const runs = [...new Set(waiting.map(({ run }) => run))];
      for (const run of await endedRuns(sql, team, runs)) this.hear({ team, run, ended: true });
    }
  }
}
