/**
 * Many items of a loop whose whole body is one step (infra/decisions/020): one activity, in it an attempt per item, the same as if each had an activity
 * of its own. What is over stands in the rows, so an activity that is given out again goes on where the rows end.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { childPath, endOfGroup, itemPath } from '@hub/dag/planner';
import type { GroupNodeResult, LeftItem, LoopFrame, ReadRef, StepError } from '@hub/dag/planner';
import { isHubError } from '@hub/kit/errors';
import type { ItemsInput, ItemsResult, StepInput } from '@hub/runtime/types';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

import type { ItemsOver } from '../ports.ts';
import { own } from '../values/json.ts';
import { startHeartbeat } from './attempt-context.ts';
import type { AttemptContext } from './attempt-context.ts';
import { finalFailure, toFailure } from './failures.ts';
import { closeIteration } from './loops.ts';
import { patiently } from './patience.ts';
import type { Places } from './places.ts';
import { runStep } from './run-step.ts';
import type { StepParts } from './run-step.ts';
import { WholeRows } from './whole-rows.ts';

/** No attempt begins after this long (02). */
const startsMs = 30_000;
/** A wait for the next attempt that is longer is left to the item itself. */
const waitsMs = 5_000;
/** Items that take this long in the mean are better off by themselves: a chunk waits for its last one. */
const slowMs = 5_000;
/** How often it looks whether the run was paused. */
const lookMs = 1_000;
/** The loop fails by its lowest index: once an item has failed, those before it that are in flight have this long to end. */
const lowerMs = 500;
/** Given out this often, one item at a time: it may be an item that takes its worker down, and each loss counts for all that are in flight. */
const aloneFrom = 4;

type Failure = NonNullable<ItemsResult['failure']>;
type Ended = { port: string } | { error: StepError };

export interface ItemParts extends StepParts {
  places: Places;
}

export async function runItems(parts: ItemParts, context: AttemptContext, input: ItemsInput): Promise<ItemsResult> {
  const items = new Items(parts, context, input);
  const stopHeartbeat = startHeartbeat(context, () => items.progress());
  try {
    return await items.run();
  } finally {
    stopHeartbeat();
  }
}

class Items {
  readonly #parts: ItemParts;
  readonly #context: AttemptContext;
  readonly #input: ItemsInput;
  /** The loop has a `result`, which is evaluated at the end of each iteration. */
  #asked = false;
  /** Aborted by a cancel, by a going worker, and by the first item that fails the loop. */
  readonly #stop = new AbortController();
  readonly #cancelled: Promise<never>;
  readonly #left: LeftItem[] = [];
  readonly #live = new Set<number>();
  #over: ItemsOver = { rows: new Set(), results: new Set() };
  #until = 0;
  #next: number;
  /** Nothing more begins. */
  #closed = false;
  #failure: Failure | undefined;
  #lower: NodeJS.Timeout | undefined;
  /** What went wrong with the hub itself: the activity fails, and is given out again. */
  #broken: { error: unknown } | null = null;
  #ended = 0;
  #spentMs = 0;

