/** The activity that runs many items of a loop, under the oracle's virtual clock: each item is due by itself, and the planner hears of their end. */
import {
  childPath,
  endOfGroup,
  itemPath,
  type Command,
  type LeftItem,
  type PendingRow,
  type PlanEvent,
  type PlanNode,
  type SourceRef,
} from '@hub/dag/planner';
import type { Behaviour, Item } from '../../oracle/types.ts';
import type { Due } from './drive-waits.ts';

type Start = Extract<Command, { kind: 'run-items' }>;
type Ended = Extract<PlanEvent, { kind: 'chunk-ended' }>;
type ItemEnd = Extract<PlanEvent, { kind: 'completed' | 'failed' }>;

export interface ChunkParts {
  due: Due[];
  /** It ends after a few items, and leaves some. */
  isShort: boolean;
  node: (id: string) => PlanNode | undefined;
  behave: (nodeId: string, path: string) => Behaviour;
  begin: (path: string, sources: SourceRef[]) => void;
  ended: (nodeId: string, path: string) => PlanEvent;
  parked: (path: string, unknown: NonNullable<Behaviour['unknown']>) => PlanEvent;
  note: (event: PlanEvent) => void;
  row: (row: PendingRow) => void;
  store: (scope: string, item: Item | null) => void;
}

interface Chunk {
  command: Start;
  next: number;
  live: Map<number, Due>;
  closed: boolean;
  left: LeftItem[];
  failure?: NonNullable<Ended['failure']>;
}

/** Items of a short one. */
const fewItems = 2;

export class DriveChunks {
  readonly #parts: ChunkParts;
  readonly #chunks = new Map<string, Chunk>();
  #paused = false;

  constructor(parts: ChunkParts) {
    this.#parts = parts;
  }

  /** Its end, where that is at once. */
  start(command: Start, now: number): Ended | null {
    const chunk: Chunk = { command, next: command.from, live: new Map(), closed: false, left: [] };
    this.#chunks.set(command.path, chunk);
    this.#fill(chunk, now);
    return this.#endOf(chunk);
  }

  /** What it looks up while it runs. */
  hear(kind: string): void {
    if (kind === 'pause' || kind === 'resume') this.#paused = kind === 'pause';
  }

  /** Once the run has acted on it: a resume lets more begin. */
  goOn(now: number): void {
    for (const chunk of this.#chunks.values()) this.#fill(chunk, now);
  }

  /** Null: there is no such activity. */
  cancel(path: string): Ended | null {
    const chunk = this.#chunks.get(path);
    if (chunk === undefined) return null;
    this.#stop(chunk);
    return this.#endOf(chunk);
  }

  #fill(chunk: Chunk, now: number): void {
    const { step, from, to, places, sources } = chunk.command;
    const until = this.#parts.isShort ? Math.min(to, from + fewItems) : to;
    while (!chunk.closed && !this.#paused && chunk.live.size < places && chunk.next < until) {
      const index = chunk.next;
      const path = this.#pathOf(chunk, index);
      chunk.next += 1;
      this.#parts.begin(path, sources);
      const { durationMs } = this.#parts.behave(step, path);
      const due: Due = { at: now + durationMs, path, work: true, events: () => this.#itemEnded(chunk, index, now + durationMs) };
      chunk.live.set(index, due);
      this.#parts.due.push(due);
    }
  }

  #itemEnded(chunk: Chunk, index: number, now: number): Ended | null {
    const { step, nodeId } = chunk.command;
    chunk.live.delete(index);
    const path = this.#pathOf(chunk, index);
    const { unknown } = this.#parts.behave(step, path);
    const isItem = step === nodeId;
    // Some attempts fail, and the next one is left to the item itself.
    const again = this.#parts.isShort && index % 3 === 1;
    if (unknown !== undefined && !isItem) {
      const parked = this.#parts.parked(path, unknown);
      if (parked.kind === 'parked') this.#leave(chunk, { index, parked: parked.facts });
    } else if (again) this.#leave(chunk, { index, afterMs: 5, failed: 1 });
    else this.#judge(chunk, index, this.#parts.ended(step, path) as ItemEnd);
    this.#fill(chunk, now);
    return this.#endOf(chunk);
  }

  #judge(chunk: Chunk, index: number, end: ItemEnd): void {
    const { step, nodeId, path } = chunk.command;
    this.#parts.note(end);
    const node = this.#parts.node(step);
    const loop = this.#parts.node(nodeId)?.loop;
    if (!node || !loop) throw new Error(`no step ${step}`);
    const scope = itemPath(path, index);
    const result = { nodeId: step, status: end.kind, ...(end.kind === 'failed' ? { error: end.error } : {}) };
    const judged = endOfGroup({ nodes: [node], edges: [], scope, sources: [] }, [result]);
    const own = end.kind === 'failed' ? { ...end.error, nodeId: step, path: scope } : null;
    const failure = loop.body === 'self' ? own : judged.failure;
    if (loop.body === 'nodes') for (const row of judged.recovered) this.#parts.row(row);
    if (failure === null) return;
    if (loop.onItemError === 'fail') {
      chunk.failure = { ...failure, index };
      return this.#stop(chunk);
    }
    const error = { nodeId: failure.nodeId, path: failure.path, code: failure.code };
    this.#parts.store(scope, loop.onItemError === 'skip' ? null : { index, kind: 'error', error });
  }

  #leave(chunk: Chunk, left: LeftItem): void {
    chunk.left.push(left);
    chunk.closed = true;
  }

  #stop(chunk: Chunk): void {
    chunk.closed = true;
    for (const [index, due] of chunk.live) {
      this.#parts.due.splice(this.#parts.due.indexOf(due), 1);
      this.#parts.note({ kind: 'cancelled', path: this.#pathOf(chunk, index) });
    }
    chunk.live.clear();
  }

  #endOf(chunk: Chunk): Ended | null {
    if (chunk.live.size > 0) return null;
    const { path, from } = chunk.command;
    this.#chunks.delete(path);
    const isSlow = this.#parts.isShort && from > 3;
    const { next, left, failure } = chunk;
    return { kind: 'chunk-ended', path, next, left, ...(failure ? { failure } : {}), ...(isSlow ? { slow: true } : {}) };
  }

  #pathOf({ command: { path, step, nodeId } }: Chunk, index: number): string {
    return step === nodeId ? itemPath(path, index) : childPath(itemPath(path, index), step);
  }
}
