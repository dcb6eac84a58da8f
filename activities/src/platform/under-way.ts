/** Who is told that a run stops something: its activities that are under way in this process. */
export class UnderWay {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** `hear` is called with each `tell` of the run; call the answer when the activity ends. */
  join(run: string, hear: () => void): () => void {
    const among = this.#listeners.get(run) ?? new Set();
    this.#listeners.set(run, among.add(hear));
    return () => {
      among.delete(hear);
      if (among.size === 0 && this.#listeners.get(run) === among) this.#listeners.delete(run);
    };
  }

  tell(run: string): void {
    for (const hear of this.#listeners.get(run) ?? []) hear();
  }
}
