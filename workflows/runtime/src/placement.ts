/**
 * Where a step runs (infra/decisions/014): a short read is tried as a local activity, which costs a sixth of an ordinary one, where the worker has
 * seen its node end quickly. What the worker knows comes in the results of activities, so it stands in the history and replay decides the same.
 */
import type { PlanNode } from '@hub/dag/planner';
import type { Said } from './work.ts';

/** Tries one after another without an ordinary activity between them: their workflow task is open, and what is said to the run waits for its end. */
const mostInARow = 20;
/** By what the tries said of themselves: the clock of a replay does not stand where it stood at first. */
const longestRowMs = 3_000;
/** Ordinary activities between two questions for what the worker knows. */
const askAgainAfter = 20;

/** True for what may ever be tried: reads that may be done twice. Never an effect, a model call or code. */
export function isTriable(node: PlanNode): boolean {
  return node.type === 'data_source' && node.idempotent;
}

export class Placement {
  /** Nodes that the worker called quick; null: it has not been asked. */
  #quick: Set<string> | null;
  #inARow = 0;
  #rowMs = 0;
  #untilAsked = 0;

  constructor(carried: string[] | undefined) {
    this.#quick = carried === undefined ? null : new Set(carried);
  }

  carry(): string[] | undefined {
    return this.#quick === null ? undefined : [...this.#quick].sort();
  }

  /** Whether these steps, which begin together and beside no ordinary activity, are tried. One alone is also tried to ask. */
  takes(nodes: (PlanNode | null)[]): boolean {
    const known = this.#quick;
    if (nodes.length === 0 || (known === null && nodes.length > 1)) return false;
    if (!nodes.every((node) => node !== null && isTriable(node) && (known?.has(node.id) ?? true))) return false;
    if (this.#inARow + nodes.length > mostInARow || this.#rowMs > longestRowMs) return false;
    this.#inARow += nodes.length;
    return true;
  }

  /** An ordinary activity begins: its workflow task ends here. */
  endRow(): void {
    this.#inARow = 0;
    this.#rowMs = 0;
  }

  /** Whether this step's activity is asked for what the worker knows. */
  asks(node: PlanNode): boolean {
    if (!isTriable(node)) return false;
    if (this.#untilAsked > 0) {
      this.#untilAsked -= 1;
      return false;
    }
    this.#untilAsked = askAgainAfter;
    return true;
  }

  /** What a step's activity said. */
  learn({ quick, ms, notQuick }: Pick<Said, 'quick' | 'ms' | 'notQuick'>): void {
    this.#rowMs += ms ?? 0;
    if (notQuick !== undefined) this.#quick?.delete(notQuick);
    if (quick === undefined) return;
    this.#quick = new Set(quick);
    this.#untilAsked = askAgainAfter;
  }
}