  constructor(parts: ItemParts, context: AttemptContext, input: ItemsInput) {
    const rows = new WholeRows(parts.deps.runs);
    this.#parts = { ...parts, writeWhole: async (whole) => await rows.write(whole) };
    this.#context = context;
    this.#input = input;
    this.#next = input.from;
    this.#cancelled = new Promise((_, reject) => {
      this.#stop.signal.addEventListener('abort', () => reject(new CancelledFailure('CANCELLED')), { once: true });
    });
    // Only an item that was stopped awaits it.
    this.#cancelled.catch(() => undefined);
  }

  async run(): Promise<ItemsResult> {
    const { team, run, rows, nodeId, path, step, self, from, to, places } = this.#input;
    const { runs } = this.#parts.deps;
    const { signal, delivery } = this.#context;
    const known = await patiently(async () => await this.#parts.cache.run(team, run), signal);
    this.#asked = !self && own(known.definition.node(nodeId).config, 'result') !== undefined;
    if (rows.length > 0) await patiently(async () => await runs.writeRows(team, run, rows), signal);
    const asked = { loopPath: path, step: self ? null : step.id, from, to };
    this.#over = await patiently(async () => await runs.itemsOver(team, run, asked), signal);
    this.#until = Date.now() + startsMs;
    const stop = (): void => this.#stop.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const looking = setInterval(() => void this.#look(), lookMs);
    const lanes = delivery >= aloneFrom ? 1 : Math.min(places, to - from);
    try {
      await Promise.all(Array.from({ length: lanes }, async () => await this.#lane()));
    } finally {
      clearInterval(looking);
      clearTimeout(this.#lower);
      signal.removeEventListener('abort', stop);
    }
    if (this.#broken !== null) throw this.#broken.error;
    const isSlow = this.#ended > 0 && this.#spentMs / this.#ended >= slowMs;
    const left = this.#left.sort((a, b) => a.index - b.index);
    return { next: this.#next, left, ...(this.#failure ? { failure: this.#failure } : {}), ...(isSlow ? { slow: true } : {}) };
  }

  /** For the operator, with each heartbeat. */
  progress(): { ended: number; next: number } {
    return { ended: this.#ended, next: this.#next };
  }
  /** One item after another, as long as more may begin. */
  async #lane(): Promise<void> {
    for (;;) {
      const leave = await this.#parts.places.enter();
      const index = this.#take();
      try {
        if (index === null) return;
        this.#live.add(index);
        await this.#item(index);
      } catch (error) {
        this.#broken ??= { error };
        this.#closed = true;
      } finally {
        if (index !== null) this.#live.delete(index);
        this.#stopIfLowest();
        leave();
      }
    }
  }

  #take(): number | null {
    while (this.#mayBegin() && this.#next < this.#input.to) {
      const index = this.#next;
      this.#next += 1;
      const { rows, results } = this.#over;
      if (!results.has(index) && (this.#asked || !rows.has(index))) return index;
    }
    return null;
  }

  #mayBegin(): boolean {
    return !this.#closed && !this.#stop.signal.aborted && Date.now() < this.#until;
  }

  /** A pause that was said while this runs: what is in flight ends, nothing more begins. */
  async #look(): Promise<void> {
    const { team, run } = this.#input;
    try {
      if (await this.#parts.deps.runs.isPaused(team, run)) this.#closed = true;
    } catch {
      // It is looked again in a moment.
    }
  }

  async #item(index: number): Promise<void> {
    if (this.#over.rows.has(index)) return await this.#end(index, { port: 'out' });
    const began = performance.now();
    const ended = await this.#attempts(index);
    if (ended === null) return;
    await this.#end(index, ended);
    // Nothing but its own `result` reads it: what follows reads the loop's output.
    this.#parts.cache.forget(this.#input.team, this.#input.run, this.#pathOf(index));
    this.#ended += 1;
    this.#spentMs += performance.now() - began;
  }

  /** All attempts of one item; null: it is left, or was stopped. */
  async #attempts(index: number): Promise<Ended | null> {
    for (let delivery = this.#context.delivery; ; delivery += 1) {
      try {
        const { port = 'out', parked } = await runStep(this.#parts, this.#contextOf(delivery), this.#stepInput(index));
        if (parked === undefined) return { port };
        return this.#leave({ index, parked });
      } catch (failure) {
        if (failure instanceof CancelledFailure) return this.#isGoing() ? this.#leave({ index }) : null;
        if (!(failure instanceof ApplicationFailure) || failure.type === 'run.gone') throw failure;
        const error = errorOf(failure);
        if (failure.nonRetryable === true) return { error };
        const ms = typeof failure.nextRetryDelay === 'number' ? failure.nextRetryDelay : 0;
        if (!(await this.#waits(index, ms, error.attempt))) return null;
      }
    }
  }

  /** Waits for an item's next attempt; false: it is left, or was stopped. */
  async #waits(index: number, ms: number, failed: number): Promise<boolean> {
    const { signal } = this.#stop;
    if (!signal.aborted && (this.#closed || ms > waitsMs || Date.now() + ms >= this.#until)) {
      this.#leave({ index, afterMs: ms, failed });
      return false;
    }
    const since = performance.now();
    try {
      await sleep(ms, undefined, { signal });
      return true;
    } catch {
      if (this.#isGoing()) this.#leave({ index, afterMs: Math.max(0, Math.round(ms - (performance.now() - since))), failed });
      else await this.#stopped(index);
      return false;
    }
  }

  /** It keeps its place and goes on by itself, so nothing more begins here. */
  #leave(item: LeftItem): null {
    this.#left.push(item);
    this.#closed = true;
    return null;
  }

  /** It was stopped between two attempts. */
  async #stopped(index: number): Promise<void> {
    const { team, run, step } = this.#input;
    const row = { nodeId: step.id, path: this.#pathOf(index), status: 'cancelled' as const };
    await patiently(async () => await this.#parts.deps.runs.writeRows(team, run, [row]));
  }

  /** What the end of its step means for the item. */
  async #end(index: number, ended: Ended): Promise<void> {
    const { team, run, step, self, path, onItemError } = this.#input;
    const { runs } = this.#parts.deps;
    const scope = itemPath(path, index);
    let wrong: Omit<Failure, 'index'> | null = null;
    if (self) wrong = 'error' in ended ? { ...ended.error, nodeId: step.id, path: scope } : null;
    else {
      const result: GroupNodeResult =
        'error' in ended ? { nodeId: step.id, status: 'failed', error: ended.error } : { nodeId: step.id, status: 'completed', port: ended.port };
      const { failure, recovered, views } = endOfGroup({ nodes: [step], edges: [], scope, sources: [] }, [result]);
      if (recovered.length > 0) await patiently(async () => await runs.writeRows(team, run, recovered));
      wrong = failure ?? (this.#asked ? await this.#result(index, views) : null);
    }
    if (wrong === null) return;
    if (onItemError === 'fail') return this.#fail({ ...wrong, index });
    const valueText = onItemError === 'skip' ? null : JSON.stringify({ error: wrong });
    const kept = { loopPath: path, pending: [], rows: [], recovered: [], results: [{ index, valueText }] };
    if (!(await patiently(async () => await runs.writeChunk(team, run, kept)))) throw finalFailure('run.gone', 'The run has ended already');
  }

  /** The loop fails: by its lowest index of those that fail before all is quiet. */
  #fail(failure: Failure): void {
    if (this.#failure === undefined || failure.index < this.#failure.index) this.#failure = failure;
    this.#closed = true;
    this.#lower ??= setTimeout(() => this.#stop.abort(), lowerMs);
  }

  /** What is in flight is stopped where an item failed and none before it can any more. */
  #stopIfLowest(): void {
    const failed = this.#failure?.index;
    if (failed !== undefined && ![...this.#live].some((index) => index < failed)) this.#stop.abort();
  }

  /** Evaluates and keeps the iteration's `result`; what was wrong with it. */
  async #result(index: number, views: ReadRef[]): Promise<Omit<Failure, 'index'> | null> {
    const { team, run, rootRun, versionId, nodeId, path, reads } = this.#input;
    const place = { team, run, rootRun, versionId, nodeId, path, frames: this.#frames(index), reads: [...reads, ...views], rows: [] };
    try {
      await patiently(async () => await closeIteration(this.#parts.deps, this.#parts.cache, { ...place, index }));
      return null;
    } catch (error) {
      if (!isHubError(error) || error.kind !== 'user') throw error;
      const { code, message } = toFailure(error);
      return { code, message, attempt: 1, nodeId, path: itemPath(path, index) };
    }
  }

  #stepInput(index: number): StepInput {
    const { team, run, rootRun, versionId, step, reads, sources } = this.#input;
    const { id: nodeId, type, retry, timeoutMs, idempotent } = step;
    const place = { team, run, rootRun, versionId, nodeId, path: this.#pathOf(index), frames: this.#frames(index), reads, sources, rows: [] };
    return { ...place, type, retry, maxAttempts: retry?.maxAttempts ?? 1, timeoutMs, idempotent };
  }

  #contextOf(delivery: number): AttemptContext {
    const isShuttingDown = (): boolean => this.#isGoing();
    return { delivery, signal: this.#stop.signal, isShuttingDown, heartbeat: () => undefined, cancelled: this.#cancelled };
  }

  /** The worker goes, not the loop. */
  #isGoing(): boolean {
    return this.#context.signal.aborted && this.#context.isShuttingDown();
  }

  #pathOf(index: number): string {
    const { path, self, step } = this.#input;
    return self ? itemPath(path, index) : childPath(itemPath(path, index), step.id);
  }

  #frames(index: number): LoopFrame[] {
    const { frames, nodeId, path } = this.#input;
    return [...frames, { loop: nodeId, path, index }];
  }
}

function errorOf(failure: ApplicationFailure): StepError {
  const detail = failure.details?.[0] as { attempt?: unknown } | undefined;
  const attempt = typeof detail?.attempt === 'number' ? detail.attempt : 1;
  return { code: failure.type ?? 'step.failed', message: failure.message, attempt };
}
