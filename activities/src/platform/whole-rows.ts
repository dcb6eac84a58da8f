/** Whole attempts of many items, written together: what comes while a write is on its way goes with the next one. */
import type { BegunAttempt, RunStore, WholeAttempt } from '../ports.ts';

/** Rows of one statement. */
const most = 64;

interface Waiting {
  whole: WholeAttempt;
  resolve: (begun: BegunAttempt) => void;
  reject: (error: unknown) => void;
}

export class WholeRows {
  readonly #runs: RunStore;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(runs: RunStore) {
    this.#runs = runs;
  }

  /** All of one run. Rejects where the statement that it went with could not be written; then it may be written again. */
  async write(whole: WholeAttempt): Promise<BegunAttempt> {
    return await new Promise<BegunAttempt>((resolve, reject) => {
      this.#waiting.push({ whole, resolve, reject });
      if (!this.#writing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const now = this.#waiting.splice(0, most);
      try {
        const begun = await this.#runs.writeWholes(now.map(({ whole }) => whole));
        for (const [at, { resolve }] of now.entries()) resolve(begun[at] ?? { attempt: 0, failed: 0, lost: 0, gone: true });
      } catch (error) {
        for (const { reject } of now) reject(error);
      }
    }
    this.#writing = false;
  }
}
