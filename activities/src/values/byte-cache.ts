/** A cache bounded in bytes, oldest use out first (05, rule 36). */
export class ByteCache<Value> {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #entries = new Map<string, { value: Value; bytes: number; group: string }>();
  readonly #groups = new Map<string, Set<string>>();
  #bytes = 0;

  /** A value that is larger than `share` of the whole is not kept. */
  constructor(mostBytes: number, share = 1 / 4) {
    this.#most = mostBytes;
    this.#mostOfOne = mostBytes * share;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Entries of one group can be deleted together. */
  set(key: string, value: Value, bytes: number, group: string): void {
    this.delete(key);
    if (bytes > this.#mostOfOne) return;
    this.#entries.set(key, { value, bytes, group });
    this.#bytes += bytes;
    const keys = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, keys.add(key));
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#most) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    const keys = this.#groups.get(entry.group);
    keys?.delete(key);
    if (keys?.size === 0) this.#groups.delete(entry.group);
  }

  deleteGroup(group: string): void {
    for (const key of this.#groups.get(group) ?? []) this.delete(key);
  }
}
