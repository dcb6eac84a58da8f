/** What this worker has learned of how long nodes take (infra/decisions/014): in memory, capped, lost with the worker. Wrong guesses cost time only. */

/** A node is quick while its calls take this long in the mean. */
const quickMs = 300;
/** Weight of the latest call in the mean. */
const weight = 0.25;
/** Good calls in a row before it is called quick: the first time, and after something went wrong. */
const wanted = { first: 3, afterTrouble: 20 };
const maxVersions = 2_000;

interface Learned {
  meanMs: number;
  inARow: number;
  wanted: number;
}

export class QuickNodes {
  /** By version id, the least lately used first. */
  readonly #versions = new Map<string, Map<string, Learned>>();

  /** A call of this node ended well. */
  learn(versionId: string, nodeId: string, ms: number): void {
    const nodes = this.#of(versionId);
    const known = nodes.get(nodeId);
    if (known === undefined) {
      nodes.set(nodeId, { meanMs: ms, inARow: 1, wanted: wanted.first });
      return;
    }
    known.meanMs += (ms - known.meanMs) * weight;
    known.inARow += 1;
  }

  /** It failed, took too long, or is nothing that may be done twice. */
  trouble(versionId: string, nodeId: string): void {
    this.#of(versionId).set(nodeId, { meanMs: 0, inARow: 0, wanted: wanted.afterTrouble });
  }

  isQuick(versionId: string, nodeId: string): boolean {
    const known = this.#versions.get(versionId)?.get(nodeId);
    return known !== undefined && isQuick(known);
  }

  /** Ids of this version's quick nodes, sorted. */
  of(versionId: string): string[] {
    return [...(this.#versions.get(versionId) ?? [])].flatMap(([id, known]) => (isQuick(known) ? [id] : [])).sort();
  }

  #of(versionId: string): Map<string, Learned> {
    const nodes = this.#versions.get(versionId) ?? new Map<string, Learned>();
    this.#versions.delete(versionId);
    this.#versions.set(versionId, nodes);
    const [oldest] = this.#versions.keys();
    if (oldest !== undefined && this.#versions.size > maxVersions) this.#versions.delete(oldest);
    return nodes;
  }
}

function isQuick({ meanMs, inARow, wanted: enough }: Learned): boolean {
  return inARow >= enough && meanMs <= quickMs;
}
